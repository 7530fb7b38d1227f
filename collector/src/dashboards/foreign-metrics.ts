// Metrics that others export and the dashboards read: Prometheus itself, its alerts, Alertmanager, and the OpenTelemetry Collector.
import type { ReadMetric } from "./promql.ts";

/**
 * Metrics of Prometheus: what it says of its targets, its alerts and itself (Prometheus 2.42 and 3), and `target_info`, in which
 * OpenTelemetry's exporters put the resource of each process.
 */
export const PROMETHEUS_METRICS = {
  targetInfo: { name: "target_info", kind: "gauge", labels: ["job", "instance", "deployment_environment_name"] },
  up: { name: "up", kind: "gauge", labels: ["job", "instance"] },
  alerts: { name: "ALERTS", kind: "gauge", labels: ["alertname", "alertstate", "severity", "job", "instance"] },
  scrapeDuration: { name: "scrape_duration_seconds", kind: "gauge", labels: ["job", "instance"] },
  scrapeSamples: { name: "scrape_samples_scraped", kind: "gauge", labels: ["job", "instance"] },
  headSeries: { name: "prometheus_tsdb_head_series", kind: "gauge", labels: ["job", "instance"] },
  ruleFailures: {
    name: "prometheus_rule_evaluation_failures_total",
    kind: "counter",
    labels: ["job", "instance", "rule_group"],
  },
  /** Alertmanager's; there from its start with 0 (Alertmanager 0.25 and newer). */
  notificationsFailed: {
    name: "alertmanager_notifications_failed_total",
    kind: "counter",
    labels: ["job", "instance", "integration"],
  },
} as const satisfies Record<string, ReadMetric>;

/**
 * The Collector's own metrics (0.150 and newer). Whether a counter's name ends in `_total` depends on how its metrics reader is
 * set up, so both names are read.
 */
export const COLLECTOR_METRICS = {
  receivedSpans: counter("otelcol_receiver_accepted_spans", ["receiver"]),
  receivedLogs: counter("otelcol_receiver_accepted_log_records", ["receiver"]),
  receivedPoints: counter("otelcol_receiver_accepted_metric_points", ["receiver"]),
  refusedSpans: counter("otelcol_receiver_refused_spans", ["receiver"]),
  refusedLogs: counter("otelcol_receiver_refused_log_records", ["receiver"]),
  refusedPoints: counter("otelcol_receiver_refused_metric_points", ["receiver"]),
  sentSpans: counter("otelcol_exporter_sent_spans", ["exporter"]),
  sentLogs: counter("otelcol_exporter_sent_log_records", ["exporter"]),
  sentPoints: counter("otelcol_exporter_sent_metric_points", ["exporter"]),
  failedSpans: counter("otelcol_exporter_send_failed_spans", ["exporter"]),
  failedLogs: counter("otelcol_exporter_send_failed_log_records", ["exporter"]),
  failedPoints: counter("otelcol_exporter_send_failed_metric_points", ["exporter"]),
  queueSize: { name: "otelcol_exporter_queue_size", kind: "gauge", labels: ["exporter"] },
  queueCapacity: { name: "otelcol_exporter_queue_capacity", kind: "gauge", labels: ["exporter"] },
  memory: { name: ["otelcol_process_memory_rss", "otelcol_process_memory_rss_bytes"], kind: "gauge", labels: [] },
} as const satisfies Record<string, ReadMetric>;

function counter<const Label extends string>(name: string, labels: readonly Label[]) {
  return { name: [name, `${name}_total`], kind: "counter", labels } as const;
}
