// The metrics that all code of a process shares, whichever copy of this package it imports.
import { onForeignSdk, tracebookSlot } from "@tracebook/core/extension";
import {
  createTradingMetrics,
  defineOnce,
  INSTRUMENT_KEYS,
  type TradingMetrics,
  type TradingMetricsOptions,
} from "./trading-metrics.ts";

const SLOT_KEY = "metrics";

/**
 * The shared metrics, made by whoever asks first; `options` count for that one alone.
 *
 * Whoever sets prefixes (telemetry at its start) can compare `catalogue` with what it wanted, and say so when it came too late.
 *
 * @throws MetricsError `invalid_option`, for the first one
 */
export function sharedTradingMetrics(options: TradingMetricsOptions = {}): TradingMetrics {
  const { shared } = tracebookSlot();
  const known = shared.get(SLOT_KEY) as TradingMetrics | undefined;
  if (known !== undefined) return known;
  const made = createTradingMetrics(options);
  shared.set(SLOT_KEY, made);
  // Where an SDK of someone else's has the process, what is recorded here reaches it through its own meter.
  onForeignSdk((meter) => made.registry.forward(meter));
  return made;
}

const CALLS = [
  "registry",
  "catalogue",
  "updatePortfolioMetrics",
  "recordMarketDataUpdate",
  "marketData",
  "recordFill",
  "position",
  "recordLatency",
  "onLatency",
  "stagePercentiles",
  "recordSystemMetric",
  "recordBusinessMetric",
] as const satisfies (keyof TradingMetrics)[];

/**
 * The metrics of this process: `tradingMetrics.botsActive.set(3, { status: "running" })`.
 *
 * Nothing is made before the first use. A gauge set before telemetry starts is there after it.
 */
export const tradingMetrics: TradingMetrics = /* @__PURE__ */ lazyTradingMetrics();

function lazyTradingMetrics(): TradingMetrics {
  const metrics = {};
  for (const key of [...INSTRUMENT_KEYS, ...CALLS]) defineOnce(metrics, key, () => sharedTradingMetrics()[key]);
  return Object.freeze(metrics) as TradingMetrics;
}
