// How flows ended.
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText } from "../../queries/query-values.ts";
import { splitWidenedRange } from "../../queries/range-parts.ts";
import type { FlowFilter, FlowOutcome } from "../../store-queries.ts";
import { presentDays, sumRollups } from "./rollup-sums.ts";
import { equalTo } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

/**
 * Most first. The range is widened to whole minutes: flows are counted by the minute, and there are no rows of them.
 * Cost: the counts of at most 46 hours, 118 minutes and the days between.
 */
export async function flowOutcomes(statements: Statements, filter: FlowFilter): Promise<readonly FlowOutcome[]> {
  const range = rangeOf(filter);
  const values = {
    flow: optionalText("flow", filter.flow),
    strategy: optionalText("strategy", filter.strategy),
    symbol: optionalText("symbol", filter.symbol),
  };
  const present = await presentDays(statements, "flow_rollups");
  if (present === undefined) return [];
  const rows = await sumRollups<FlowOutcome>(
    statements,
    {
      table: "flow_rollups",
      keys: ["flow", "stage", "reason_code", "strategy", "symbol"],
      sums: ["count"],
      conditions: equalTo(values, { flow: "r.flow", strategy: "r.strategy", symbol: "r.symbol" }),
    },
    splitWidenedRange(range, present),
    values,
  );
  return rows.map((row) => ({ ...row })).sort((a, b) => b.count - a.count || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ flow, stage, reason_code: reason, strategy, symbol }: FlowOutcome): string {
  return JSON.stringify([flow, stage, reason, strategy, symbol]);
}
