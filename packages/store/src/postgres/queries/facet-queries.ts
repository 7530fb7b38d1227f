// Values that a filter may be given.
import { type EventScope, scopeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import { minuteOf } from "../../queries/range-parts.ts";
import type { Facets, TimeRange } from "../../store-queries.ts";
import { countByKey, type EventKey } from "./count-queries.ts";
import { boundsOf, secondInstant } from "./event-scope.ts";
import { timeText } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

interface Run {
  readonly value: string;
  readonly lastTimestamp: string;
}

/** A run, and the last hour of the range in which it has counts. */
interface RunHour {
  readonly run_id: string;
  readonly hour: number;
}

const HOUR = 3_600;
/** Up to so many runs are all looked at: two steps into an index for each. */
const MAX_RUNS = 10_000;
/** Of more of them only those are looked at that are in the newest counts by the minute, so many of them. */
const MAX_COUNTS = 100_000;
/** Runs whose events are looked at in one go. */
const GO = 200;

const LAST_HOUR = `(SELECT max(h.bucket) FROM run_rollups AS h
  WHERE h.run_id = runs.run_id AND h.resolution = ${HOUR} AND h.bucket >= $firstHour AND h.bucket <= $lastHour)`;

/** From each run to the next in the key of their counts. */
const ALL_RUNS = `WITH RECURSIVE runs (run_id) AS (
    (SELECT run_id FROM run_rollups ORDER BY run_id LIMIT 1)
    UNION ALL
    SELECT (SELECT n.run_id FROM run_rollups AS n WHERE n.run_id > runs.run_id ORDER BY n.run_id LIMIT 1)
    FROM runs WHERE runs.run_id IS NOT NULL
  ) SELECT run_id, ${LAST_HOUR} AS hour FROM (SELECT * FROM runs WHERE run_id IS NOT NULL LIMIT ${MAX_RUNS}) AS runs`;

const NEWEST_RUNS = `SELECT run_id, ${LAST_HOUR} AS hour FROM (
    SELECT DISTINCT run_id FROM (
      SELECT run_id FROM event_rollups WHERE resolution = 60 AND bucket >= $firstHour AND bucket < $lastHour::bigint + ${HOUR}
      ORDER BY bucket DESC LIMIT ${MAX_COUNTS}
    ) AS newest WHERE run_id <> ''
  ) AS runs`;

/** The last event of each run in the range: it is in the hour that is known, or before it where the range ends within that hour. */
const LAST_EVENTS = `SELECT runs.run_id AS value, ${timeText("last.timestamp")} AS "lastTimestamp"
  FROM unnest($runs::text[], $from::timestamptz[], $to::timestamptz[]) AS runs (run_id, hour_start, hour_end) CROSS JOIN LATERAL (
    SELECT timestamp FROM telemetry_events AS e WHERE e.run_id = runs.run_id AND e.timestamp >= runs.hour_start
      AND e.timestamp < runs.hour_end AND e.timestamp >= $start AND e.timestamp <= $end ORDER BY e.timestamp DESC LIMIT 1
  ) AS last`;

/**
 * Exact counts, at the cost of two counts. Of a store that has more than 10,000 runs, those that wrote among the newest 100,000 counts of
 * the range are looked at: with many runs that is the last of them, and with few there are not so many.
 */
export async function facets(statements: Statements, range: TimeRange, limit: number): Promise<Facets> {
  wholeNumber("limit", limit, 1);
  const scope = scopeOf({ startTime: range.startTime, endTime: range.endTime });
  return {
    eventTypes: await mostOf(statements, scope, "event_type", limit),
    symbols: await mostOf(statements, scope, "symbol", limit),
    runs: await newestRuns(statements, scope, limit),
  };
}

async function mostOf(statements: Statements, scope: EventScope, key: EventKey, limit: number) {
  const counts = [...(await countByKey(statements, scope, key))].map(([value, count]) => ({ value, count }));
  return counts.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
}

async function newestRuns(statements: Statements, scope: EventScope, limit: number): Promise<readonly Run[]> {
  const hours = await hoursOfRuns(statements, scope);
  const found: Run[] = [];
  for (let at = 0; at < hours.length; at += GO) {
    const oldest = found[limit - 1];
    // Those that are left wrote last before the hour of the next of them ended.
    if (oldest !== undefined && oldest.lastTimestamp >= secondInstant(hours[at]!.hour + HOUR)) break;
    found.push(...(await lastEvents(statements, scope, hours.slice(at, at + GO))));
    found.sort(newestFirst);
  }
  return found.slice(0, limit);
}

async function hoursOfRuns(statements: Statements, { start, end }: EventScope): Promise<readonly RunHour[]> {
  const parameters = {
    firstHour: start === undefined ? Number.MIN_SAFE_INTEGER : hourOf(start),
    lastHour: end === undefined ? Number.MAX_SAFE_INTEGER - HOUR : hourOf(end),
  };
  let runs = await statements.all<RunHour | { readonly run_id: string; readonly hour: null }>(ALL_RUNS, parameters);
  if (runs.length >= MAX_RUNS) runs = await statements.all(NEWEST_RUNS, parameters);
  return runs.filter((run): run is RunHour => run.hour !== null).sort((a, b) => b.hour - a.hour);
}

async function lastEvents(
  statements: Statements,
  scope: EventScope,
  hours: readonly RunHour[],
): Promise<readonly Run[]> {
  const endHour = scope.end === undefined ? undefined : hourOf(scope.end);
  return statements.all<Run>(LAST_EVENTS, {
    ...boundsOf(scope),
    runs: hours.map(({ run_id: run }) => run),
    from: hours.map(({ hour }) => secondInstant(hour === endHour ? Number.NEGATIVE_INFINITY : hour)),
    to: hours.map(({ hour }) => secondInstant(hour + HOUR)),
  });
}

function hourOf(timestamp: string): number {
  return Math.floor(minuteOf(timestamp) / HOUR) * HOUR;
}

function newestFirst(a: Run, b: Run): number {
  if (a.lastTimestamp === b.lastTimestamp) return a.value < b.value ? -1 : 1;
  return a.lastTimestamp > b.lastTimestamp ? -1 : 1;
}
