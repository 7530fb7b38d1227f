/** What the exchange can be told, and the command line that says it. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { parseFixed } from "../market/fixed-point.ts";
import type { Credentials } from "./credentials.ts";
import type { FaultOptions } from "./faults.ts";
import type { ReplaySpeed } from "./pacer.ts";
import { SIMULATED_SYMBOLS } from "./symbol-rules.ts";

/** How the exchange is to run. Made by `parseExchangeOptions`. */
export interface ExchangeOptions {
  /** Ports on 127.0.0.1; 0 takes any free one. */
  readonly spotPort: number;
  readonly usdmPort: number;
  /** Seed of everything random, and of the simulated market. */
  readonly seed: number;
  /** Simulated messages a second, over both markets. */
  readonly rate: number;
  /** Simulated symbols. */
  readonly symbols: readonly string[];
  /** Further symbols to simulate, for clients that watch many; those above run as they do without them. */
  readonly extras: ExtraSymbols | undefined;
  /** Recordings to play instead of simulating. */
  readonly recordings: readonly string[];
  readonly speed: ReplaySpeed;
  readonly faults: FaultOptions;
  readonly orders: OrderOptions;
}

/** Symbols that are simulated beside the others, each at a rate of its own. */
export interface ExtraSymbols {
  readonly symbols: readonly string[];
  /** Simulated messages a second of each, over both markets. */
  readonly messagesPerSecond: number;
}

/** How orders are taken. */
export interface OrderOptions {
  readonly credentials: Credentials;
  /** File that every order received is written to. */
  readonly log: string | undefined;
  /** Median time an order takes, in milliseconds. */
  readonly latencyMs: number;
  /** Part of the orders refused for no fault of theirs, 0 to 1. */
  readonly rejectRatio: number;
  /** Spot balances by asset, times 1e8; `USDT` also fills the USD-M wallet. */
  readonly balances: Readonly<Record<string, bigint>>;
  /** Requests and orders are counted, but never refused for their number. */
  readonly unlimited: boolean;
}

/** Key and secret when nobody names others: known to everybody, worth nothing. */
export const PAPER_CREDENTIALS: Credentials = { apiKey: "paper-key", apiSecret: "paper-secret" };

const FLAGS = {
  "spot-port": { type: "string", default: "0" },
  "usdm-port": { type: "string", default: "0" },
  seed: { type: "string", default: "1" },
  rate: { type: "string", default: "300" },
  symbol: { type: "string", multiple: true, default: ["BTCUSDT"] },
  "extra-symbol": { type: "string", multiple: true, default: [] as string[] },
  "extra-rate": { type: "string", default: "50" },
  recording: { type: "string", multiple: true, default: [] as string[] },
  speed: { type: "string", default: "1" },
  "drop-depth": { type: "string", default: "0" },
  malformed: { type: "string", default: "0" },
  "orders-log": { type: "string" },
  "latency-ms": { type: "string", default: "3" },
  "reject-ratio": { type: "string", default: "0.005" },
  balance: { type: "string", multiple: true, default: ["USDT=100000000", "BTC=1000", "ETH=20000", "SOL=200000"] },
  unlimited: { type: "boolean", default: false },
} satisfies ParseArgsOptionsConfig;

/**
 * Reads a command line (without `node` and the script) and, for key and secret, `PAPER_API_KEY` and `PAPER_API_SECRET`.
 * Throws an `Error` whose message names the flag, the value and what would be right.
 */
export function parseExchangeOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ExchangeOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS, strict: true });
  const speed = values.speed === "max" ? "max" : toNumber("speed", values.speed, 0.01, 100_000);
  const symbols = toSymbols("symbol", values.symbol);
  const extras = toSymbols("extra-symbol", values["extra-symbol"]).filter((symbol) => !symbols.includes(symbol));
  const messagesPerSecond = toWhole("extra-rate", values["extra-rate"], 50, 50_000);
  return {
    spotPort: toWhole("spot-port", values["spot-port"], 0, 65_535),
    usdmPort: toWhole("usdm-port", values["usdm-port"], 0, 65_535),
    seed: toWhole("seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    rate: toWhole("rate", values.rate, 50 * values.symbol.length, 50_000),
    symbols,
    extras: extras.length > 0 ? { symbols: extras, messagesPerSecond } : undefined,
    recordings: values.recording,
    speed,
    faults: {
      dropDepthEvery: toWhole("drop-depth", values["drop-depth"], 0, 1_000_000_000),
      malformedEvery: toWhole("malformed", values.malformed, 0, 1_000_000_000),
    },
    orders: {
      credentials: {
        apiKey: env.PAPER_API_KEY ?? PAPER_CREDENTIALS.apiKey,
        apiSecret: env.PAPER_API_SECRET ?? PAPER_CREDENTIALS.apiSecret,
      },
      log: values["orders-log"],
      latencyMs: toNumber("latency-ms", values["latency-ms"], 0, 60_000),
      rejectRatio: toNumber("reject-ratio", values["reject-ratio"], 0, 1),
      balances: Object.fromEntries(values.balance.map(toBalance)),
      // Limits are per minute of the market's time: a replay that runs faster than time must not meet them sooner.
      unlimited: values.unlimited || (values.recording.length > 0 && speed !== 1),
    },
  };
}

function toBalance(text: string): readonly [asset: string, amount: bigint] {
  const [, asset, amount] = /^([A-Z0-9]{1,20})=(.+)$/.exec(text) ?? [];
  const value = parseFixed(amount);
  if (asset === undefined || value === undefined || value < 0n)
    throw wrong("balance", text, "ASSET=AMOUNT, such as BTC=1.5");
  return [asset, value];
}

/** Without repetitions, in the order given. */
function toSymbols(flag: string, given: readonly string[]): readonly string[] {
  for (const symbol of given) {
    if (!SIMULATED_SYMBOLS.includes(symbol)) throw wrong(flag, symbol, `one of ${SIMULATED_SYMBOLS.join(", ")}`);
  }
  return [...new Set(given)];
}

function toWhole(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw wrong(flag, text, `a whole number from ${least} to ${most}`);
  return value;
}

function toNumber(flag: string, text: string, least: number, most: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= least && value <= most)) throw wrong(flag, text, `a number from ${least} to ${most}`);
  return value;
}

function wrong(flag: string, text: string, right: string): RangeError {
  return new RangeError(`--${flag} ${text}: expected ${right}`);
}
