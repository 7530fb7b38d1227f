// How many events: kept counts for whole minutes, hours and days, rows for what is left at the ends of the range.
import { type EventScope, isOfDescribed, scopeOf } from "../../queries/event-scope.ts";
import type { Segment } from "../../queries/range-parts.ts";
import type { EventFilter } from "../../store-queries.ts";
import { conditionsOf, parametersOf } from "./event-scope.ts";
import { partsOf, type RollupSum, sumRollups } from "./rollup-sums.ts";
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
 * The number of events; exact. Cost: the counts of at most 46 hours, 118 minutes and the days between, and the rows of two minutes; of a user
 * or a category the rows of the range, by their index.
 */
export async function countEvents(statements: Statements, filter: EventFilter): Promise<number> {
  return countScope(statements, scopeOf(filter));
}

/** {@link countEvents} of a filter that was looked at. */
export async function countScope(statements: Statements, scope: EventScope): Promise<number> {
  if (isOfDescribed(scope)) return countRows(statements, scope);
  const { segments, edges } = await partsOf(statements, "event_rollups", scope);
  let count = 0;
  for (const row of await sumScope<Counted>(statements, scope, segments, [])) count += row.count;
  for (const edge of edges) count += await countRows(statements, { ...scope, ...edge });
  return count;
}

/** The number of events of each type; exact, at the cost of {@link countEvents}. */
export async function countByType(
  statements: Statements,
  filter: EventFilter,
): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(await countByKey(statements, scopeOf(filter), "event_type"));
}

/** The number of events of each value of a column, without those that have none; exact. */
export async function countByKey(
  statements: Statements,
  scope: EventScope,
  key: EventKey,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const add = (rows: readonly KeyCount[]) => {
    for (const { key: value, count } of rows)
      if (value !== "" && count > 0) counts.set(value, (counts.get(value) ?? 0) + count);
  };
  if (isOfDescribed(scope)) {
    add(await rowsByKey(statements, scope, key));
    return counts;
  }
  const { segments, edges } = await partsOf(statements, "event_rollups", scope);
  const sums = await sumScope<Counted & Record<EventKey, string>>(statements, scope, segments, [key]);
  add(sums.map((row) => ({ key: row[key], count: row.count })));
  for (const edge of edges) add(await rowsByKey(statements, { ...scope, ...edge }, key));
  return counts;
}

/** Counts of all runs together know a run by the minute only; by the hour it has counts of its own. */
async function sumScope<Row>(
  statements: Statements,
  scope: EventScope,
  segments: readonly Segment[],
  keys: readonly EventKey[],
): Promise<readonly Row[]> {
  const isKept = (segment: Segment) => scope.runId === undefined || segment.resolution < HOUR;
  const ofRun = segments.filter((segment) => !isKept(segment));
  const sum: RollupSum = { table: "event_rollups", keys, sums: ["count"], conditions: conditionsOf(scope) };
  const parameters = parametersOf(scope);
  const kept = await sumRollups<Row>(statements, sum, segments.filter(isKept), parameters);
  if (ofRun.length === 0) return kept;
  const hours = [{ resolution: HOUR, from: ofRun[0]!.from, to: ofRun.at(-1)!.to }];
  return [...kept, ...(await sumRollups<Row>(statements, { ...sum, table: "run_rollups" }, hours, parameters))];
}

/** The same by the rows: of a range that is short. */
export async function countRows(statements: Statements, scope: EventScope): Promise<number> {
  const row = await statements.get<Counted>(
    `SELECT count(*) AS count FROM telemetry_events
     WHERE timestamp >= $start AND timestamp <= $end ${conditionsOf(scope)}`,
    parametersOf(scope),
  );
  return row!.count;
}

async function rowsByKey(statements: Statements, scope: EventScope, key: EventKey): Promise<readonly KeyCount[]> {
  return statements.all(
    `SELECT ${key} AS key, count(*) AS count FROM telemetry_events
     WHERE timestamp >= $start AND timestamp <= $end ${conditionsOf(scope)} AND ${key} IS NOT NULL GROUP BY ${key}`,
    parametersOf(scope),
  );
}
