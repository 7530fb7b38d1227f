// How far net edges were from their thresholds where that was what decided, exactly, unit by unit.
import {
  compareDecimals,
  type Decimal,
  type EdgeShortfall,
  formatDecimal,
  nearMiss,
  parseDecimal,
  subtractDecimals,
} from "@tracebook/decisions";
import type { DecisionFilter, JudgedDecision, StoreQueries } from "@tracebook/store";
import type { Budget } from "../work/budget.ts";
import { readDecisions } from "./decision-pages.ts";
import { MAX_EXAMINED } from "./near-misses.ts";

const WITHIN_PERCENT = "10";

/**
 * The shortfalls of a filter, most used unit first. Of more rejects than can be looked at the newest would be no answer about all of them:
 * then there is the unit alone.
 */
export async function edgeShortfalls(
  store: Pick<StoreQueries, "judgedDecisions">,
  filter: DecisionFilter,
  budget: Budget,
): Promise<readonly EdgeShortfall[]> {
  const units = new Map<string, { readonly margins: Decimal[]; nearMisses: number }>();
  const wish = { filter: { ...filter, decision: "REJECT", reasonCode: "insufficient_edge" }, most: MAX_EXAMINED };
  const { isComplete } = await readDecisions(store, wish, budget, (decision) => {
    const margin = marginOf(decision);
    if (margin === undefined || decision.edge_unit === null) return;
    const unit = units.get(decision.edge_unit) ?? { margins: [], nearMisses: 0 };
    units.set(decision.edge_unit, unit);
    unit.margins.push(margin);
    if (nearMiss(decision, WITHIN_PERCENT) !== undefined) unit.nearMisses++;
  });
  return [...units]
    .sort(([, a], [, b]) => b.margins.length - a.margins.length)
    .map(([edge_unit, { margins, nearMisses }]) => {
      if (!isComplete) return { edge_unit };
      const rising = margins.sort(compareDecimals);
      return {
        edge_unit,
        best_margin: textOf(rising.at(-1)),
        median_margin: textOf(rising[Math.floor((rising.length - 1) / 2)]),
        near_misses: nearMisses,
        within_percent: WITHIN_PERCENT,
      };
    });
}

/** `net_edge - min_threshold`; undefined where the record has no such amounts. */
function marginOf({ net_edge: net, min_threshold: threshold }: JudgedDecision): Decimal | undefined {
  if (net === null || threshold === null) return undefined;
  try {
    return subtractDecimals(parseDecimal(net), parseDecimal(threshold));
  } catch {
    return undefined;
  }
}

function textOf(margin: Decimal | undefined): string | undefined {
  return margin && formatDecimal(margin);
}
