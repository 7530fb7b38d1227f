/** The flags of `npm start`, read once. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** What the run is to be. Made by `parseLaunchOptions`. */
export interface LaunchOptions {
  /** End after this many seconds; undefined: at Ctrl-C or at the end of the recordings. */
  readonly seconds: number | undefined;
  /** Print the summary as one JSON object on the last line of stdout, and nothing else there. */
  readonly json: boolean;
  /** Absolute paths of recordings to play. */
  readonly recordings: readonly string[];
  /** A factor as text, or `max`. */
  readonly speed: string;
  /** The real public streams instead of the exchange's own market; orders stay on paper. */
  readonly live: boolean;
  /** Absolute path of the folder that everything is written below. */
  readonly out: string;
  readonly seed: string;
  /** Simulated messages a second; undefined: the exchange's default. */
  readonly rate: string | undefined;
  /** Run the desk, and on which port; undefined: its default, or the next that is free. */
  readonly desk: boolean;
  readonly deskPort: string | undefined;
  /** Run the scanner. */
  readonly scanner: boolean;
  /** Further arguments for each process. */
  readonly traderArgs: readonly string[];
  readonly exchangeArgs: readonly string[];
  readonly scannerArgs: readonly string[];
}

/** What `--help` prints. */
export const USAGE = `Usage: npm start -- [options]

  --seconds N          end by itself after N seconds, with a summary
  --json               print the summary as one JSON object on the last line of stdout
  --recording FILE     play recorded traffic and end with it (repeat for several files)
  --speed X|max        how fast recordings are played (default 1)
  --live               real public market data of Binance; orders stay on paper
  --out DIR            write everything below DIR (default: out)
  --seed N             seed of the simulated market (default 1)
  --rate N             simulated messages a second (default 300)
  --desk-port N        the port of the desk (default 8790, or the next that is free)
  --no-desk            without the desk
  --no-scanner         without the scanner
  --trader "ARGS"      further arguments for the trader, such as "--quantity 0.1"
  --exchange "ARGS"    further arguments for the exchange, such as "--drop-depth 500"
  --scanner "ARGS"     further arguments for the scanner, such as "--profile strict"
  --help               this text
`;

const FLAGS = {
  seconds: { type: "string" },
  json: { type: "boolean", default: false },
  recording: { type: "string", multiple: true, default: [] as string[] },
  speed: { type: "string", default: "1" },
  live: { type: "boolean", default: false },
  out: { type: "string", default: "out" },
  seed: { type: "string", default: "1" },
  rate: { type: "string" },
  trader: { type: "string", default: "" },
  exchange: { type: "string", default: "" },
  scanner: { type: "string", default: "" },
  "desk-port": { type: "string" },
  "no-desk": { type: "boolean", default: false },
  "no-scanner": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/**
 * Reads the flags; `cwd` is the folder that relative paths start from. `help` for `--help`. Throws an `Error` that names the flag,
 * the value and what would be right.
 */
export function parseLaunchOptions(args: readonly string[], cwd: string): LaunchOptions | "help" {
  const { values } = parseArgs({ args: joinPassedOn(args), options: FLAGS, strict: true });
  if (values.help) return "help";
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 31_536_000))
    throw new Error(`--seconds ${values.seconds}: give a number of seconds above 0`);
  if (values.speed !== "max" && !(Number(values.speed) >= 0.01 && Number(values.speed) <= 100_000))
    throw new Error(`--speed ${values.speed}: give max or a factor from 0.01 to 100000`);
  if (values.live && values.recording.length > 0)
    throw new Error("--live and --recording exclude each other: leave one of them out");
  const deskPort = values["desk-port"];
  if (deskPort !== undefined && !(/^\d{1,5}$/.test(deskPort) && Number(deskPort) <= 65_535))
    throw new Error(`--desk-port ${deskPort}: give a port from 0 to 65535, 0 for any that is free`);
  return {
    seconds,
    json: values.json,
    recordings: values.recording.map((file) => resolve(cwd, file)),
    speed: values.speed,
    live: values.live,
    out: resolve(cwd, values.out),
    seed: values.seed,
    rate: values.rate,
    traderArgs: splitWords(values.trader),
    exchangeArgs: splitWords(values.exchange),
    scannerArgs: splitWords(values.scanner),
    desk: !values["no-desk"],
    deskPort,
    scanner: !values["no-scanner"],
  };
}

/** `--trader "--quantity 0.1"` as `--trader=--quantity 0.1`: apart, a value that begins with a dash is taken for a mistake. */
function joinPassedOn(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const value = args[at + 1];
    if (["--trader", "--exchange", "--scanner"].includes(arg) && value !== undefined) {
      joined.push(`${arg}=${value}`);
      at++;
    } else joined.push(arg);
  }
  return joined;
}

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
