// What users did, as a table: a row for each category, a column for each hour.
import type { Answer } from "../../api/client.ts";

/** Events of an hour and category. */
export type Activity = Answer<"/api/telemetry/user-activity">["hours"][number];

/** A cell; undefined where there was nothing. */
export type ActivityCell = Pick<Activity, "event_count" | "unique_users">;

/** The table. */
export interface ActivityGrid {
  /** Every hour of the range, as text. */
  readonly hours: readonly string[];
  readonly rows: readonly {
    /** Empty: events without a category. */
    readonly category: string;
    readonly events: number;
    readonly cells: readonly (ActivityCell | undefined)[];
  }[];
}

/** Columns that can be looked through: a week. */
const MAX_HOURS = 168;
const HOUR_MS = 3_600_000;

/**
 * Puts it together, most events first, those without a category last; of more than a week the newest hours. `from` and `to` are whole hours,
 * in milliseconds since 1970.
 */
export function activityGrid(activity: readonly Activity[], from: number, to: number): ActivityGrid {
  const count = Math.min(MAX_HOURS, Math.round((to - from) / HOUR_MS));
  const first = to - count * HOUR_MS;
  const rows = new Map<string, { events: number; cells: (ActivityCell | undefined)[] }>();
  for (const { hour, event_category: category, event_count, unique_users } of activity) {
    const at = (Date.parse(hour) - first) / HOUR_MS;
    if (!Number.isInteger(at) || at < 0 || at >= count) continue;
    const row = rows.get(category ?? "") ?? { events: 0, cells: new Array<ActivityCell | undefined>(count) };
    rows.set(category ?? "", row);
    row.events += event_count;
    row.cells[at] = { event_count, unique_users };
  }
  return {
    hours: Array.from({ length: count }, (_, i) => new Date(first + i * HOUR_MS).toISOString()),
    rows: [...rows]
      .map(([category, { events, cells }]) => ({ category, events, cells: [...cells] }))
      .sort(
        (a, b) =>
          Number(a.category === "") - Number(b.category === "") ||
          b.events - a.events ||
          (a.category < b.category ? -1 : 1),
      ),
  };
}
