// One system metric over time: its records, put into slices for each service, host and instance.
import { parseTimestamp } from "@tracebook/core";
import type { StoredSystemMetric, StoreQueries, SystemMetricFilter } from "@tracebook/store";
import type { Budget } from "../work/budget.ts";
import { readNewestFirst } from "./newest-first.ts";

/** Records that are looked at, newest first. */
const MAX_RECORDS = 100_000;
const PAGE = 5_000;
const MAX_SERIES = 50;
const PERCENTILES = ["percentile_50", "percentile_90", "percentile_95", "percentile_99"] as const;

type Percentiles = Record<(typeof PERCENTILES)[number], number | null>;

interface Slice extends Percentiles {
  samples: number;
  sum: number;
  most: number;
}

interface Series {
  /** The newest record: what the series is called, and what it is now. */
  readonly last: StoredSystemMetric;
  readonly slices: Map<number, Slice>;
}

/**
 * The metric in slices: mean and largest value, and of each percentile the largest that a record of the slice has (percentiles have no mean).
 * Records that differ in their tags or unit are different series.
 */
export async function systemTimeline(
  store: Pick<StoreQueries, "systemMetrics">,
  filter: SystemMetricFilter & { readonly metricName: string },
  stepSeconds: number,
  budget: Budget,
) {
  const all = new Map<string, Series>();
  const leftOut = new Set<string>();
  const lookedBackTo = await readNewestFirst(
    {
      read: (endTime, limit, offset) => store.systemMetrics({ ...filter, endTime }, limit, offset),
      timeOf: ({ metric_timestamp: timestamp }) => timestamp,
      endTime: filter.endTime,
      most: MAX_RECORDS,
      pageSize: PAGE,
    },
    budget,
    (record) => {
      const key = keyOf(record);
      let series = all.get(key);
      if (series === undefined) {
        if (all.size >= MAX_SERIES) {
          // Names that are only counted must not fill the memory.
          if (leftOut.size < MAX_RECORDS) leftOut.add(key);
          return;
        }
        series = { last: record, slices: new Map() };
        all.set(key, series);
      }
      addTo(series, record, stepSeconds);
    },
  );
  return {
    metric_name: filter.metricName,
    step_seconds: stepSeconds,
    series: [...all.values()].map(toSeries),
    series_left_out: leftOut.size,
    looked_back_to: lookedBackTo,
  };
}

function keyOf({
  service_name: service,
  host_name: host,
  instance_id: id,
  tags,
  metric_unit: unit,
}: StoredSystemMetric) {
  return JSON.stringify([service, host, id, unit, tags]);
}

function addTo({ slices }: Series, record: StoredSystemMetric, stepSeconds: number): void {
  const seconds = (parseTimestamp(record.metric_timestamp) ?? 0) / 1e6;
  const time = Math.floor(seconds / stepSeconds) * stepSeconds;
  let slice = slices.get(time);
  if (slice === undefined) {
    const none = { percentile_50: null, percentile_90: null, percentile_95: null, percentile_99: null };
    slice = { samples: 0, sum: 0, most: Number.NEGATIVE_INFINITY, ...none };
    slices.set(time, slice);
  }
  slice.samples++;
  slice.sum += record.metric_value;
  slice.most = Math.max(slice.most, record.metric_value);
  for (const name of PERCENTILES) {
    const value = record[name];
    if (value !== null) slice[name] = Math.max(slice[name] ?? Number.NEGATIVE_INFINITY, value);
  }
}

function toSeries({ last, slices }: Series) {
  return {
    service_name: last.service_name,
    host_name: last.host_name,
    instance_id: last.instance_id,
    tags: last.tags,
    metric_type: last.metric_type,
    metric_unit: last.metric_unit,
    last_value: last.metric_value,
    last_timestamp: last.metric_timestamp,
    slices: [...slices]
      .sort(([a], [b]) => a - b)
      .map(([time, { samples, sum, most, ...percentiles }]) => ({
        time,
        samples,
        avg_value: sum / samples,
        max_value: most,
        ...percentiles,
      })),
  };
}
