// What the environment says to the command: the one place that reads it.

/** The settings of the command that come from the environment. */
export interface CliConfig {
  /** `TELEMETRY_DIR`: the folder that holds `data/events` and `logs`. Default `.`. */
  readonly dir: string;
  /** False with a non-empty `NO_COLOR` (no-color.org), and on a terminal that calls itself dumb. */
  readonly color: boolean;
  /** All variables as they are: what `doctor` looks at, which judges them as a service would. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables that could not be used, a sentence each. */
  readonly problems: readonly string[];
}

const DEFAULT_DIR = ".";

/** Reads the settings. Never throws: a variable that cannot be used is a problem, and its default counts. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): CliConfig {
  const dir = env["TELEMETRY_DIR"];
  const isUsable = dir === undefined || (dir !== "" && !dir.includes("\0"));
  return Object.freeze({
    dir: isUsable ? (dir ?? DEFAULT_DIR) : DEFAULT_DIR,
    env,
    color: !env["NO_COLOR"] && env["TERM"] !== "dumb",
    problems: isUsable ? [] : [`TELEMETRY_DIR is no folder name; "${DEFAULT_DIR}" is used`],
  });
}
