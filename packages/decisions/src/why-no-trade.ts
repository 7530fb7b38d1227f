// "Why no trade?": from counts to one sentence with its numbers, and to the parts that it is made of.
import {
  decisionsWord,
  dropClause,
  isBeforeVerdict,
  judgedClause,
  mainStop,
  nothingClause,
  unaccountedClause,
} from "./why-no-trade-clauses.ts";
import { type NoTradeFacts, type Tally, toTally } from "./why-no-trade-facts.ts";
import { rangeInWords } from "./why-no-trade-range.ts";
import { countOf, grouped, isAfterVerdict, nameOf, refused, stopped } from "./why-no-trade-words.ts";

/** A part of the answer: what is counted, and its words. */
export interface NoTradePart {
  /** `unaccounted`: flows that are neither dropped nor orders; 0 in a whole record. */
  readonly kind: "orders" | "entered" | "dropped" | "judged" | "accepted" | "rejected" | "unaccounted";
  readonly count: number;
  readonly reason_code?: string;
  readonly stage?: string;
  readonly text: string;
}

/** The answer. */
export interface NoTradeAnswer {
  /** One sentence for a trader. */
  readonly sentence: string;
  /** What it was made from, also what the sentence has no room for: every reason, at every stage. */
  readonly parts: readonly NoTradePart[];
}

/**
 * Says why there was no trade, or where the other flows stopped when there were some: `No order in the last 60 minutes: of 12,345 ticks
 * 12,100 showed no signal; 245 were judged and all were rejected, 231 of them because the net edge was below the threshold (best: 0.10
 * bps short); risk_limit_desk refused 14.` The same facts give the same sentence. Never throws for facts of this form.
 */
export function explainNoTrade(facts: NoTradeFacts): NoTradeAnswer {
  const tally = toTally(facts);
  const hasOrders = tally.orders > 0;
  const first = hasOrders ? mainStop(tally) : dropClause(tally, isBeforeVerdict(tally), true);
  const judged = judgedClause(tally, facts.edges, first === undefined);
  const clauses = [
    first,
    judged,
    hasOrders ? undefined : dropClause(tally, isAfterVerdict, false),
    unaccountedClause(tally, first === undefined && judged === undefined),
  ].filter((clause) => clause !== undefined);
  const head = `${ordersInWords(tally.orders)}${rangeInWords(facts.range)}`;
  const rest = clauses.length === 0 ? nothingClause(tally) : clauses.join("; ");
  return { sentence: `${head}${rest === "" ? "" : `: ${rest}`}.`, parts: partsOf(tally) };
}

function ordersInWords(orders: number): string {
  return orders === 0 ? "No order" : countOf(orders, "order");
}

function partsOf(tally: Tally): readonly NoTradePart[] {
  const { flow, entered, orders, accepted, rejected, unaccounted } = tally;
  const judged = accepted + rejected;
  return [
    { kind: "orders", count: orders, text: ordersInWords(orders) },
    { kind: "entered", count: entered, text: countOf(entered, flow) },
    ...tally.drops.map(({ stage, reason_code, count }) => {
      const text = `${stopped(count, reason_code)} (after ${nameOf(stage)})`;
      return { kind: "dropped", count, reason_code, stage, text } as const;
    }),
    { kind: "judged", count: judged, text: decisionsWord(judged) },
    { kind: "accepted", count: accepted, text: `${grouped(accepted)} accepted` },
    ...tally.rejections.map(({ reason_code, count }) => {
      return { kind: "rejected", count, reason_code, text: refused(count, reason_code) } as const;
    }),
    { kind: "unaccounted", count: unaccounted, text: `${grouped(unaccounted)} not accounted for` },
  ];
}
