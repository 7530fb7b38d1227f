// A registry that holds a series of every metric of the catalogue, for tests of what is exposed.
import { createMetricRegistry, type MetricDefinition, type MetricRegistry, metricCatalogue } from "@tracebook/metrics";

/** The registry, each metric with one series whose labels have ordinary values. */
export function catalogueRegistry(): MetricRegistry {
  const registry = createMetricRegistry();
  for (const definition of Object.values<MetricDefinition>(metricCatalogue())) record(registry, definition);
  return registry;
}

function record(registry: MetricRegistry, definition: MetricDefinition): void {
  const labels = Object.fromEntries(definition.labels.map((label) => [label, `some ${label}`]));
  switch (definition.kind) {
    case "counter":
      return registry.counter(definition).add(3, labels);
    case "updowncounter":
      return registry.upDownCounter(definition).add(-2, labels);
    case "gauge":
      return registry.gauge(definition).set(-1.5, labels);
    case "histogram":
      return registry.histogram(definition).record(0.02, labels);
  }
}
