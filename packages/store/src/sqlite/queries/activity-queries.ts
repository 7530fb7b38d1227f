// Events by hour and category, and the users that they name.
import { rangeOf } from "../../queries/event-scope.ts";
import type { Range } from "../../queries/range-parts.ts";
import { MAX_SLICES, tooManySlices } from "../../queries/slice-limit.ts";
import { compareTexts } from "../../records/performance-sums.ts";
import type { TimeRange } from "../../store-queries.ts";
import type { UserActivity } from "../../stored-record.ts";
import { DESCRIBED } from "../record-schema.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import { partsOf } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

interface DescribedHour {
  readonly hour: string;
  readonly category: string | null;
  readonly events: number;
  readonly users: number;
}

const HOUR_S = 3_600;
const HOUR_LENGTH = "2026-11-20T12".length;
const REST_OF_HOUR = ":00:00.000000Z";

/**
 * Exact. What has no category is what is left of the counts that are kept. Cost: index entries of the events with a category, a user or a
 * duration, a million in about a second, and the counts of the hours.
 */
export function userActivity(statements: Statements, range: TimeRange): readonly UserActivity[] {
  const scope = rangeOf(range);
  const totals = hourTotals(statements, scope);
  if (totals.size > MAX_SLICES) throw tooManySlices(range, HOUR_S);
  const described = describedHours(statements, scope);
  const activities = described.flatMap(({ hour, category, events, users }) => {
    if (category === null) return [];
    totals.set(hour, (totals.get(hour) ?? 0) - events);
    return [toActivity(hour, category, events, users)];
  });
  const nameless = new Map(described.flatMap((row) => (row.category === null ? [[row.hour, row.users]] : [])));
  for (const [hour, events] of totals)
    if (events > 0) activities.push(toActivity(hour, null, events, nameless.get(hour) ?? 0));
  return activities.sort(latestFirst);
}

function describedHours(statements: Statements, { start, end }: Range): readonly DescribedHour[] {
  return statements.all<DescribedHour>(
    `SELECT substr(timestamp, 1, ${HOUR_LENGTH}) AS hour, event_category AS category, count(*) AS events, count(DISTINCT user_id) AS users
     FROM telemetry_events INDEXED BY idx_events_described WHERE ${DESCRIBED} AND timestamp >= $start AND timestamp <= $end
     GROUP BY hour, category`,
    { start: start ?? FIRST_TIMESTAMP, end: end ?? LAST_TIMESTAMP },
  );
}

/** All events of each hour: kept counts for whole minutes, hours and days, entries of an index for what is left at the ends. */
function hourTotals(statements: Statements, range: Range): Map<string, number> {
  const { segments, edges } = partsOf(statements, "event_rollups", range);
  const totals = new Map<string, number>();
  const add = (hour: string, count: number) => totals.set(hour, (totals.get(hour) ?? 0) + count);
  for (const { resolution, from, to } of segments) {
    const rows = statements.all<{ bucket: number; count: number }>(
      `SELECT bucket - (bucket % ${HOUR_S} + ${HOUR_S}) % ${HOUR_S} AS bucket, total(count) AS count FROM event_rollups
       WHERE resolution = $resolution AND bucket >= $from AND bucket < $to GROUP BY 1 LIMIT ${MAX_SLICES + 1}`,
      { resolution: Math.min(resolution, HOUR_S), from, to },
    );
    for (const { bucket, count } of rows) add(new Date(bucket * 1000).toISOString().slice(0, HOUR_LENGTH), count);
  }
  for (const { start, end } of edges) {
    const rows = statements.all<{ hour: string; count: number }>(
      `SELECT substr(timestamp, 1, ${HOUR_LENGTH}) AS hour, count(*) AS count FROM telemetry_events INDEXED BY idx_timestamp
       WHERE timestamp >= $start AND timestamp <= $end GROUP BY hour`,
      { start, end },
    );
    for (const { hour, count } of rows) add(hour, count);
  }
  return totals;
}

function toActivity(hour: string, category: string | null, events: number, users: number): UserActivity {
  return { hour: `${hour}${REST_OF_HOUR}`, event_category: category, event_count: events, unique_users: users };
}

function latestFirst(a: UserActivity, b: UserActivity): number {
  if (a.hour !== b.hour) return a.hour > b.hour ? -1 : 1;
  return b.event_count - a.event_count || compareTexts([a.event_category], [b.event_category]);
}
