// Events by hour and category, and the users that they name.
import { rangeOf } from "../../queries/event-scope.ts";
import { minuteOf, type Range } from "../../queries/range-parts.ts";
import { MAX_SLICES, tooManySlices } from "../../queries/slice-limit.ts";
import { compareTexts } from "../../records/performance-sums.ts";
import type { TimeRange } from "../../store-queries.ts";
import type { UserActivity } from "../../stored-record.ts";
import { boundsOf, secondInstant } from "./event-scope.ts";
import { timeText } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

/** Seconds since 1970; `to` does not belong to it. */
interface Hours {
  readonly from: number;
  readonly to: number;
}

const HOUR_S = 3_600;
const FIRST_OF_HOUR = "00:00.000000Z";
const LAST_OF_HOUR = "59:59.999999Z";
const HOUR = `${timeText("hour")} AS hour`;

/** Of the counts that are kept of whole hours. */
const KEPT = `SELECT ${HOUR}, nullif(c.event_category, '') AS event_category, c.event_count, coalesce(u.users, 0) AS unique_users FROM (
    SELECT hour, event_category, sum(event_count)::float8 AS event_count FROM category_rollups
    WHERE hour >= $from AND hour < $to GROUP BY 1, 2
  ) AS c LEFT JOIN (
    SELECT hour, event_category, count(DISTINCT user_id) AS users FROM user_rollups
    WHERE hour >= $from AND hour < $to GROUP BY 1, 2
  ) AS u USING (hour, event_category)`;

/** Of the events at an end of the range. */
const AT_EDGE = `SELECT ${HOUR}, event_category, event_count, unique_users FROM (
    SELECT date_trunc('hour', timestamp, 'UTC') AS hour, event_category, count(*) AS event_count, count(DISTINCT user_id) AS unique_users
    FROM telemetry_events WHERE timestamp >= $start AND timestamp <= $end GROUP BY 1, 2
  ) AS hours`;

/** Exact. Cost: the counts of the hours; of an hour that lies in the range in part its events are read. */
export async function userActivity(statements: Statements, range: TimeRange): Promise<readonly UserActivity[]> {
  const scope = rangeOf(range);
  const rows: UserActivity[] = [];
  const { hours, edges } = partsOf(scope);
  if (hours !== undefined)
    rows.push(
      ...(await statements.all<UserActivity>(KEPT, { from: secondInstant(hours.from), to: secondInstant(hours.to) })),
    );
  for (const edge of edges) rows.push(...(await statements.all<UserActivity>(AT_EDGE, boundsOf(edge))));
  if (new Set(rows.map((row) => row.hour)).size > MAX_SLICES) throw tooManySlices(range, HOUR_S);
  return rows.sort(latestFirst);
}

/** A range as whole hours, and what is left at its ends: at most two parts, each within an hour. */
function partsOf({ start, end }: Range): { readonly hours: Hours | undefined; readonly edges: readonly Range[] } {
  if (start !== undefined && end !== undefined && start > end) return { hours: undefined, edges: [] };
  const from =
    start === undefined ? Number.NEGATIVE_INFINITY : hourOf(start) + (start.endsWith(FIRST_OF_HOUR) ? 0 : HOUR_S);
  const to = end === undefined ? Number.POSITIVE_INFINITY : hourOf(end) + (end.endsWith(LAST_OF_HOUR) ? HOUR_S : 0);
  if (from > to) return { hours: undefined, edges: [{ start, end }] };
  const edges: Range[] = [];
  if (start !== undefined && from > hourOf(start)) edges.push({ start, end: toText(from - HOUR_S, LAST_OF_HOUR) });
  if (end !== undefined && to === hourOf(end)) edges.push({ start: toText(to, FIRST_OF_HOUR), end });
  return { hours: from < to ? { from, to } : undefined, edges };
}

function hourOf(timestamp: string): number {
  return Math.floor(minuteOf(timestamp) / HOUR_S) * HOUR_S;
}

function toText(hour: number, rest: string): string {
  return `${new Date(hour * 1000).toISOString().slice(0, "2026-11-20T12:".length)}${rest}`;
}

function latestFirst(a: UserActivity, b: UserActivity): number {
  if (a.hour !== b.hour) return a.hour > b.hour ? -1 : 1;
  return b.event_count - a.event_count || compareTexts([a.event_category], [b.event_category]);
}
