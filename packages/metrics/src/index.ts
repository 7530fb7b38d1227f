// @tracebook/metrics: the metric catalogue and instruments that record in nanoseconds.
export type { BoundCounter, Counter, UpDownCounter } from "./counter.ts";
export { METRICS_ERRORS, MetricsError, type MetricsErrorCode } from "./errors.ts";
export type { Exemplar } from "./exemplar-cells.ts";
export { createFlowMetrics, type FlowMetrics } from "./flow-metrics.ts";
export type { BoundGauge, Gauge } from "./gauge.ts";
export type { BoundHistogram, Histogram } from "./histogram.ts";
export { LINT_EXCEPTIONS, type LintException } from "./lint-exceptions.ts";
export { toMarkdownTable } from "./markdown-table.ts";
export type { BoundMarketData } from "./market-data-metrics.ts";
export type { MeterLike } from "./meter-forwarding.ts";
export { type MetricCatalogue, metricCatalogue } from "./metric-catalogue.ts";
export { defineMetric, type Labels, type MetricDefinition } from "./metric-definition.ts";
export type { MetricProblem } from "./metric-problem.ts";
export { createMetricRegistry, type MetricRegistry, type MetricRegistryOptions } from "./metric-registry.ts";
export type {
  HistogramAggregation,
  HistogramMetric,
  HistogramPoint,
  MetricReading,
  MetricSnapshot,
  ScalarMetric,
  ScalarPoint,
} from "./metric-snapshot.ts";
export { createMetricsCollector, type MetricsCollector } from "./metrics-collector.ts";
export { calculatePercentiles, type Percentiles } from "./percentiles.ts";
export { createRealisedPnl, type Fill, type RealisedPnl } from "./realised-pnl.ts";
export { createRecordMetrics, type DecisionLike, type RecordMetrics } from "./record-metrics.ts";
export { sharedTradingMetrics, tradingMetrics } from "./shared-metrics.ts";
export type { StagePercentiles } from "./stage-percentiles.ts";
export { createTradingMetrics, type TradingMetrics, type TradingMetricsOptions } from "./trading-metrics.ts";
