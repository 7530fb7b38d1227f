// Keeps what the minutes of series come to by the hour.
import { bucketQuantile } from "../records/bucket-quantile.ts";
import { EMPTY_HOUR, type HourLists, type HourMinute, hourOf, placeOf, withMinutes } from "../records/hour-values.ts";
import type { BatchMinute } from "./metric-batch.ts";
import { READ_HOURS, WRITE_HOURS } from "./metric-statements.ts";
import type { SqlClient } from "./sql-client.ts";

/** Minutes of a series that have other values than its row says. */
interface ChangedHour {
  readonly series: number;
  readonly second: number;
  readonly minutes: Map<number, HourMinute>;
}

/** Writes minutes, as they are now, into `metric_hours`; part of the caller's transaction, which nobody else writes points in. */
export async function writeHours(client: SqlClient, minutes: readonly BatchMinute[]): Promise<void> {
  const changed = new Map<string, ChangedHour>();
  for (const minute of minutes) {
    const [series, second] = [minute.series.id!, hourOf(minute.bucket)];
    const key = `${series} ${second}`;
    const hour = changed.get(key) ?? { series, second, minutes: new Map() };
    changed.set(key, hour);
    hour.minutes.set(placeOf(minute.bucket), toHourMinute(minute));
  }
  const hours = [...changed.values()];
  const keys = [hours.map(({ series }) => series), hours.map(({ second }) => second)];
  const before = new Map<string, HourLists>();
  for (const row of await client.rows<{
    series: number;
    second: number;
    value_list: string;
    percentile_list: string | null;
  }>(READ_HOURS, keys))
    before.set(`${row.series} ${row.second}`, { valueList: row.value_list, percentileList: row.percentile_list });
  const rows = [...changed].map(([key, hour]) => withMinutes(before.get(key) ?? EMPTY_HOUR, hour.minutes));
  await client.rows(WRITE_HOURS, [
    ...keys,
    rows.map(({ samples }) => samples),
    rows.map(({ valueSum }) => valueSum),
    rows.map(({ valueMin }) => valueMin),
    rows.map(({ valueMax }) => valueMax),
    rows.map(({ largest95 }) => largest95),
    rows.map(({ valueList }) => valueList),
    rows.map(({ percentileList }) => percentileList),
  ]);
}

/** Of a histogram the mean of what came, if anything has. */
function toHourMinute({ series, value, count, counts }: BatchMinute): HourMinute {
  if (series.type !== "histogram") return { value, percentile95: null };
  const bounds = JSON.parse(series.bounds ?? "[]") as number[];
  return {
    value: count !== null && count > 0 ? value / count : null,
    percentile95: bucketQuantile(0.95, bounds, counts ?? []),
  };
}
