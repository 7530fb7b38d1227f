// A system metric as the lines of a chart: one for each series, or, of a metric with percentiles, one for each of them.
import type { TimeSeries } from "../../charts/time-chart.tsx";
import { seriesNames } from "../latency/metric-series.ts";
import { PERCENTILES, sliceTimes, sliceValues } from "../latency/percentile-lines.ts";
import type { TimelineSeries } from "./use-timeline.ts";

/** Lines over their times. */
export interface Lines {
  readonly times: readonly number[];
  readonly series: readonly TimeSeries[];
}

/** Lines that can be told apart. */
export const MAX_LINES = 6;

const KEYS = ["percentile_50", "percentile_90", "percentile_95", "percentile_99"] as const;

/** Whether a metric has percentiles: then those are what there is to see of it. */
export function hasPercentiles(series: readonly TimelineSeries[]): boolean {
  return series.some(({ slices }) => slices.some((slice) => slice.percentile_95 !== null));
}

/** The means of each series, of those with the largest values. `colorOf`: by its place among all of them. */
export function meanLines(
  series: readonly TimelineSeries[],
  stepSeconds: number,
  colorOf: (one: TimelineSeries, at: number) => string = (_, at) => `series-${at + 1}`,
): Lines {
  const drawn = [...series].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, MAX_LINES);
  const times = timesOf(drawn, stepSeconds);
  const names = seriesNames(drawn.map((one) => ({ ...one, labels: labelsOf(one) })));
  return {
    times,
    series: drawn.map((one, i) => ({
      label: (names[i] as string).slice(0, 60),
      color: colorOf(one, i),
      values: sliceValues(times, one.slices, ({ avg_value: value }) => value),
    })),
  };
}

/** Each percentile, the largest of all series: percentiles cannot be added up. */
export function percentileLines(series: readonly TimelineSeries[], stepSeconds: number): Lines {
  const times = timesOf(series, stepSeconds);
  const largest = KEYS.map(() => new Map<number, number>());
  for (const { slices } of series)
    for (const slice of slices)
      for (const [i, key] of KEYS.entries()) {
        const value = slice[key];
        const known = largest[i]?.get(slice.time);
        if (value !== null && (known === undefined || value > known)) largest[i]?.set(slice.time, value);
      }
  return {
    times,
    series: PERCENTILES.map(({ name, color }, i) => ({
      label: name,
      color,
      values: times.map((time) => largest[i]?.get(time) ?? null),
    })),
  };
}

/** Labels by which a series is called, by their rank: the service, its host, its tags where they are words. */
function labelsOf({ tags, host_name: host, service_name: service }: TimelineSeries): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  if (service !== null) labels["1 service"] = service;
  if (host !== null) labels["2 host"] = host;
  if (typeof tags === "object" && tags !== null)
    for (const [name, value] of Object.entries(tags)) if (typeof value === "string") labels[`3 ${name}`] = value;
  return labels;
}

function timesOf(series: readonly TimelineSeries[], stepSeconds: number): readonly number[] {
  const known = [...new Set(series.flatMap(({ slices }) => slices.map(({ time }) => time)))].sort((a, b) => a - b);
  return sliceTimes(
    known.map((time) => ({ time })),
    stepSeconds,
  );
}

function sizeOf({ slices }: TimelineSeries): number {
  return slices.reduce((most, { avg_value: value }) => Math.max(most, Math.abs(value)), 0);
}
