// Points of metrics for tests.
import type { HistogramPointInput, NumberPointInput } from "../src/store-input.ts";

const MINUTE_MICROS = 60e6;
const NOON_MICROS = Date.parse("2026-11-20T12:00:00Z") * 1000;
const BOT = { serviceName: "bot", instanceId: "i-1" };

/** A histogram, so many minutes after noon, that differs from the others in what `more` says. */
export function createHistogram(minute: number, more: Partial<HistogramPointInput> = {}): HistogramPointInput {
  return {
    source: BOT,
    name: "stage_seconds",
    unit: "s",
    description: "",
    labels: { flow: "tick", stage: "risk_to_send" },
    startMicros: NOON_MICROS,
    timeMicros: NOON_MICROS + minute * MINUTE_MICROS,
    type: "histogram",
    isCumulative: false,
    count: 3,
    sum: 0.5,
    bounds: [0.1, 1],
    bucketCounts: [1, 2, 0],
    ...more,
  };
}

/** The same for a number. */
export function createNumber(minute: number, value: number, more: Partial<NumberPointInput> = {}): NumberPointInput {
  return {
    source: BOT,
    name: "updates_total",
    unit: "1",
    description: "",
    labels: { symbol: "BTC/USDT" },
    startMicros: NOON_MICROS,
    timeMicros: NOON_MICROS + minute * MINUTE_MICROS,
    type: "sum",
    isMonotonic: true,
    isCumulative: true,
    value,
    ...more,
  };
}
