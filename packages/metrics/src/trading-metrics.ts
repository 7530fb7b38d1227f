// The metrics of a trading service as hosts use them: every instrument of the catalogue by name, and calls that set several at once.
import { ALERTING_METRICS } from "./catalogue/alerting.ts";
import type { Counter } from "./counter.ts";
import type { Gauge } from "./gauge.ts";
import { type BusinessMetric, recordBusinessMetric, recordSystemMetric, type SystemMetric } from "./generic-metrics.ts";
import type { Histogram } from "./histogram.ts";
import { type LatencyInput, type LatencyListener, type LatencyRecord, recordLatency } from "./latency-record.ts";
import { type BoundMarketData, MarketDataMetrics, type MarketDataUpdate } from "./market-data-metrics.ts";
import { CATALOGUE_ENTRIES, type CatalogueOptions, type MetricCatalogue, metricCatalogue } from "./metric-catalogue.ts";
import type { MetricDefinition, MetricKind } from "./metric-definition.ts";
import { createMetricRegistry, type MetricRegistry, type MetricRegistryOptions } from "./metric-registry.ts";
import { type FillInput, OrderMetrics } from "./order-metrics.ts";
import { type PortfolioUpdate, updatePortfolio } from "./portfolio-metrics.ts";
import type { Position } from "./realised-pnl.ts";
import { type StagePercentiles, stagePercentiles } from "./stage-percentiles.ts";

interface InstrumentOf<Label extends string> {
  readonly counter: Counter<Label>;
  readonly gauge: Gauge<Label>;
  readonly histogram: Histogram<Label>;
  readonly updowncounter: never;
}

/** What an instrumentation of OpenTelemetry or a desk records by itself: in the catalogue, but no instrument of ours. */
type RecordedElsewhere = "httpRequestDuration" | keyof typeof ALERTING_METRICS;

/** One instrument for each metric of the catalogue. */
export type TradingInstruments = {
  readonly [Key in Exclude<keyof MetricCatalogue, RecordedElsewhere>]: InstrumentOf<
    MetricCatalogue[Key]["labels"][number]
  >[MetricCatalogue[Key]["kind"]];
};

/** The metrics of a trading service. Recording works whether telemetry is on or off; nothing here throws or waits. */
export interface TradingMetrics extends TradingInstruments {
  readonly registry: MetricRegistry;
  readonly catalogue: MetricCatalogue;
  /** Sets value, cash and positions in one call. */
  updatePortfolioMetrics(update: PortfolioUpdate): void;
  /** Counts an update of market data and, where the venue gave a time, its lag; a negative lag is counted apart. */
  recordMarketDataUpdate(update: MarketDataUpdate): void;
  /** The same for one symbol and source, bound once: for every frame of a stream. */
  marketData(symbol: string, source: string): BoundMarketData;
  /** Takes a fill into the notional value and the realised P&L; false for a malformed one. */
  recordFill(fill: FillInput): boolean;
  /** Where a symbol stands after its fills so far. */
  position(symbol: string): Position | undefined;
  /** Records stage latencies that the host measured itself, and returns them with their sum as a record. */
  recordLatency(latency: LatencyInput): LatencyRecord;
  /** Hands every record of `recordLatency` to a listener as well; returns how to end that. */
  onLatency(listener: LatencyListener): () => void;
  /** The stage durations of a flow so far, in milliseconds. */
  stagePercentiles(flowName: string): Record<string, StagePercentiles>;
  /** Records a sample of a system metric of the host's own. */
  recordSystemMetric(metric: SystemMetric): void;
  /** Records a business figure of the host's own. */
  recordBusinessMetric(metric: BusinessMetric): void;
}

/** Options of {@link createTradingMetrics}. */
export interface TradingMetricsOptions extends CatalogueOptions, MetricRegistryOptions {}

/**
 * Makes the metrics of a trading service in a registry of their own. Most programs use `tradingMetrics`, which all share.
 *
 * Instruments are made when first used.
 *
 * @throws MetricsError `invalid_option`
 */
export function createTradingMetrics(options: TradingMetricsOptions = {}): TradingMetrics {
  const catalogue = metricCatalogue(options);
  const registry = createMetricRegistry(options);
  const metrics = { registry, catalogue } as TradingMetrics;
  for (const key of INSTRUMENT_KEYS) defineOnce(metrics, key, () => makeInstrument(registry, catalogue[key]));
  const nowEpochMs = options.nowEpochMs ?? Date.now;
  const market = once(() => new MarketDataMetrics(metrics, nowEpochMs));
  const orders = once(() => new OrderMetrics(metrics));
  const listeners = new Set<LatencyListener>();
  const calls: Omit<TradingMetrics, keyof TradingInstruments | "registry" | "catalogue"> = {
    updatePortfolioMetrics: (update) => updatePortfolio(metrics, update),
    recordMarketDataUpdate: (update) => recordUpdate(market(), update),
    marketData: (symbol, source) => market().bind(symbol, source),
    recordFill: (fill) => orders().recordFill(fill),
    position: (symbol) => orders().position(symbol),
    recordLatency: (latency) => recordLatency(metrics.stageDuration, latency, listeners),
    onLatency(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stagePercentiles: (flowName) => stagePercentiles(metrics.stageDuration, flowName),
    recordSystemMetric: (metric) => recordSystemMetric(metrics, metric),
    recordBusinessMetric: (metric) => recordBusinessMetric(metrics, metric),
  };
  return Object.freeze(Object.assign(metrics, calls));
}

/** The names of the instruments of {@link TradingMetrics}. */
export const INSTRUMENT_KEYS = Object.keys(CATALOGUE_ENTRIES).filter(
  (key) => key !== ("httpRequestDuration" satisfies RecordedElsewhere) && !Object.hasOwn(ALERTING_METRICS, key),
) as (keyof TradingInstruments)[];

/** A getter that makes its value when it is first read. */
export function defineOnce(target: object, key: string, make: () => unknown): void {
  Object.defineProperty(target, key, { get: once(make), enumerable: true, configurable: false });
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function makeInstrument(
  registry: MetricRegistry,
  definition: MetricDefinition & { readonly kind: MetricKind },
): unknown {
  switch (definition.kind) {
    case "counter":
      return registry.counter(definition);
    case "updowncounter":
      return registry.upDownCounter(definition);
    case "gauge":
      return registry.gauge(definition);
    case "histogram":
      return registry.histogram(definition);
  }
}

function recordUpdate(market: MarketDataMetrics, update: MarketDataUpdate): void {
  try {
    market.bind(update.symbol, update.source).update(update.eventTimeMs, update.receivedTimeMs);
  } catch {
    // A getter or Proxy of the host's threw: there is nothing to record.
  }
}
