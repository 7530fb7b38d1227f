// How each symbol does: the counts of all of them at once, so that many symbols are no more questions than one.

import { rangeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import { type Edge, minuteOf, type Range } from "../../queries/range-parts.ts";
import { type SymbolTypeCount, type SymbolVerdictCount, toSymbolCounts } from "../../queries/symbol-sums.ts";
import type { SymbolCounts, TimeRange } from "../../store-queries.ts";
import { VERDICT } from "./decision-scope.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

/** Exact, most events first. Cost: that of two counts, whatever the number of symbols; every symbol of the range is looked at, to rank them. */
export function symbolCounts(statements: Statements, range: TimeRange, limit: number): readonly SymbolCounts[] {
  wholeNumber("limit", limit, 1);
  const parts = rangeOf(range);
  return toSymbolCounts(typeCounts(statements, parts), verdictCounts(statements, parts), limit);
}

function typeCounts(statements: Statements, range: Range): readonly SymbolTypeCount[] {
  const { segments, edges } = partsOf(statements, "event_rollups", range);
  const whole = sumRollups<SymbolTypeCount>(
    statements,
    { table: "event_rollups", keys: ["symbol", "event_type"], sums: ["count"], conditions: "AND r.symbol <> ''" },
    segments,
    {},
  );
  return [...whole, ...edges.flatMap((edge) => typesAtEdge(statements, edge))];
}

/** The counts of the minute say which symbols there are: each of them is in an index, with its types. */
function typesAtEdge(statements: Statements, edge: Edge): SymbolTypeCount[] {
  return statements.all<SymbolTypeCount>(
    `SELECT k.symbol, e.event_type, count(*) AS count
     FROM (SELECT DISTINCT symbol FROM event_rollups
       WHERE resolution = 60 AND bucket >= $firstMinute AND bucket <= $lastMinute AND symbol <> '') AS k
     CROSS JOIN telemetry_events AS e INDEXED BY idx_symbol
       ON e.symbol = k.symbol AND e.timestamp >= $start AND e.timestamp <= $end
     GROUP BY k.symbol, e.event_type`,
    { ...edge, firstMinute: minuteOf(edge.start), lastMinute: minuteOf(edge.end) },
  );
}

function verdictCounts(statements: Statements, range: Range): readonly SymbolVerdictCount[] {
  const { segments, edges } = partsOf(statements, "reason_rollups", range);
  const conditions = "AND r.event_type = 'decision' AND r.symbol <> ''";
  const whole = sumRollups<SymbolVerdictCount>(
    statements,
    { table: "reason_rollups", keys: ["symbol", "decision"], sums: ["count"], conditions },
    segments,
    {},
  );
  const rest = edges.flatMap((edge) =>
    statements.all<SymbolVerdictCount>(
      `SELECT symbol, ${VERDICT} AS decision, count(*) AS count FROM decision_entries
       WHERE timestamp >= $start AND timestamp <= $end AND symbol IS NOT NULL GROUP BY 1, 2`,
      { ...edge },
    ),
  );
  return [...whole, ...rest];
}
