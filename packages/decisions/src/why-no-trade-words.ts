// Plain words for reason codes, counts and names in the answer to "why no trade?".
import { quoteText } from "./describe.ts";
import type { ReasonCode } from "./reason-code.ts";

/** Codes that end a flow well. */
type GoodCode = "accepted" | "order_submitted";
/** Codes that have no "because". */
type BareCode = "error" | "no_reason" | "other";

/** What stands behind "because". */
const CAUSES: Readonly<Record<Exclude<ReasonCode, GoodCode | BareCode>, string>> = {
  no_signal: "the strategy saw nothing to trade",
  insufficient_edge: "the net edge was below the threshold",
  gate_failed: "a gate did not pass",
  invalid_edge: "the edge could not be read",
  invalid_gate: "a gate could not be read",
  risk_limit: "a risk limit was reached",
  position_limit: "the position limit was reached",
  exposure_limit: "the exposure limit was reached",
  insufficient_balance: "the balance did not cover the order",
  insufficient_liquidity: "the book did not hold enough size",
  spread_too_wide: "the spread was too wide",
  stale_data: "the market data was too old",
  book_not_ready: "the order book was not in step with the venue",
  market_closed: "the market was closed",
  venue_unavailable: "the venue was not reachable",
  cooldown: "the strategy was waiting after an earlier order or loss",
  order_in_flight: "an earlier order was still open",
  duplicate_order: "the same order had been sent already",
  rate_limited: "the rate limit of the venue was used up",
  size_too_small: "the order was too small",
  order_rejected: "the venue rejected the order",
  order_failed: "the order could not be sent",
  halted: "trading was halted",
  dry_run: "orders were not to be sent",
};

const BARE: Readonly<Record<BareCode, string>> = {
  error: "because of an error",
  no_reason: "without a reason",
  other: "for a reason outside of the vocabulary",
};

/** Flows of these codes are said in words of their own. */
const VERBS: ReadonlyMap<string, string> = new Map([
  ["no_signal", "showed no signal"],
  ["error", "failed with an error"],
  ["no_reason", "ended without a reason"],
  ["other", "ended for a reason outside of the vocabulary"],
]);

const CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** As `edgeBreakdown` takes them. */
const UNIT = /^[!-~]{1,32}$/;

/** True for a flow that did not end short of an order. */
export function isGoodEnd(code: string): boolean {
  return code === "accepted" || code === "order_submitted";
}

/** True for what can only happen once a trade was accepted. */
export function isAfterVerdict(code: string): boolean {
  return code === "order_rejected" || code === "order_failed" || code === "dry_run";
}

/** `because the spread was too wide`; a host's own code as it is: `with funding_unsettled`. */
export function becauseOf(code: string): string {
  if (Object.hasOwn(CAUSES, code)) return `because ${CAUSES[code as keyof typeof CAUSES]}`;
  return Object.hasOwn(BARE, code) ? BARE[code as BareCode] : `with ${nameOf(code)}`;
}

/** `12,100 showed no signal`, `14 stopped because a risk limit was reached`. */
export function stopped(count: number, code: string): string {
  return `${grouped(count)} ${VERBS.get(code) ?? `stopped ${becauseOf(code)}`}`;
}

/** `14 because a risk limit was reached`; of a host's own code: `funding_unsettled refused 14`. */
export function refused(count: number, code: string): string {
  const isKnown = Object.hasOwn(CAUSES, code) || Object.hasOwn(BARE, code);
  return isKnown ? `${grouped(count)} ${becauseOf(code)}` : `${nameOf(code)} refused ${grouped(count)}`;
}

/** A name as it is; one that is no name, quoted and cut. */
export function nameOf(name: string): string {
  return CODE.test(name) ? name : quoteText(name);
}

/** A unit as it is; one that is none, quoted and cut. */
export function unitOf(unit: string): string {
  return UNIT.test(unit) ? unit : quoteText(unit);
}

/** `1 tick`, `12,345 ticks`; flows whose name is no word are flows. */
export function countOf(count: number, flow: string): string {
  return `${grouped(count)} ${nounOf(flow)}${count === 1 ? "" : "s"}`;
}

/** `tick`, or `flow` where its name is no word. */
export function nounOf(flow: string): string {
  return CODE.test(flow) ? flow.replaceAll("_", " ") : "flow";
}

/** Digits before the point in groups of three: `12,345`, `-1,234.50`. */
export function grouped(value: number | string): string {
  const [whole = "", fraction] = String(value).split(".");
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}
