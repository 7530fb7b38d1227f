// Rows of the configuration table: which traces are kept, how metrics are made and served.

import { hostKind, metricPrefixKind } from "./config-name-parsers.ts";
import type { HistogramAggregation } from "./config-options.ts";
import { booleanKind, choice, decimalNumber, wholeNumber } from "./config-parsers.ts";
import { ratioKind, samplerArgumentKind, samplerKind } from "./config-sampling-parsers.ts";
import { setting } from "./config-setting.ts";

/** Keeping traces. */
export const KEEPING_SETTINGS = {
  sampleRatio: setting<number>({
    group: "Keeping traces",
    env: [
      "TELEMETRY_SAMPLE_RATIO",
      { name: "OTEL_TRACES_SAMPLER", kind: samplerKind },
      { name: "OTEL_TRACES_SAMPLER_ARG", kind: samplerArgumentKind },
    ],
    kind: ratioKind,
    fallback: 1,
    doc: "The share of flows whose traces are kept whatever their end. Accepted, failed, slow and marked flows are kept anyway.",
  }),
  slowMs: setting<number>({
    group: "Keeping traces",
    env: ["TELEMETRY_SLOW_MS"],
    kind: decimalNumber(0, 86_400_000, "milliseconds"),
    fallback: 250,
    doc: "Flows that take this long or longer are kept.",
  }),
  recentFlows: setting<number>({
    group: "Keeping traces",
    env: ["TELEMETRY_RECENT_FLOWS"],
    kind: wholeNumber(0, 4_096),
    fallback: 64,
    doc: "How many of the last flows are held back, to be kept when the program halts or crashes.",
  }),
  maxFlows: setting<number>({
    group: "Keeping traces",
    env: ["TELEMETRY_MAX_FLOWS"],
    kind: wholeNumber(1, 1_048_576),
    fallback: 65_536,
    doc: "How many flows may run at once; further ones are counted, not traced.",
  }),
};

/** Metrics. */
export const METRICS_SETTINGS = {
  prometheus: setting<boolean | undefined>({
    group: "Metrics",
    env: ["BOT_METRICS_ENABLED"],
    kind: booleanKind,
    fallback: undefined,
    fallbackText: "as TELEMETRY_ENABLED",
    doc: "Serves /metrics. True alone serves metrics and nothing else; false switches /metrics off.",
  }),
  prometheusServer: setting<boolean>({
    group: "Metrics",
    env: ["TELEMETRY_PROMETHEUS_SERVER"],
    kind: booleanKind,
    fallback: true,
    doc: "Serves /metrics on a port of its own. False: only where the host has mounted `telemetry.metricsHandler`.",
  }),
  prometheusHost: setting<string>({
    group: "Metrics",
    env: ["TELEMETRY_PROMETHEUS_HOST", "OTEL_EXPORTER_PROMETHEUS_HOST"],
    kind: hostKind,
    fallback: "127.0.0.1",
    doc: "The address that /metrics listens on. Anyone who reaches it can read the metrics.",
  }),
  prometheusPort: setting<number>({
    group: "Metrics",
    env: ["TELEMETRY_PROMETHEUS_PORT", "OTEL_EXPORTER_PROMETHEUS_PORT"],
    kind: wholeNumber(0, 65_535),
    fallback: 9464,
    doc: "The port of /metrics; 0 takes any free one.",
  }),
  metricsIntervalMs: setting<number>({
    group: "Metrics",
    env: ["TELEMETRY_METRICS_INTERVAL_MS", "OTEL_METRIC_EXPORT_INTERVAL"],
    kind: wholeNumber(100, 86_400_000, "milliseconds"),
    // As often as services are scraped: $__rate_interval of the dashboards is one for both ways, and holds four points or none.
    fallback: 10_000,
    doc: "The time between two exports of metrics over OTLP. Rates on the dashboards take it to be 10 s at most.",
  }),
  histogramAggregation: setting<HistogramAggregation>({
    group: "Metrics",
    env: ["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"],
    kind: choice(["explicit_bucket_histogram", "base2_exponential_bucket_histogram"]),
    fallback: "explicit_bucket_histogram",
    doc: "What histograms become over OTLP. /metrics has explicit buckets always.",
  }),
  metricPrefix: setting<string>({
    group: "Metrics",
    env: ["TELEMETRY_METRIC_PREFIX"],
    kind: metricPrefixKind,
    fallback: "tvtelegrambingx_",
    doc: "Stands in front of the application's own metrics: `tvtelegrambingx_signal_queue_depth`. The `_` at its end may be left out.",
  }),
  signalPrefix: setting<string>({
    group: "Metrics",
    env: ["TELEMETRY_SIGNAL_PREFIX"],
    kind: metricPrefixKind,
    fallback: "tradingview_",
    doc: "Stands in front of the metrics of the signal source: `tradingview_signals_ingested_total`.",
  }),
  labelLimit: setting<number>({
    group: "Metrics",
    env: ["TELEMETRY_LABEL_LIMIT"],
    kind: wholeNumber(1, 10_000),
    fallback: 200,
    doc: "How many values one label may take; the rest becomes `other` and is counted.",
  }),
};
