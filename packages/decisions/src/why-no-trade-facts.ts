// The facts behind "why no trade?", and the tally that the answer is read from.
import type { NoTradeRange } from "./why-no-trade-range.ts";
import { isGoodEnd } from "./why-no-trade-words.ts";

/** How often a reason code was given. */
export interface ReasonTally {
  readonly reason_code: string;
  readonly count: number;
}

/** How far rejects were from the threshold, all in one unit. Margins are `net_edge - min_threshold` as decimal text. */
export interface EdgeShortfall {
  readonly edge_unit: string;
  /** The largest of them: the one that came nearest. */
  readonly best_margin?: string | undefined;
  readonly median_margin?: string | undefined;
  /** Rejects that were near misses, and within how many percent of the threshold. */
  readonly near_misses?: number | undefined;
  readonly within_percent?: string | undefined;
}

/** What the answer is made from. Counts are whole numbers from 0 on; anything else counts as 0. */
export interface NoTradeFacts {
  readonly range: NoTradeRange;
  /** The name of the flow: `tick`. */
  readonly flow: string;
  /** Flows that were started. */
  readonly entered: number;
  /** In the order of the stages: the last stage that flows reached, and why they went no further; accepted ones may be among them. */
  readonly stages: readonly { readonly stage: string; readonly drops: readonly ReasonTally[] }[];
  /** All decisions by reason code, `accepted` among them. */
  readonly decisions: readonly ReasonTally[];
  /** Of the decisions that were `insufficient_edge`, a unit each, most used first; the first two are told. */
  readonly edges: readonly EdgeShortfall[];
  /** Flows that ended with an order. */
  readonly orders: number;
}

/** Flows that ended with a reason at a stage. */
interface Drop extends ReasonTally {
  readonly stage: string;
}

/** The counts as they are told. */
export interface Tally {
  readonly flow: string;
  readonly entered: number;
  readonly orders: number;
  /** Most first; of equal ones the earlier stage. */
  readonly drops: readonly Drop[];
  readonly accepted: number;
  /** Most first. */
  readonly rejections: readonly ReasonTally[];
  readonly rejected: number;
  readonly unaccounted: number;
}

/** Adds up. Drops of nothing and good ends are no drops. */
export function toTally({ flow, stages, decisions, entered: given, orders: sent }: NoTradeFacts): Tally {
  const ends = stages
    .flatMap(({ stage, drops: some }) =>
      some.map(({ reason_code, count }) => ({ stage, reason_code, count: whole(count) })),
    )
    .filter((end) => end.count > 0);
  const drops = ends.filter((end) => !isGoodEnd(end.reason_code));
  const known = decisions.map(({ reason_code, count }) => ({ reason_code, count: whole(count) }));
  const rejections = known.filter(({ reason_code, count }) => count > 0 && reason_code !== "accepted");
  const [entered, orders] = [whole(given), whole(sent)];
  return {
    flow,
    entered,
    orders,
    drops: drops.toSorted((a, b) => b.count - a.count),
    accepted: sum(known.filter(({ reason_code }) => reason_code === "accepted")),
    rejections: rejections.toSorted((a, b) => b.count - a.count),
    rejected: sum(rejections),
    // A flow that ended as accepted is accounted for, whether or not anybody counts it as an order.
    unaccounted: Math.max(0, entered - sum(drops) - Math.max(orders, sum(ends) - sum(drops))),
  };
}

/** The sum of the counts. */
export function sum(tallies: readonly ReasonTally[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
}

/** A count that is none counts as 0. */
export function whole(count: number): number {
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
