// How many events: kept counts for whole minutes, hours and days, entries of an index for what is left at the ends of the range.

import { type EventScope, isOfDescribed, scopeOf } from "../../queries/event-scope.ts";
import { type Edge, minuteOf, type Segment } from "../../queries/range-parts.ts";
import type { EventFilter } from "../../store-queries.ts";
import { conditionsOf, coveringIndexOf, parametersOf, timeOf } from "./event-scope.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

/** A column that events are told apart by. */
export type EventKey = "event_type" | "symbol";

const HOUR = 3_600;

interface Counted {
  readonly count: number;
}

interface KeyCount extends Counted {
  readonly key: string;
}

/**
 * The number of events; exact. Cost: the counts of at most 46 hours, 118 minutes and the days between, and the index entries of two minutes; of
 * a user or a category the index entries of the range.
 */
export function countEvents(statements: Statements, filter: EventFilter): number {
  return countScope(statements, scopeOf(filter));
}

/** {@link countEvents} of a filter that was looked at. */
export function countScope(statements: Statements, scope: EventScope): number {
  if (isOfDescribed(scope)) return countEdge(statements, scope);
  const { segments, edges } = partsOf(statements, "event_rollups", scope);
  const edgeCounts = edges.map((edge) => countEdge(statements, { ...scope, ...edge }));
  return sumScope(statements, scope, segments) + edgeCounts.reduce((all, one) => all + one, 0);
}

/** What the kept counts say of a filter: what is left at the ends of the range is not looked at. */
export function estimateScope(statements: Statements, scope: EventScope): number {
  return sumScope(statements, scope, partsOf(statements, "event_rollups", scope).segments);
}

/** The number of events of each type; exact, at the cost of {@link countEvents}. */
export function countByType(statements: Statements, filter: EventFilter): Readonly<Record<string, number>> {
  return Object.fromEntries(countByKey(statements, scopeOf(filter), "event_type"));
}

/** The number of events of each value of a column, without those that have none; exact. */
export function countByKey(statements: Statements, scope: EventScope, key: EventKey): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const parts = isOfDescribed(scope) ? [entriesByKey(statements, scope, key)] : partsByKey(statements, scope, key);
  for (const { key: value, count } of parts.flat())
    if (value !== "" && count > 0) counts.set(value, (counts.get(value) ?? 0) + count);
  return counts;
}

function partsByKey(statements: Statements, scope: EventScope, key: EventKey): KeyCount[][] {
  const { segments, edges } = partsOf(statements, "event_rollups", scope);
  return [sumByKey(statements, scope, segments, key), ...edges.map((edge) => edgeByKey(statements, scope, edge, key))];
}

function sumScope(statements: Statements, scope: EventScope, segments: readonly Segment[]): number {
  const { kept, ofRun } = sourcesOf(scope, segments);
  const rows = [
    ...sumRollups<Counted>(statements, sumOf(scope, []), kept, parametersOf(scope)),
    ...sumRun<Counted>(statements, scope, ofRun, "total(count) AS count", ""),
  ];
  return rows.reduce((all, row) => all + row.count, 0);
}

function sumByKey(statements: Statements, scope: EventScope, segments: readonly Segment[], key: EventKey): KeyCount[] {
  const { kept, ofRun } = sourcesOf(scope, segments);
  const sum = sumOf(scope, [key]);
  const rows = sumRollups<Counted & Record<EventKey, string>>(statements, sum, kept, parametersOf(scope));
  return [
    ...rows.map((row) => ({ key: row[key], count: row.count })),
    ...sumRun<KeyCount>(statements, scope, ofRun, `${key} AS key, total(count) AS count`, `GROUP BY ${key}`),
  ];
}

function sumOf(scope: EventScope, keys: readonly EventKey[]) {
  return { table: "event_rollups", keys, sums: ["count"], conditions: conditionsOf(scope) } as const;
}

/** Counts of all runs together know a run by the minute only; by the hour it has counts of its own. */
function sourcesOf({ runId }: EventScope, segments: readonly Segment[]) {
  const isKept = (segment: Segment) => runId === undefined || segment.resolution < HOUR;
  return { kept: segments.filter(isKept), ofRun: segments.filter((segment) => !isKept(segment)) };
}

function sumRun<Row>(
  statements: Statements,
  scope: EventScope,
  segments: readonly Segment[],
  columns: string,
  grouping: string,
): Row[] {
  const [first] = segments;
  if (first === undefined) return [];
  return statements.all<Row>(
    `SELECT ${columns} FROM run_rollups
     WHERE resolution = ${HOUR} AND bucket >= $from AND bucket < $to ${conditionsOf(scope)} ${grouping}`,
    { ...parametersOf(scope), from: first.from, to: segments.at(-1)!.to },
  );
}

function countEdge(statements: Statements, scope: EventScope): number {
  const index = coveringIndexOf(scope);
  const time = timeOf(index);
  const { count } = statements.get<Counted>(
    `SELECT count(*) AS count FROM telemetry_events INDEXED BY ${index}
     WHERE ${time} >= $start AND ${time} <= $end ${conditionsOf(scope)}`,
    parametersOf(scope),
  )!;
  return count;
}

function edgeByKey(statements: Statements, scope: EventScope, edge: Edge, key: EventKey): KeyCount[] {
  const edgeScope = { ...scope, ...edge };
  if (coveringIndexOf(scope) !== "idx_timestamp") return entriesByKey(statements, edgeScope, key);
  // The index of times knows no values, but the counts of the minute say which there are: each of them has an index.
  return statements.all(
    `SELECT ${key} AS key, (SELECT count(*) FROM telemetry_events INDEXED BY idx_${key}
       WHERE ${key} = k.${key} AND timestamp >= $start AND timestamp <= $end) AS count
     FROM (SELECT DISTINCT ${key} FROM event_rollups
       WHERE resolution = 60 AND bucket >= $firstMinute AND bucket <= $lastMinute) AS k`,
    { ...parametersOf(edgeScope), firstMinute: minuteOf(edge.start), lastMinute: minuteOf(edge.end) },
  );
}

/** Of a filter that has an index of its own. */
function entriesByKey(statements: Statements, scope: EventScope, key: EventKey): KeyCount[] {
  const index = coveringIndexOf(scope);
  const time = timeOf(index);
  return statements.all(
    `SELECT ${key} AS key, count(*) AS count FROM telemetry_events INDEXED BY ${index}
     WHERE ${time} >= $start AND ${time} <= $end ${conditionsOf(scope)} AND ${key} IS NOT NULL GROUP BY ${key}`,
    parametersOf(scope),
  );
}
