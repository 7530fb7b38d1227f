// How many events, by type, by symbol, by score.
import { type ScoreRow, toDistribution } from "../../queries/confidence-bins.ts";
import { type EventScope, isOfDescribed, rangeOf, scopeOf } from "../../queries/event-scope.ts";
import { optionalText, wholeNumber } from "../../queries/query-values.ts";
import type { ConfidenceDistribution, EventFilter, Facets, SymbolCounts, TimeRange } from "../../store-queries.ts";
import type { Connection } from "../connection.ts";
import { VERDICT } from "../schema/log-tables.ts";
import { areAs, ofScope } from "./asking.ts";
import { type Counting, sumCounts } from "./kept-counts.ts";
import { newestRuns } from "./run-queries.ts";

type EventKey = "event_type" | "symbol";

const SCORE_BIN = "toUInt8(least(floor(least(greatest(assumeNotNull(score), 0), 100) / 10), 9))";

export async function countEvents(connection: Connection, filter: EventFilter): Promise<number> {
  return countScope(connection, scopeOf(filter));
}

/** {@link countEvents} of a filter that was looked at. */
export async function countScope(connection: Connection, scope: EventScope): Promise<number> {
  const [row] = isOfDescribed(scope)
    ? await countRows<{ count: string }>(connection, scope)
    : await sumCounts<{ count: string }>(connection, scope, eventsOf(scope, []));
  return Number(row?.count ?? 0);
}

export async function countByType(
  connection: Connection,
  filter: EventFilter,
): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(await countByKey(connection, scopeOf(filter), "event_type"));
}

/** Exact counts at the cost of two counts, and of those of runs by the minute. */
export async function facets(connection: Connection, range: TimeRange, limit: number): Promise<Facets> {
  wholeNumber("limit", limit, 1);
  const scope = scopeOf({ startTime: range.startTime, endTime: range.endTime });
  const [eventTypes, symbols, runs] = await Promise.all([
    countByKey(connection, scope, "event_type"),
    countByKey(connection, scope, "symbol"),
    newestRuns(connection, scope, limit),
  ]);
  return { eventTypes: mostOf(eventTypes, limit), symbols: mostOf(symbols, limit), runs };
}

export async function symbolCounts(
  connection: Connection,
  range: TimeRange,
  limit: number,
): Promise<readonly SymbolCounts[]> {
  wholeNumber("limit", limit, 1);
  const scope = rangeOf(range);
  const where = { sql: "symbol != ''", parameters: {} };
  const keys = [["symbol", "symbol"] as const];
  const [types, verdicts] = await Promise.all([
    sumCounts<{ symbol: string; event_type: string; count: string }>(connection, scope, {
      table: "event_rollups",
      keys: [...keys, ["event_type", "event_type"]],
      where,
      ofRows: "1",
    }),
    sumCounts<{ symbol: string; verdict: string; count: string }>(connection, scope, {
      table: "reason_rollups",
      keys: [...keys, ["verdict", VERDICT]],
      where: { sql: "symbol != '' AND event_type = 'decision'", parameters: {} },
      ofRows: "1",
    }),
  ]);
  const symbols = new Map<
    string,
    { events: number; byType: Map<string, number>; accepted: number; rejected: number }
  >();
  for (const { symbol, event_type: type, count } of types) {
    const known = symbols.get(symbol) ?? { events: 0, byType: new Map<string, number>(), accepted: 0, rejected: 0 };
    known.events += Number(count);
    known.byType.set(type, Number(count));
    symbols.set(symbol, known);
  }
  for (const { symbol, verdict, count } of verdicts) {
    const known = symbols.get(symbol);
    if (known !== undefined) known[verdict === "ACCEPT" ? "accepted" : "rejected"] += Number(count);
  }
  return [...symbols]
    .sort(([a, one], [b, other]) => other.events - one.events || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([symbol, { byType, ...counts }]) => ({ symbol, ...counts, byType: Object.fromEntries(byType) }));
}

export async function confidenceDistribution(
  connection: Connection,
  filter: TimeRange & { readonly symbol?: string | undefined },
): Promise<ConfidenceDistribution> {
  const rows = await sumCounts<{ score_bin: number; count: string; sum: number }>(connection, rangeOf(filter), {
    table: "confidence_rollups",
    keys: [["score_bin", SCORE_BIN]],
    sums: [
      ["count", "count()"],
      ["sum", "sum(assumeNotNull(score))"],
    ],
    where: areAs({ symbol: optionalText("symbol", filter.symbol) }),
    ofRows: "event_type = 'signal_generated' AND score IS NOT NULL",
  });
  return toDistribution(rows.map((row): ScoreRow => ({ ...row, count: Number(row.count), sum: Number(row.sum) })));
}

async function countByKey(
  connection: Connection,
  scope: EventScope,
  key: EventKey,
): Promise<readonly (readonly [string, number])[]> {
  type Row = Record<EventKey, string> & { count: string };
  const rows = isOfDescribed(scope)
    ? await countRows<Row>(connection, scope, key)
    : await sumCounts<Row>(connection, scope, eventsOf(scope, [[key, key]]));
  return rows.filter((row) => row[key] !== "").map((row) => [row[key], Number(row.count)] as const);
}

/** Of a user or a category, by which no counts are kept: a column of the range is read. */
function countRows<Row>(connection: Connection, scope: EventScope, key?: EventKey): Promise<readonly Row[]> {
  const { sql, parameters } = ofScope(scope);
  const [column, grouping] = key === undefined ? ["", ""] : [`${key}, `, `GROUP BY ${key}`];
  return connection.rows<Row>(`SELECT ${column}count() AS count FROM otel_logs WHERE ${sql} ${grouping}`, parameters);
}

/** Counts of runs have a table of their own: all together they would be as many as runs. */
function eventsOf({ eventType, symbol, runId }: EventScope, keys: Counting["keys"]): Counting {
  const where = areAs({ event_type: eventType, symbol, run_id: runId });
  return { table: runId === undefined ? "event_rollups" : "run_rollups", keys, where, ofRows: "1" };
}

function mostOf(counts: readonly (readonly [string, number])[], limit: number) {
  const sorted = counts.map(([value, count]) => ({ value, count }));
  return sorted.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
}
