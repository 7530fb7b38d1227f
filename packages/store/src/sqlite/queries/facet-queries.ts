// Values that a filter may be given.

import { type EventScope, scopeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import { minuteOf } from "../../queries/range-parts.ts";
import type { Facets, TimeRange } from "../../store-queries.ts";
import { countByKey, type EventKey } from "./count-queries.ts";
import { parametersOf } from "./event-scope.ts";
import type { Statements } from "./statements.ts";

interface Run {
  readonly value: string;
  readonly lastTimestamp: string;
}

/** Up to so many runs are all looked at: two steps into an index for each. */
const MAX_RUNS = 10_000;
/** Of more of them only those are looked at that are in the newest counts by the minute, so many of them. */
const MAX_COUNTS = 100_000;

const LAST_OF_RUN = `SELECT run_id AS value, (SELECT timestamp FROM telemetry_events AS e INDEXED BY idx_run_id
  WHERE e.run_id = runs.run_id AND timestamp >= $start AND timestamp <= $end
  ORDER BY timestamp DESC LIMIT 1) AS lastTimestamp FROM runs`;

const ALL_RUNS = `WITH RECURSIVE runs (run_id) AS (
    SELECT (SELECT min(run_id) FROM telemetry_events INDEXED BY idx_run_id WHERE run_id IS NOT NULL)
    UNION ALL
    SELECT (SELECT min(run_id) FROM telemetry_events INDEXED BY idx_run_id WHERE run_id > runs.run_id)
    FROM runs WHERE runs.run_id IS NOT NULL
    LIMIT $limit
  ) ${LAST_OF_RUN} WHERE run_id IS NOT NULL`;

const NEWEST_RUNS = `WITH runs (run_id) AS (
    SELECT DISTINCT run_id FROM (
      SELECT run_id FROM event_rollups WHERE resolution = 60 AND bucket >= $firstMinute AND bucket <= $lastMinute
      ORDER BY bucket DESC LIMIT $limit
    ) WHERE run_id <> ''
  ) ${LAST_OF_RUN}`;

/**
 * Exact counts, at the cost of two counts. Of a store that has more than 10,000 runs, those that wrote among the newest 100,000 counts of
 * the range are looked at: with many runs that is the last of them, and with few there are not so many.
 */
export function facets(statements: Statements, range: TimeRange, limit: number): Facets {
  wholeNumber("limit", limit, 1);
  const scope = scopeOf({ startTime: range.startTime, endTime: range.endTime });
  return {
    eventTypes: mostOf(statements, scope, "event_type", limit),
    symbols: mostOf(statements, scope, "symbol", limit),
    runs: newestRuns(statements, scope, limit),
  };
}

function mostOf(statements: Statements, scope: EventScope, key: EventKey, limit: number) {
  const counts = [...countByKey(statements, scope, key)].map(([value, count]) => ({ value, count }));
  return counts.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
}

function newestRuns(statements: Statements, scope: EventScope, limit: number): readonly Run[] {
  const parameters = parametersOf(scope);
  let runs = statements.all<Run | { readonly value: string; readonly lastTimestamp: null }>(ALL_RUNS, {
    ...parameters,
    limit: MAX_RUNS,
  });
  if (runs.length >= MAX_RUNS - 1)
    runs = statements.all(NEWEST_RUNS, {
      ...parameters,
      limit: MAX_COUNTS,
      firstMinute: scope.start === undefined ? Number.MIN_SAFE_INTEGER : minuteOf(scope.start),
      lastMinute: scope.end === undefined ? Number.MAX_SAFE_INTEGER : minuteOf(scope.end),
    });
  return runs
    .filter((run): run is Run => run.lastTimestamp !== null)
    .sort((a, b) => (a.lastTimestamp === b.lastTimestamp ? byValue(a, b) : a.lastTimestamp > b.lastTimestamp ? -1 : 1))
    .slice(0, limit)
    .map(({ value, lastTimestamp }) => ({ value, lastTimestamp }));
}

function byValue(a: Run, b: Run): number {
  return a.value < b.value ? -1 : 1;
}
