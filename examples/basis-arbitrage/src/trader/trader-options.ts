/** What the trader can be told, on the command line or in the environment, and what it does when it is told nothing. */
import { parseArgs } from "node:util";
import { parseFixed } from "../market/fixed-point.ts";
import { isSymbol, splitSymbol } from "../market/symbol.ts";
import { parseBps } from "./basis-points.ts";
import { DEFAULT_VALUES, isVenueUrl, LIVE_URLS, OPTION_NAMES, type OptionName } from "./trader-defaults.ts";

/** Where one market is: its stream, its REST snapshots, and where paper orders for it go. All without a path. */
export interface MarketUrls {
  readonly streamUrl: string;
  readonly restUrl: string;
  readonly orderUrl: string;
}

/** How the trader is to run. Made by `parseTraderOptions`. Quantities times 1e8, basis points times 1e4, times in milliseconds. */
export interface TraderOptions {
  /** Real public market data. Orders are paper all the same. */
  readonly isLive: boolean;
  readonly symbol: string;
  readonly spot: MarketUrls;
  readonly usdm: MarketUrls;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Passed on to whatever needs randomness; `undefined` when not given. */
  readonly seed: number | undefined;
  readonly quantity: bigint;
  /** `undefined`: the average of the basis itself. */
  readonly fairBasis: bigint | undefined;
  readonly averagingMs: number;
  readonly signalThreshold: bigint;
  readonly openThreshold: bigint;
  readonly closeThreshold: bigint;
  /** Decimal strings in basis points, for whoever wants them as text. */
  readonly takerFeeBps: { readonly spot: string; readonly usdm: string };
  readonly spotFee: bigint;
  readonly perpFee: bigint;
  readonly latencyBuffer: bigint;
  readonly limitTolerance: bigint;
  readonly maxSpread: bigint;
  readonly minDepthPercent: number;
  readonly maxPosition: bigint;
  /** In the quote asset. */
  readonly maxNotional: bigint;
  readonly cooldownMs: number;
  readonly maxDataAgeMs: number;
  /** Paper money and spot inventory at the start, decimal strings. */
  readonly cash: string;
  readonly inventory: string;
  readonly orderTimeoutMs: number;
}

/** Options that cannot be used; `problems` has one line for each. */
export class TraderOptionsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "TraderOptionsError";
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a command line (without `node` and the script) and an environment: `--max-position 0.5` or `BASIS_MAX_POSITION=0.5`, the
 * command line first. Key and secret come from `PAPER_API_KEY` and `PAPER_API_SECRET` only, since command lines are visible to
 * others. Throws a `TraderOptionsError` that names everything that is wrong, each with what would be right.
 */
export function parseTraderOptions(args: readonly string[], env: Environment): TraderOptions {
  const reader = new OptionReader(args, env);
  const options = readOptions(reader);
  if (options.closeThreshold > options.openThreshold) {
    reader.problems.push(
      "--close-threshold-bps must not be above --open-threshold-bps: the position would be closed as soon as it is open",
    );
  }
  if (options.quantity > options.maxPosition)
    reader.problems.push("--quantity must not be above --max-position: nothing could be traded");
  if (reader.problems.length > 0) throw new TraderOptionsError(reader.problems);
  return Object.freeze(options);
}

function readOptions(reader: OptionReader): TraderOptions {
  const isLive = reader.isLive;
  const urlsOf = (market: "spot" | "usdm"): MarketUrls => ({
    streamUrl: reader.url(`${market}-ws`, ["ws:", "wss:"], isLive ? LIVE_URLS[market].streamUrl : undefined),
    restUrl: reader.url(`${market}-rest`, ["http:", "https:"], isLive ? LIVE_URLS[market].restUrl : undefined),
    orderUrl: reader.orderUrl(`${market}-orders`, isLive ? undefined : reader.given(`${market}-rest`)),
  });
  return {
    isLive,
    symbol: reader.symbol("symbol"),
    spot: urlsOf("spot"),
    usdm: urlsOf("usdm"),
    apiKey: reader.secret("PAPER_API_KEY", "paper-key"),
    apiSecret: reader.secret("PAPER_API_SECRET", "paper-secret"),
    seed: reader.given("seed") === undefined ? undefined : reader.whole("seed", 0, Number.MAX_SAFE_INTEGER),
    quantity: reader.positiveAmount("quantity"),
    fairBasis: reader.given("fair-basis-bps") === "auto" ? undefined : reader.bps("fair-basis-bps", true),
    averagingMs: reader.whole("averaging-ms", 100, 86_400_000),
    signalThreshold: reader.bps("signal-threshold-bps", true),
    openThreshold: reader.bps("open-threshold-bps", true),
    closeThreshold: reader.bps("close-threshold-bps", true),
    takerFeeBps: { spot: reader.text("spot-fee-bps"), usdm: reader.text("usdm-fee-bps") },
    // A rebate is a negative fee.
    spotFee: reader.bps("spot-fee-bps", true),
    perpFee: reader.bps("usdm-fee-bps", true),
    latencyBuffer: reader.bps("latency-buffer-bps"),
    limitTolerance: reader.bps("limit-tolerance-bps"),
    maxSpread: reader.bps("max-spread-bps"),
    minDepthPercent: reader.whole("min-depth-percent", 0, 1_000_000),
    maxPosition: reader.positiveAmount("max-position"),
    maxNotional: reader.positiveAmount("max-notional"),
    cooldownMs: reader.whole("cooldown-ms", 0, 86_400_000),
    maxDataAgeMs: reader.whole("max-data-age-ms", 1, 86_400_000),
    cash: reader.amountText("cash"),
    inventory: reader.amountText("inventory"),
    orderTimeoutMs: reader.whole("order-timeout-ms", 1, 60_000),
  };
}

/** Reads single options; what is wrong is collected, and stands in as something harmless until everything has been read. */
class OptionReader {
  readonly problems: string[] = [];
  readonly isLive: boolean;
  readonly #values: ReadonlyMap<string, string>;
  readonly #env: Environment;

  constructor(args: readonly string[], env: Environment) {
    this.#env = env;
    const { values, problem } = parseCommandLine(args);
    if (problem !== undefined) this.problems.push(problem);
    const live = values.get("live") ?? env.BASIS_LIVE ?? "false";
    if (live !== "true" && live !== "false") this.problems.push(`BASIS_LIVE=${live}: expected true or false`);
    this.isLive = live === "true";
    this.#values = values;
  }

  /** What was said about an option, or its default; `undefined` when there is neither. */
  given(name: OptionName): string | undefined {
    const fromEnv = this.#env[envNameOf(name)];
    // An empty variable is one that somebody meant to unset.
    return this.#values.get(name) ?? (fromEnv === "" ? undefined : fromEnv) ?? DEFAULT_VALUES[name];
  }

  text(name: OptionName): string {
    return this.given(name) ?? "";
  }

  secret(name: string, fallback: string): string {
    const value = this.#env[name] ?? fallback;
    // The value itself is not repeated: it may be a real secret with a typing error.
    if (!/^[\w-]{1,128}$/.test(value)) this.problems.push(`${name}: expected 1 to 128 letters, digits, - and _`);
    return value;
  }

  symbol(name: OptionName): string {
    const value = this.text(name);
    if (!isSymbol(value) || splitSymbol(value) === undefined)
      this.#wrong(name, "a symbol in capitals with a known quote asset, such as BTCUSDT");
    return value;
  }

  url(name: OptionName, protocols: readonly string[], fallback: string | undefined): string {
    const value = this.given(name) ?? fallback;
    if (value === undefined) {
      this.problems.push(
        `--${name} is missing: give an address such as ${protocols[0]}//127.0.0.1:9001, or --live for the public one`,
      );
      return "";
    }
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol))
      this.#wrong(name, `an address that starts with ${protocols.join("// or ")}//`);
    return value.replace(/\/+$/, "");
  }

  /** Orders are paper: an address of the real venue is refused, whoever asked for it. */
  orderUrl(name: OptionName, fallback: string | undefined): string {
    const value = this.given(name) ?? fallback;
    if (value === undefined) {
      this.problems.push(
        `--${name} is missing: give the address of a paper exchange, since orders never go to the real one`,
      );
      return "";
    }
    const url = this.url(name, ["http:", "https:"], value);
    if (isVenueUrl(url)) this.#wrong(name, "the address of a paper exchange: orders never go to the real one");
    return url;
  }

  whole(name: OptionName, least: number, most: number): number {
    const text = this.text(name);
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) this.#wrong(name, `a whole number from ${least} to ${most}`);
    return value;
  }

  bps(name: OptionName, isSigned = false): bigint {
    const value = parseBps(this.text(name));
    if (value !== undefined && (isSigned || value >= 0n)) return value;
    this.#wrong(name, `basis points with at most four places${isSigned ? "" : ", not below 0"}, such as 2.5`);
    return 0n;
  }

  positiveAmount(name: OptionName): bigint {
    const value = parseFixed(this.text(name));
    if (value !== undefined && value > 0n) return value;
    this.#wrong(name, "a decimal above 0 with at most eight places, such as 0.05");
    return 1n;
  }

  amountText(name: OptionName): string {
    const text = this.text(name);
    const value = parseFixed(text);
    if (value === undefined || value < 0n)
      this.#wrong(name, "a decimal not below 0 with at most eight places, such as 2.5");
    return text;
  }

  #wrong(name: OptionName, right: string): void {
    const said = this.#values.has(name)
      ? `--${name} ${this.#values.get(name)}`
      : `${envNameOf(name)}=${this.given(name)}`;
    const problem = `${said}: expected ${right}`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

function envNameOf(name: OptionName): string {
  return `BASIS_${name.toUpperCase().replaceAll("-", "_")}`;
}

function parseCommandLine(args: readonly string[]): { values: ReadonlyMap<string, string>; problem?: string } {
  const flags = Object.fromEntries(OPTION_NAMES.map((name) => [name, { type: "string" as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options: { ...flags, live: { type: "boolean" } }, strict: true });
    return { values: new Map(Object.entries(values).map(([name, value]) => [name, String(value)])) };
  } catch (error) {
    return { values: new Map(), problem: error instanceof Error ? error.message : String(error) };
  }
}
