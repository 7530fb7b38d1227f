// What a metric's answer is made of, worked out for a chart and a table: series and their names, histograms put together.
import type { Answer } from "../../api/client.ts";
import { addCounts, histogramPercentile } from "../../charts/histogram-percentile.ts";
import { PERCENTILES } from "./percentile-lines.ts";

/** A metric as the server gives it. */
export type MetricAnswer = Answer<"/api/telemetry/metrics/{name}">;
/** A number over time. */
export type NumberSeries = MetricAnswer["numbers"][number];
/** A histogram over time. */
export type HistogramSeries = MetricAnswer["histograms"][number];
type Labels = Readonly<Record<string, string>>;

/** A slice of a histogram with its percentiles, in the metric's unit. */
export interface HistogramSlice {
  readonly time: number;
  readonly count: number;
  readonly bucket_counts: readonly number[];
  /** In the order of {@link PERCENTILES}. */
  readonly percentiles: readonly (number | undefined)[];
}

/** Histograms of the same bounds, put together. */
export interface MergedHistogram {
  readonly bounds: readonly number[];
  readonly slices: readonly HistogramSlice[];
}

/** The labels of all series with their values, sorted: what a filter can choose from. */
export function labelChoices(series: readonly { readonly labels: Labels }[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, Set<string>>();
  for (const { labels } of series)
    for (const [name, value] of Object.entries(labels)) {
      const known = values.get(name) ?? new Set();
      values.set(name, known.add(value));
    }
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, known]) => [name, [...known].sort()]));
}

/** Names that tell series apart: the labels in which they differ, else the service; numbered where nothing differs. */
export function seriesNames(
  series: readonly {
    readonly labels: Labels;
    readonly service_name?: string | null;
    readonly instance_id?: string | null;
  }[],
): readonly string[] {
  const choices = labelChoices(series);
  const differs = [...choices].filter(
    ([name, values]) => values.length > 1 || series.some(({ labels }) => !(name in labels)),
  );
  const names = series.map(({ labels, service_name: service, instance_id: instance }) => {
    const parts = differs.flatMap(([name]) => (Object.hasOwn(labels, name) ? [labels[name] as string] : []));
    const name = parts.join(" · ") || Object.values(labels).join(" · ");
    return { name: name || service || instance || "value", more: service ?? instance ?? "" };
  });
  const count = (text: string) => names.filter(({ name }) => name === text).length;
  const seen = new Map<string, number>();
  return names.map(({ name, more }) => {
    const told = count(name) > 1 && more !== "" && more !== name ? `${name} · ${more}` : name;
    const number = (seen.get(told) ?? 0) + 1;
    seen.set(told, number);
    return number === 1 ? told : `${told} (${number})`;
  });
}

/** The series with the largest values first: those that a chart has room for. Stays as it is where values are equal. */
export function largestFirst(series: readonly NumberSeries[]): readonly NumberSeries[] {
  const size = ({ slices }: NumberSeries) =>
    slices.reduce((sum, { value }) => sum + (Number.isFinite(value) ? Math.abs(value) : 0), 0);
  return series
    .map((one) => ({ one, size: size(one) }))
    .sort((a, b) => b.size - a.size)
    .map(({ one }) => one);
}

/** Puts together the histograms that have the bounds of the first one, slice by slice. */
export function mergeHistograms(series: readonly HistogramSeries[]): MergedHistogram | undefined {
  const bounds = series[0]?.bounds;
  if (bounds === undefined) return undefined;
  const key = bounds.join();
  const byTime = new Map<number, (readonly number[])[]>();
  for (const one of series) {
    if (one.bounds.join() !== key) continue;
    for (const { time, bucket_counts: counts } of one.slices) byTime.set(time, [...(byTime.get(time) ?? []), counts]);
  }
  const slices = [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([time, lists]) => {
      const counts = addCounts(lists, bounds.length + 1);
      return {
        time,
        count: counts.reduce((sum, count) => sum + count, 0),
        bucket_counts: counts,
        percentiles: percentilesOf(bounds, counts),
      };
    });
  return { bounds, slices };
}

/** Count, mean and percentiles of a histogram over the whole range. */
export function histogramTotals({ bounds, slices }: HistogramSeries) {
  const count = slices.reduce((all, one) => all + one.count, 0);
  const sum = slices.reduce((all, one) => all + one.sum, 0);
  const counts = addCounts(
    slices.map((one) => one.bucket_counts),
    bounds.length + 1,
  );
  return { count, mean: count > 0 ? sum / count : undefined, percentiles: percentilesOf(bounds, counts) };
}

/** The last, the least and the greatest value of a series. */
export function numberTotals({ slices }: NumberSeries) {
  const values = slices.map(({ value }) => value).filter(Number.isFinite);
  return {
    last: slices.at(-1)?.value,
    sum: values.reduce((all, value) => all + value, 0),
    least: values.reduce<number | undefined>(
      (low, value) => (low === undefined || value < low ? value : low),
      undefined,
    ),
    most: values.reduce<number | undefined>(
      (top, value) => (top === undefined || value > top ? value : top),
      undefined,
    ),
  };
}

function percentilesOf(bounds: readonly number[], counts: readonly number[]): readonly (number | undefined)[] {
  return PERCENTILES.map(({ share }) => histogramPercentile(bounds, counts, share));
}
