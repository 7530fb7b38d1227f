// What tests read of a registry.
import type { MetricRegistry } from "../src/metric-registry.ts";
import type { HistogramPoint, ScalarPoint } from "../src/metric-snapshot.ts";

/** All points of a metric; empty when it is not exported. */
export function readPoints(registry: MetricRegistry, name: string): readonly (ScalarPoint | HistogramPoint)[] {
  return registry.collect().metrics.find((metric) => metric.definition.name === name)?.points ?? [];
}

/** The value of the series with exactly these labels (those left out are empty); undefined when there is none. */
export function readValue(
  registry: MetricRegistry,
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const point = readPoints(registry, name).find((candidate) =>
    Object.entries(candidate.labels).every(([label, value]) => value === (labels[label] ?? "")),
  );
  return point !== undefined && "value" in point ? point.value : undefined;
}
