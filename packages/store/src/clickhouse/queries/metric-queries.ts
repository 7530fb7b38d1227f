// Metrics over time, in slices of whole minutes, by their sums of minutes, hours and days.
import { toData } from "../../queries/event-rows.ts";
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText, requiredText, stepOf } from "../../queries/query-values.ts";
import { MAX_SLICES, tooManySlices } from "../../queries/slice-limit.ts";
import { RESOLUTIONS } from "../../resolutions.ts";
import type {
  HistogramSeries,
  HistogramSlice,
  MetricFilter,
  MetricName,
  NumberSeries,
  TimeRange,
} from "../../store-queries.ts";
import type { Connection } from "../connection.ts";
import { sliceOf, wholeMinutesOf } from "./asking.ts";

type Labels = Readonly<Record<string, string>>;

interface SeriesRow {
  readonly id: string;
  readonly labels_json: string;
  readonly bounds: readonly number[];
  readonly type: "gauge" | "sum" | "histogram";
  readonly unit: string;
  readonly instance_id: string;
  readonly ServiceName: string;
}

const LONGEST_NAME = 1_000;
/** More lines than a chart can show. */
const MAX_SERIES = 500;

/** Points whose bounds are not as many as those that the series has now are left out. */
export async function histogram(connection: Connection, filter: MetricFilter): Promise<readonly HistogramSeries[]> {
  const buckets = bucketsOf(filter);
  const alike = new Map<string, SeriesRow[]>();
  for (const row of await seriesOf(connection, filter, buckets)) {
    if (row.type !== "histogram") continue;
    const key = JSON.stringify([row.labels_json, row.bounds]);
    const rows = alike.get(key);
    if (rows !== undefined) rows.push(row);
    else if (alike.size < MAX_SERIES) alike.set(key, [row]);
  }
  const groups = [...alike.values()];
  const slices = await histogramSlices(connection, filter, buckets, groups);
  return groups
    .map((rows, i) => ({ labels: labelsOf(rows[0]!), bounds: rows[0]!.bounds, slices: slices[i]! }))
    .filter((series) => series.slices.length > 0);
}

export async function numbers(connection: Connection, filter: MetricFilter): Promise<readonly NumberSeries[]> {
  const buckets = bucketsOf(filter);
  const rows = (await seriesOf(connection, filter, buckets))
    .filter((row) => row.type !== "histogram")
    .slice(0, MAX_SERIES);
  if (rows.length === 0) return [];
  const points = await connection.lists(
    `SELECT toString(series), ${sliceOf(filter.stepSeconds)} AS slice, sum(sum), argMaxMerge(last) FROM metric_rollups
     WHERE ${buckets} AND series IN (${rows.map((row) => row.id).join(", ")}) GROUP BY series, slice ORDER BY slice`,
  );
  const bySeries = Map.groupBy(points, ([series]) => String(series));
  return rows.map((row) => {
    const own = bySeries.get(row.id) ?? [];
    if (own.length > MAX_SLICES) throw tooManySlices(filter, filter.stepSeconds);
    return {
      labels: labelsOf(row),
      instance_id: row.instance_id || null,
      service_name: row.ServiceName || null,
      type: row.type as "gauge" | "sum",
      unit: row.unit,
      slices: own.map(([, bucket, sum, last]) => ({
        bucket: Number(bucket),
        value: Number(row.type === "sum" ? sum : last),
      })),
    };
  });
}

export async function metricNames(connection: Connection, range: TimeRange): Promise<readonly MetricName[]> {
  const buckets = wholeMinutesOf(rangeOf(range));
  const rows = await connection.rows<Omit<MetricName, "series"> & { readonly series: string }>(
    `SELECT name, argMax(type, place) AS type, argMax(unit, place) AS unit, argMax(description, place) AS description, count() AS series
     FROM (SELECT toString(name) AS name, toString(type) AS type, toString(unit) AS unit, description, (last_time_micros, id) AS place
       FROM metric_series FINAL WHERE id GLOBAL IN (SELECT series FROM metric_rollups WHERE ${buckets})) GROUP BY name ORDER BY name`,
  );
  return rows.map(({ name, type, unit, description, series }) => ({
    name,
    type,
    unit,
    description,
    series: Number(series),
  }));
}

/** Series that have points in the range, those first that were heard of last. */
async function seriesOf(
  connection: Connection,
  { name, labels = {} }: MetricFilter,
  buckets: string,
): Promise<readonly SeriesRow[]> {
  const wanted = Object.entries(labels).filter(
    ([label, value]) => optionalText(`labels.${label}`, value) !== undefined,
  );
  const rows = await connection.rows<SeriesRow>(
    `SELECT id, labels_json, bounds, type, unit, instance_id, ServiceName FROM metric_series FINAL WHERE name = {name:String}
       AND id GLOBAL IN (SELECT series FROM metric_rollups WHERE ${buckets})
     ORDER BY last_time_micros DESC, labels_json, instance_id`,
    { name: requiredText("name", name, LONGEST_NAME).replaceAll("\0", "\ufffd") },
  );
  return rows.filter((row) => {
    const own = labelsOf(row);
    return wanted.every(([label, value]) => Object.hasOwn(own, label) && own[label] === value);
  });
}

/** The slices of each group of series, which are added up. */
async function histogramSlices(
  connection: Connection,
  filter: MetricFilter,
  buckets: string,
  groups: readonly (readonly SeriesRow[])[],
): Promise<readonly (readonly HistogramSlice[])[]> {
  if (groups.length === 0) return [];
  const places = groups.flatMap((rows, i) => rows.map(({ id }) => [id, i] as const));
  const group = `transform(series, [${places.map(([id]) => id).join(", ")}], [${places.map(([, i]) => i).join(", ")}], 0)`;
  const lengths = `[${groups.map((rows) => rows[0]!.bounds.length + 1).join(", ")}]`;
  const points = await connection.lists(
    `SELECT ${group} AS place, ${sliceOf(filter.stepSeconds)} AS slice, sum(count), sum(sum), sumForEachMerge(counts) FROM metric_rollups
     WHERE ${buckets} AND series IN (${places.map(([id]) => id).join(", ")}) AND length = arrayElement(${lengths}, toUInt32(${group}) + 1)
     GROUP BY place, slice ORDER BY slice`,
  );
  const byGroup = Map.groupBy(points, ([place]) => Number(place));
  return groups.map((_, i) => {
    const own = byGroup.get(i) ?? [];
    if (own.length > MAX_SLICES) throw tooManySlices(filter, filter.stepSeconds);
    return own.map(([, bucket, count, sum, counts]) => ({
      bucket: Number(bucket),
      count: Number(count),
      sum: Number(sum),
      bucketCounts: (counts as unknown as readonly string[]).map(Number),
    }));
  });
}

function bucketsOf(filter: MetricFilter): string {
  const range = rangeOf(filter);
  const step = stepOf("stepSeconds", filter.stepSeconds);
  requiredText("name", filter.name, LONGEST_NAME);
  return wholeMinutesOf(range, RESOLUTIONS.filter((resolution) => step % resolution === 0).length);
}

function labelsOf({ labels_json: text }: SeriesRow): Labels {
  return toData(text) as Labels;
}
