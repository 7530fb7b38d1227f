// How each symbol does: the counts of all of them at once, so that many symbols are no more questions than one.
import type { SymbolCounts, TimeRange } from "../../store-queries.ts";
import { VERDICT } from "./decision-scope.ts";
import { rangeOf } from "./event-scope.ts";
import { wholeNumber } from "./query-values.ts";
import { type Edge, minuteOf, type Range } from "./range-parts.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

interface TypeCount {
  readonly symbol: string;
  readonly event_type: string;
  readonly count: number;
}

interface VerdictCount {
  readonly symbol: string;
  readonly decision: string;
  readonly count: number;
}

/** A symbol whose counts are being added up. */
interface Adding {
  events: number;
  readonly byType: Map<string, number>;
  accepted: number;
  rejected: number;
}

/** Exact, most events first. Cost: that of two counts, whatever the number of symbols; every symbol of the range is looked at, to rank them. */
export function symbolCounts(statements: Statements, range: TimeRange, limit: number): readonly SymbolCounts[] {
  wholeNumber("limit", limit, 1);
  const parts = rangeOf(range);
  const symbols = new Map<string, Adding>();
  for (const { symbol, event_type: type, count } of typeCounts(statements, parts)) {
    const known = symbols.get(symbol) ?? { events: 0, byType: new Map<string, number>(), accepted: 0, rejected: 0 };
    known.events += count;
    known.byType.set(type, (known.byType.get(type) ?? 0) + count);
    symbols.set(symbol, known);
  }
  for (const { symbol, decision, count } of verdictCounts(statements, parts)) {
    const known = symbols.get(symbol);
    if (known === undefined) continue;
    if (decision === "ACCEPT") known.accepted += count;
    else known.rejected += count;
  }
  return [...symbols]
    .filter(([, { events }]) => events > 0)
    .sort(([a, one], [b, other]) => other.events - one.events || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([symbol, { byType, ...counts }]) => ({ symbol, ...counts, byType: Object.fromEntries(byType) }));
}

function typeCounts(statements: Statements, range: Range): readonly TypeCount[] {
  const { segments, edges } = partsOf(statements, "event_rollups", range);
  const whole = sumRollups<TypeCount>(
    statements,
    { table: "event_rollups", keys: ["symbol", "event_type"], sums: ["count"], conditions: "AND r.symbol <> ''" },
    segments,
    {},
  );
  return [...whole, ...edges.flatMap((edge) => typesAtEdge(statements, edge))];
}

/** The counts of the minute say which symbols there are: each of them is in an index, with its types. */
function typesAtEdge(statements: Statements, edge: Edge): TypeCount[] {
  return statements.all<TypeCount>(
    `SELECT k.symbol, e.event_type, count(*) AS count
     FROM (SELECT DISTINCT symbol FROM event_rollups
       WHERE resolution = 60 AND bucket >= $firstMinute AND bucket <= $lastMinute AND symbol <> '') AS k
     CROSS JOIN telemetry_events AS e INDEXED BY idx_symbol
       ON e.symbol = k.symbol AND e.timestamp >= $start AND e.timestamp <= $end
     GROUP BY k.symbol, e.event_type`,
    { ...edge, firstMinute: minuteOf(edge.start), lastMinute: minuteOf(edge.end) },
  );
}

function verdictCounts(statements: Statements, range: Range): readonly VerdictCount[] {
  const { segments, edges } = partsOf(statements, "reason_rollups", range);
  const conditions = "AND r.event_type = 'decision' AND r.symbol <> ''";
  const whole = sumRollups<VerdictCount>(
    statements,
    { table: "reason_rollups", keys: ["symbol", "decision"], sums: ["count"], conditions },
    segments,
    {},
  );
  const rest = edges.flatMap((edge) =>
    statements.all<VerdictCount>(
      `SELECT symbol, ${VERDICT} AS decision, count(*) AS count FROM decision_entries
       WHERE timestamp >= $start AND timestamp <= $end AND symbol IS NOT NULL GROUP BY 1, 2`,
      { ...edge },
    ),
  );
  return [...whole, ...rest];
}
