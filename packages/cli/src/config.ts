// What the environment says to the command: the one place that reads it.

/** The settings of the command that come from the environment. */
export interface CliConfig {
  /** `TELEMETRY_DIR`: the folder that holds `data/events` and `logs`. Default `.`. */
  readonly dir: string;
  /** `TRACEBOOK_DB`, else `TELEMETRY_STORE_PATH`: the database of the store. Default `./telemetry/telemetry.db`. */
  readonly storePath: string;
  /** `TELEMETRY_ALERTS_STORE_PATH`: where alerts are kept beside a ClickHouse. Default `./telemetry/alerts.db`. */
  readonly alertsPath: string;
  /** `TELEMETRY_STORE_USER` and `TELEMETRY_STORE_PASSWORD`: of a ClickHouse whose URL names none. */
  readonly storeUser: string | undefined;
  readonly storePassword: string | undefined;
  /** False with a non-empty `NO_COLOR` (no-color.org), and on a terminal that calls itself dumb. */
  readonly color: boolean;
  /** All variables as they are: what `doctor` looks at, which judges them as a service would. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables that could not be used, a sentence each. */
  readonly problems: readonly string[];
}

const DEFAULT_DIR = ".";
const DEFAULT_STORE_PATH = "./telemetry/telemetry.db";
const DEFAULT_ALERTS_PATH = "./telemetry/alerts.db";

/** Reads the settings. Never throws: a variable that cannot be used is a problem, and its default counts. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): CliConfig {
  const problems: string[] = [];
  const nameOf = (variable: string, what: string, fallback: string): string => {
    const name = env[variable];
    if (name === undefined || (name !== "" && !name.includes("\0"))) return name ?? fallback;
    problems.push(`${variable} is no ${what} name; "${fallback}" is used`);
    return fallback;
  };
  return Object.freeze({
    dir: nameOf("TELEMETRY_DIR", "folder", DEFAULT_DIR),
    storePath: nameOf("TRACEBOOK_DB", "database", nameOf("TELEMETRY_STORE_PATH", "file", DEFAULT_STORE_PATH)),
    alertsPath: nameOf("TELEMETRY_ALERTS_STORE_PATH", "file", DEFAULT_ALERTS_PATH),
    storeUser: env["TELEMETRY_STORE_USER"] || undefined,
    storePassword: env["TELEMETRY_STORE_PASSWORD"] || undefined,
    env,
    color: !env["NO_COLOR"] && env["TERM"] !== "dumb",
    problems,
  });
}
