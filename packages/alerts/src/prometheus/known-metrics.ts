// Metrics whose kind is known: as rules name them, and as Prometheus does.
import { type MetricDefinition, metricCatalogue } from "@tracebook/metrics";

/** Looks metrics up by either name. */
export interface KnownMetrics {
  /** By its name in OTLP or on the wire. */
  byName(name: string): MetricDefinition | undefined;
  /** By the name of one of its series on the wire; `part` is what of a histogram it is. */
  bySeries(name: string): { readonly metric: MetricDefinition; readonly part: SeriesPart } | undefined;
}

/** What a series has of its metric; empty: the value. */
export type SeriesPart = "" | "_bucket" | "_sum" | "_count";

/** Labels of a rule that the host's resource has, and what Prometheus calls them: OpenTelemetry's mapping. */
const RESOURCE_LABELS: readonly (readonly [ours: string, theirs: string])[] = [
  ["service_name", "job"],
  ["instance_id", "instance"],
];

/** The catalogue, and `more` that come before it. */
export function knownMetrics(more: readonly MetricDefinition[] = []): KnownMetrics {
  const metrics = [...Object.values(metricCatalogue()), ...more];
  const byName = new Map(
    metrics.flatMap((metric) => [metric.name, toWireName(metric.name)].map((name) => [name, metric])),
  );
  const bySeries = new Map(
    metrics.flatMap((metric) =>
      partsOf(metric).map((part) => [`${toWireName(metric.name)}${part}`, { metric, part }] as const),
    ),
  );
  return { byName: (name) => byName.get(name), bySeries: (name) => bySeries.get(name) };
}

/** `http.server.request.duration` is `http_server_request_duration`. */
export function toWireName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "_");
}

/** What Prometheus calls a label of a rule; undefined where the metric has none of that name. */
export function toPrometheusLabel(label: string, { labels }: MetricDefinition): string | undefined {
  if (labels.includes(label)) return toWireName(label);
  return RESOURCE_LABELS.find(([ours]) => ours === label)?.[1];
}

/** What a rule calls a label of Prometheus; undefined where the metric has none of that name. */
export function fromPrometheusLabel(label: string, metric: MetricDefinition): string | undefined {
  return labelsOfRules(metric).find((one) => toPrometheusLabel(one, metric) === label);
}

/** All labels by which a rule can tell series of a metric apart. */
export function labelsOfRules({ labels }: MetricDefinition): readonly string[] {
  return [...labels, ...RESOURCE_LABELS.map(([ours]) => ours).filter((ours) => !labels.includes(ours))];
}

function partsOf({ kind }: MetricDefinition): readonly SeriesPart[] {
  return kind === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
}
