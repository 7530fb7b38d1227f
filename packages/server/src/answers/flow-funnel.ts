// The funnel: from flows that were started to orders, stage by stage. `each stage = the one before - its drops, exact`.
import { isReasonCode } from "@tracebook/decisions";
import type { FlowOutcome } from "@tracebook/store";
import { explainReason } from "./reason-words.ts";

/** How flows ended. */
export type EndKind = "order" | "rejected" | "nothing" | "error";

/** Flows that ended at a stage for a reason. */
export interface FunnelEnd {
  readonly reason_code: string;
  readonly explanation: string;
  readonly kind: EndKind;
  readonly count: number;
}

/** A stage. */
export interface FunnelStep {
  readonly stage: string;
  /** Flows that reached it. */
  readonly count: number;
  /** Of those, how many ended here, orders included. */
  readonly dropped: number;
  readonly ended: readonly FunnelEnd[];
}

/** Counts of a symbol or a strategy. */
interface Share {
  readonly entered: number;
  readonly orders: number;
}

/** The funnel of one flow. */
export interface FlowFunnel {
  readonly flows: readonly { readonly flow: string; readonly count: number }[];
  readonly flow: string | null;
  readonly entered: number;
  readonly no_reason: number;
  readonly orders: number;
  readonly steps: readonly FunnelStep[];
  readonly symbols: readonly (Share & { readonly symbol: string })[];
  readonly strategies: readonly (Share & { readonly strategy: string })[];
}

/** Where flows begin. */
const ENTERED = "entered";
const NO_REASON = "no_reason";
const MAX_SHARES = 200;

const ORDERS: ReadonlySet<string> = new Set(["order_submitted", "accepted"]);
const ERRORS: ReadonlySet<string> = new Set(["error", "exception", "order_failed", "invalid_edge", "invalid_gate"]);
/** Nobody wanted to trade, or nobody was asked. */
const NOTHING: ReadonlySet<string> = new Set([
  "no_signal",
  NO_REASON,
  "book_not_ready",
  "market_closed",
  "cooldown",
  "order_in_flight",
  "dry_run",
]);

/** The flows that ended, most first. */
export function flowsOf(outcomes: readonly FlowOutcome[]): FlowFunnel["flows"] {
  const counts = countBy(outcomes, (outcome) => outcome.flow);
  return [...counts].map(([flow, { entered }]) => ({ flow, count: entered })).sort((a, b) => b.count - a.count);
}

/** The stages at which flows ended, without those that ended before the first. */
export function stagesOf(outcomes: readonly FlowOutcome[]): readonly string[] {
  return [...new Set(outcomes.map(({ stage }) => stage))].filter((stage) => stage !== "");
}

/** The funnel of `flow`; `order` has every stage at which it ended. */
export function toFunnel(all: readonly FlowOutcome[], flow: string | null, order: readonly string[]): FlowFunnel {
  const outcomes = all.filter((outcome) => outcome.flow === flow);
  const entered = outcomes.reduce((sum, { count }) => sum + count, 0);
  let left = entered;
  const steps = ["", ...order].map((stage) => {
    const ended = endsAt(outcomes, stage);
    const dropped = ended.reduce((sum, { count }) => sum + count, 0);
    const step = { stage: stage === "" ? ENTERED : stage, count: left, dropped, ended };
    left -= dropped;
    return step;
  });
  const ends = steps.flatMap((step) => step.ended);
  const countOf = (isIt: (end: FunnelEnd) => boolean) => ends.filter(isIt).reduce((sum, { count }) => sum + count, 0);
  return {
    flows: flowsOf(all),
    flow,
    entered,
    no_reason: countOf((end) => end.reason_code === NO_REASON),
    orders: countOf((end) => end.kind === "order"),
    steps: entered === 0 ? [] : steps,
    symbols: sharesOf(outcomes, "symbol").map(([symbol, share]) => ({ symbol, ...share })),
    strategies: sharesOf(outcomes, "strategy").map(([strategy, share]) => ({ strategy, ...share })),
  };
}

/** How a flow ended by its reason. */
export function kindOf(reasonCode: string): EndKind {
  if (ORDERS.has(reasonCode)) return "order";
  if (ERRORS.has(reasonCode)) return "error";
  return NOTHING.has(reasonCode) ? "nothing" : "rejected";
}

function endsAt(outcomes: readonly FlowOutcome[], stage: string): readonly FunnelEnd[] {
  const here = outcomes.filter((outcome) => outcome.stage === stage);
  const counts = countBy(here, ({ reason_code: code }) => (code === "" ? NO_REASON : code));
  return [...counts]
    .map(([code, { entered }]) => ({
      reason_code: code,
      explanation: code === "exception" && !isReasonCode(code) ? "Something was thrown." : explainReason(code),
      kind: kindOf(code),
      count: entered,
    }))
    .sort((a, b) => b.count - a.count || (a.reason_code < b.reason_code ? -1 : 1));
}

function sharesOf(outcomes: readonly FlowOutcome[], key: "symbol" | "strategy"): readonly (readonly [string, Share])[] {
  const counts = countBy(outcomes, (outcome) => outcome[key]);
  return [...counts]
    .filter(([name]) => name !== "")
    .sort(([a, one], [b, other]) => other.entered - one.entered || (a < b ? -1 : 1))
    .slice(0, MAX_SHARES);
}

function countBy(outcomes: readonly FlowOutcome[], keyOf: (outcome: FlowOutcome) => string) {
  const counts = new Map<string, { entered: number; orders: number }>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    const known = counts.get(key) ?? { entered: 0, orders: 0 };
    known.entered += outcome.count;
    if (ORDERS.has(outcome.reason_code)) known.orders += outcome.count;
    counts.set(key, known);
  }
  return counts;
}
