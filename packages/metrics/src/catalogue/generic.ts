// Metrics that carry the user's own system and business figures, told apart by name.
import { GENERIC_BOUNDS, REQUEST_BOUNDS } from "../histogram-bounds.ts";
import type { CatalogueEntry } from "./entry.ts";

/** Metrics of the user's own by name, for hosts that bring a list of system and business figures of their own. */
export const GENERIC_METRICS = {
  systemCounter: {
    name: "system_metric_total",
    kind: "counter",
    unit: "1",
    labels: ["metric_name", "unit"],
    help: "System metrics of type counter, by name.",
    feature: 31,
  },
  systemGauge: {
    name: "system_metric_value",
    kind: "gauge",
    unit: "1",
    labels: ["metric_name", "unit"],
    help: "System metrics of type gauge, by name.",
    feature: 31,
  },
  systemHistogram: {
    name: "system_metric_distribution",
    kind: "histogram",
    unit: "1",
    labels: ["metric_name", "unit"],
    help: "System metrics of type histogram, by name.",
    bounds: GENERIC_BOUNDS,
    feature: 31,
  },
  systemTimer: {
    name: "system_metric_duration_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["metric_name"],
    help: "System metrics of type timer, by name.",
    bounds: REQUEST_BOUNDS,
    feature: 31,
  },
  businessMetric: {
    name: "business_metric_value",
    kind: "gauge",
    unit: "1",
    labels: ["metric_name", "category", "period_type", "currency", "calculation_method"],
    help: "Business figures of the latest period, by name and category.",
    feature: 33,
  },
} as const satisfies Record<string, CatalogueEntry>;
