// The flags of the demonstration, read once.
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** What the run is to be. Made by `parseLaunchOptions`. */
export interface LaunchOptions {
  /** End after this many seconds; undefined: at Ctrl-C. */
  readonly seconds: number | undefined;
  /** No new alerts and chat updates after this many seconds; undefined: until the end. */
  readonly loadSeconds: number | undefined;
  /** Print the summary as one JSON object on the last line of stdout, and nothing else there. */
  readonly json: boolean;
  /** Absolute path of the folder that everything is written below. */
  readonly out: string;
  /** Alerts and chat updates a second, on average. */
  readonly signalRate: number;
  readonly updateRate: number;
  /** Of 100 orders, how many the exchange refuses. */
  readonly rejectPercent: number;
  /** The backend is unreachable every so many seconds, for so many; undefined: never. */
  readonly outageEverySeconds: number | undefined;
  readonly outageSeconds: number;
  /** The address that the backend and the bot's /metrics listen on. */
  readonly host: string;
  /** 0: any free one. */
  readonly backendPort: number;
  readonly botPort: number;
  readonly seed: number;
}

/** What `--help` prints. */
export const USAGE = `Usage: npm start -- [options]

  --seconds N          end by itself after N seconds, with a summary
  --load-seconds N     alerts and chat updates stop after N seconds, the services run on
  --json               print the summary as one JSON object on the last line of stdout
  --signals N          TradingView alerts a second (default 5)
  --updates N          chat updates a second (default 2)
  --reject-percent N   of 100 orders, how many the exchange refuses (default 5)
  --outage-every N     the backend is unreachable every N seconds ...
  --outage-seconds N   ... for N seconds (default 10)
  --backend-port N     port of the backend and its /metrics (default 8000; 0: any free one)
  --bot-port N         port of the bot's /metrics (default 9000; 0: any free one)
  --host ADDRESS       address both listen on (default 127.0.0.1, or BACKEND_HOST; 0.0.0.0: all of them)
  --out DIR            write everything below DIR (default: out)
  --seed N             seed of the simulated world (default 1)
  --help               this text

DATABASE_URL and REDIS_URL name servers to use. Without them each is started for the time of the run where it is installed; where it
is not, one that answers on port 5432 or 6379 of this machine is used, and written to. WEBHOOK_SECRET and BACKEND_TOKEN name the
secrets that alerts and the bot's requests bear; without them they are made up.
`;

const FLAGS = {
  seconds: { type: "string" },
  "load-seconds": { type: "string" },
  json: { type: "boolean", default: false },
  signals: { type: "string", default: "5" },
  updates: { type: "string", default: "2" },
  "reject-percent": { type: "string", default: "5" },
  "outage-every": { type: "string" },
  "outage-seconds": { type: "string", default: "10" },
  "backend-port": { type: "string", default: "8000" },
  "bot-port": { type: "string", default: "9000" },
  host: { type: "string" },
  out: { type: "string", default: "out" },
  seed: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
} as const;

const YEAR_SECONDS = 31_536_000;

/**
 * Reads the flags; `cwd` is the folder that relative paths start from, `env` has what no flag says. `help` for `--help`. Throws an
 * `Error` that names the flag, the value and what would be right.
 */
export function parseLaunchOptions(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): LaunchOptions | "help" {
  const { values } = parseArgs({ args: [...args], options: FLAGS, strict: true });
  if (values.help) return "help";
  const number = (flag: keyof typeof FLAGS, from: number, to: number): number => {
    const value = Number(values[flag] === "" ? Number.NaN : values[flag]);
    if (value >= from && value <= to) return value;
    throw new Error(`--${flag} ${values[flag]}: give a number from ${from} to ${to}`);
  };
  const seconds = (flag: "seconds" | "load-seconds" | "outage-every"): number | undefined =>
    values[flag] === undefined ? undefined : number(flag, 1, YEAR_SECONDS);
  const port = (flag: "backend-port" | "bot-port"): number => {
    const value = number(flag, 0, 65_535);
    if (!Number.isInteger(value)) throw new Error(`--${flag} ${value}: give a whole number from 0 to 65535`);
    return value;
  };
  return {
    seconds: seconds("seconds"),
    loadSeconds: seconds("load-seconds"),
    json: values.json,
    out: resolve(cwd, values.out),
    signalRate: number("signals", 0, 1_000),
    updateRate: number("updates", 0, 1_000),
    rejectPercent: number("reject-percent", 0, 100),
    outageEverySeconds: seconds("outage-every"),
    outageSeconds: number("outage-seconds", 0.1, YEAR_SECONDS),
    host: values.host || env.BACKEND_HOST || "127.0.0.1",
    backendPort: port("backend-port"),
    botPort: port("bot-port"),
    seed: number("seed", 0, 2 ** 32 - 2),
  };
}
