// Rejects that missed by little.
import { type NearMiss, nearMiss } from "@tracebook/decisions";
import type { DecisionFilter, JudgedDecision, StoreQueries } from "@tracebook/store";
import type { Budget } from "../work/budget.ts";
import { readDecisions, toStored } from "./decision-pages.ts";

/** Rejects that are looked at, newest first. */
export const MAX_EXAMINED = 20_000;
const MAX_SAMPLES = 50;

/** What is looked for. */
export interface NearMissWish {
  readonly filter: DecisionFilter;
  /** Rejects in other units are left alone; null: there is no unit, and gates alone decide. */
  readonly edgeUnit: string | null;
  /** Decimal text, at least 0. */
  readonly withinPercent: string;
}

/** Counts the near misses by what they missed. */
export async function findNearMisses(
  store: Pick<StoreQueries, "judgedDecisions">,
  { filter, edgeUnit, withinPercent }: NearMissWish,
  budget: Budget,
) {
  const byGate = new Map<string, number>();
  const samples: { readonly decision: JudgedDecision; readonly miss: NearMiss }[] = [];
  let total = 0;
  const { examined } = await readDecisions(
    store,
    { filter: { ...filter, decision: "REJECT" }, most: MAX_EXAMINED },
    budget,
    (decision) => {
      if (decision.edge_unit !== null && decision.edge_unit !== edgeUnit) return;
      const miss = nearMiss(decision, withinPercent);
      if (miss === undefined) return;
      total++;
      byGate.set(miss.gate, (byGate.get(miss.gate) ?? 0) + 1);
      if (samples.length < MAX_SAMPLES) samples.push({ decision, miss });
    },
  );
  return {
    within_percent: withinPercent,
    total,
    by_gate: [...byGate]
      .map(([gate, count]) => ({ gate, count }))
      .sort((a, b) => b.count - a.count || (a.gate < b.gate ? -1 : 1)),
    samples: samples.map(({ decision, miss }) => ({ ...toStored(decision), gate: miss.gate, margin: miss.margin })),
    examined,
  };
}
