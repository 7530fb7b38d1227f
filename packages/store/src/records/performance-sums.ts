// How metrics of services did: values by service, name and unit.
import type { SystemPerformance } from "../stored-record.ts";

/** A value of a metric. */
export interface PerformanceValue {
  readonly serviceName: string | null;
  readonly metricName: string;
  readonly metricUnit: string;
  readonly value: number;
  readonly percentile95: number | null;
}

interface Group extends PerformanceValue {
  readonly values: number[];
  largest95: number | null;
}

/** Largest mean first, then by service, name and unit. Cost: eight bytes a value, sorted once where no percentile is stored. */
export function toSystemPerformance(values: Iterable<PerformanceValue>): readonly SystemPerformance[] {
  const groups = new Map<string, Group>();
  for (const value of values) {
    const key = `${value.serviceName === null}\0${value.serviceName}\0${value.metricName}\0${value.metricUnit}`;
    const group = groups.get(key) ?? { ...value, values: [], largest95: null };
    groups.set(key, group);
    group.values.push(value.value);
    const { percentile95 } = value;
    if (percentile95 !== null) group.largest95 = Math.max(percentile95, group.largest95 ?? percentile95);
  }
  return [...groups.values()].map(toPerformance).sort(byMean);
}

function toPerformance({ serviceName, metricName, metricUnit, values, largest95 }: Group): SystemPerformance {
  const sorted = Float64Array.from(values).sort();
  // The order decides the last digit of a sum of doubles: smallest first, in every store.
  const sum = sorted.reduce((all, value) => all + value, 0);
  return {
    service_name: serviceName,
    metric_name: metricName,
    metric_unit: metricUnit,
    samples: values.length,
    avg_value: sum / values.length,
    max_value: sorted.at(-1)!,
    p95_value: largest95 ?? sorted[Math.ceil((95 * sorted.length) / 100) - 1]!,
  };
}

/** Largest mean first, then by service, name and unit. */
export function byMean(a: SystemPerformance, b: SystemPerformance): number {
  return b.avg_value - a.avg_value || compareTexts(keysOf(a), keysOf(b));
}

function keysOf({ service_name, metric_name, metric_unit }: SystemPerformance): readonly (string | null)[] {
  return [service_name, metric_name, metric_unit];
}

/** What is not there comes first. */
export function compareTexts(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [i, text] of a.entries()) {
    const [one, other] = [text ?? "", b[i] ?? ""];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
