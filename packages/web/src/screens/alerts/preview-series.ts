// The values of one group of series in slices as wide as the rule's window, put together as the rule does.
import type { Answer } from "../../api/client.ts";

/** A series of a system metric. */
export type SystemSeries = Answer<"/api/telemetry/system-metrics/timeline">["series"][number];
type SystemSlice = SystemSeries["slices"][number];

/** How they are put together. */
export interface Aggregation {
  readonly aggregation: string;
  readonly across: string;
  readonly stepSeconds: number;
}

/** The value of each slice, by its time. Slices know no single values: percentiles are the largest, the newest is the mean. */
export function groupValues(series: readonly SystemSeries[], how: Aggregation): ReadonlyMap<number, number> {
  const slices = new Map<number, SystemSlice[]>();
  for (const one of series)
    for (const slice of one.slices) slices.set(slice.time, [...(slices.get(slice.time) ?? []), slice]);
  const values = new Map<number, number>();
  for (const [time, of] of slices) {
    const value = aggregate(of, how);
    if (value !== null) values.set(time, value);
  }
  return values;
}

/** The value that is divided by another; null where there is none. */
export function ratioOf(
  dividend: number | undefined,
  divisor: number | undefined,
  { aggregation }: Pick<Aggregation, "aggregation">,
): number | null {
  if (divisor === undefined || divisor === 0) return null;
  if (dividend !== undefined) return dividend / divisor;
  return ["sum", "rate", "count"].includes(aggregation) ? 0 : null;
}

function aggregate(slices: readonly SystemSlice[], { aggregation, across, stepSeconds }: Aggregation): number | null {
  const samples = slices.reduce((sum, one) => sum + one.samples, 0);
  const sum = slices.reduce((all, one) => all + one.avg_value * one.samples, 0);
  const means = slices.map(({ avg_value: value }) => value);
  switch (aggregation) {
    case "count":
      return samples;
    case "sum":
      return sum;
    case "rate":
      return sum / stepSeconds;
    case "min":
      return Math.min(...means);
    case "max":
      return Math.max(...slices.map(({ max_value: value }) => value));
    case "last":
      return asOne(means, across);
    case "p50":
    case "p90":
    case "p95":
    case "p99": {
      const key = `percentile_${aggregation.slice(1)}` as "percentile_50";
      return Math.max(...slices.map((slice) => slice[key] ?? slice.avg_value));
    }
    default:
      return samples === 0 ? null : sum / samples;
  }
}

function asOne(values: readonly number[], across: string): number {
  if (across === "max") return Math.max(...values);
  if (across === "min") return Math.min(...values);
  const sum = values.reduce((all, value) => all + value, 0);
  return across === "avg" ? sum / values.length : sum;
}
