// The flags of the scanner, read once.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { isSymbol, LIVE_URLS, splitSymbol } from "@tracebook-examples/basis-arbitrage/market";
import { isProfileName, PROFILES, type Profile } from "./scan/profile.ts";
import { DEFAULT_WATCHLIST } from "./watchlist.ts";

/** How the scanner is to run. Made by `parseScannerOptions`. */
export interface ScannerOptions {
  /** Where the market is, without a path; undefined: on a paper exchange that the scanner starts itself. */
  readonly market: { readonly streamUrl: string; readonly restUrl: string } | undefined;
  /** As the venue writes them, each once. */
  readonly symbols: readonly string[];
  readonly profile: Profile;
  readonly everyMs: number;
  readonly candleMs: number;
  /** End after this many scans; undefined: when told to. */
  readonly scans: number | undefined;
  /** Of the paper exchange that the scanner starts itself. */
  readonly seed: number;
}

/** What `--help` prints. */
export const USAGE = `Usage: node --import @tracebook/node/register dist/main.js [options]

  --spot-ws URL        stream of the spot market, such as ws://127.0.0.1:9001
  --spot-rest URL      its REST interface, such as http://127.0.0.1:9001
  --live               the real public streams of Binance instead; without any of these a paper exchange is started
  --symbol NAME        scan this symbol, such as BTCUSDT (repeat for several; default: ${DEFAULT_WATCHLIST.length} well-known ones)
  --profile NAME       ${Object.keys(PROFILES).join(", ")} (default balanced)
  --every-ms N         milliseconds from one scan to the next (default 5000)
  --candle-ms N        milliseconds of market time in a candle (default 1000)
  --scans N            end by itself after N scans
  --seed N             seed of the paper exchange that is started (default 1)
  --help               this text
`;

const FLAGS = {
  "spot-ws": { type: "string" },
  "spot-rest": { type: "string" },
  live: { type: "boolean", default: false },
  symbol: { type: "string", multiple: true, default: [...DEFAULT_WATCHLIST] },
  profile: { type: "string", default: "balanced" },
  "every-ms": { type: "string", default: "5000" },
  "candle-ms": { type: "string", default: "1000" },
  scans: { type: "string" },
  seed: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
} satisfies ParseArgsOptionsConfig;

/** Streams of one connection, three a symbol, must not be more than Binance's 1,024. */
const MAX_SYMBOLS = 300;
const HOUR_MS = 3_600_000;

/**
 * Reads a command line (without `node` and the script). `help` for `--help`. Throws an `Error` that names the flag, the value and
 * what would be right.
 */
export function parseScannerOptions(args: readonly string[]): ScannerOptions | "help" {
  const { values } = parseArgs({ args: [...args], options: FLAGS, strict: true });
  if (values.help) return "help";
  const { profile, scans } = values;
  if (!isProfileName(profile)) throw wrong("profile", profile, `one of ${Object.keys(PROFILES).join(", ")}`);
  return {
    market: marketOf(values),
    symbols: symbolsOf(values.symbol),
    profile: PROFILES[profile],
    everyMs: toWhole("every-ms", values["every-ms"], 100, HOUR_MS),
    candleMs: toWhole("candle-ms", values["candle-ms"], 100, HOUR_MS),
    scans: scans === undefined ? undefined : toWhole("scans", scans, 1, Number.MAX_SAFE_INTEGER),
    seed: toWhole("seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
  };
}

interface GivenMarket {
  readonly "spot-ws"?: string | undefined;
  readonly "spot-rest"?: string | undefined;
  readonly live: boolean;
}

function marketOf({ "spot-ws": stream, "spot-rest": rest, live }: GivenMarket): ScannerOptions["market"] {
  if (live && (stream !== undefined || rest !== undefined))
    throw new Error("--live and --spot-ws or --spot-rest exclude each other: leave one of them out");
  if (live) return LIVE_URLS.spot;
  if (stream === undefined && rest === undefined) return undefined;
  if (stream === undefined)
    throw new Error("--spot-ws is missing: --spot-rest alone has no stream; give both or neither");
  if (rest === undefined)
    throw new Error("--spot-rest is missing: --spot-ws alone has no order books; give both or neither");
  return {
    streamUrl: toUrl("spot-ws", stream, ["ws:", "wss:"]),
    restUrl: toUrl("spot-rest", rest, ["http:", "https:"]),
  };
}

function toUrl(flag: string, text: string, protocols: readonly string[]): string {
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
    throw wrong(flag, text, `an address that starts with ${protocols.join("// or ")}//`);
  return text.replace(/\/+$/, "");
}

function symbolsOf(given: readonly string[]): readonly string[] {
  for (const symbol of given) {
    if (!isSymbol(symbol) || splitSymbol(symbol) === undefined)
      throw wrong("symbol", symbol, "a symbol in capitals with a known quote asset, such as BTCUSDT");
  }
  const symbols = [...new Set(given)];
  if (symbols.length > MAX_SYMBOLS)
    throw new RangeError(`--symbol is given ${symbols.length} times: one stream carries at most ${MAX_SYMBOLS}`);
  return symbols;
}

function toWhole(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw wrong(flag, text, `a whole number from ${least} to ${most}`);
}

function wrong(flag: string, text: string, right: string): RangeError {
  return new RangeError(`--${flag} ${text}: expected ${right}`);
}
