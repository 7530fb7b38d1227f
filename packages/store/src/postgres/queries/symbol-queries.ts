// How each symbol does: the counts of all of them at once, so that many symbols are no more questions than one.
import { rangeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import type { Range } from "../../queries/range-parts.ts";
import { type SymbolTypeCount, type SymbolVerdictCount, toSymbolCounts } from "../../queries/symbol-sums.ts";
import type { SymbolCounts, TimeRange } from "../../store-queries.ts";
import { VERDICT } from "./decision-scope.ts";
import { boundsOf } from "./event-scope.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

/** Exact, most events first. Cost: that of two counts, whatever the number of symbols; every symbol of the range is looked at, to rank them. */
export async function symbolCounts(
  statements: Statements,
  range: TimeRange,
  limit: number,
): Promise<readonly SymbolCounts[]> {
  wholeNumber("limit", limit, 1);
  const parts = rangeOf(range);
  return toSymbolCounts(await typeCounts(statements, parts), await verdictCounts(statements, parts), limit);
}

async function typeCounts(statements: Statements, range: Range): Promise<readonly SymbolTypeCount[]> {
  const { segments, edges } = await partsOf(statements, "event_rollups", range);
  const rows = [
    ...(await sumRollups<SymbolTypeCount>(
      statements,
      { table: "event_rollups", keys: ["symbol", "event_type"], sums: ["count"], conditions: "AND r.symbol <> ''" },
      segments,
      {},
    )),
  ];
  for (const edge of edges)
    rows.push(
      ...(await statements.all<SymbolTypeCount>(
        `SELECT symbol, event_type, count(*) AS count FROM telemetry_events
         WHERE timestamp >= $start AND timestamp <= $end AND symbol <> '' GROUP BY 1, 2`,
        { ...boundsOf(edge) },
      )),
    );
  return rows;
}

async function verdictCounts(statements: Statements, range: Range): Promise<readonly SymbolVerdictCount[]> {
  const { segments, edges } = await partsOf(statements, "reason_rollups", range);
  const conditions = "AND r.event_type = 'decision' AND r.symbol <> ''";
  const rows = [
    ...(await sumRollups<SymbolVerdictCount>(
      statements,
      { table: "reason_rollups", keys: ["symbol", "decision"], sums: ["count"], conditions },
      segments,
      {},
    )),
  ];
  for (const edge of edges)
    rows.push(
      ...(await statements.all<SymbolVerdictCount>(
        `SELECT symbol, ${VERDICT} AS decision, count(*) AS count FROM decision_entries
         WHERE timestamp >= $start AND timestamp <= $end AND symbol IS NOT NULL GROUP BY 1, 2`,
        { ...boundsOf(edge) },
      )),
    );
  return rows;
}
