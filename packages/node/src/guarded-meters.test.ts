// What is no number never reaches a series of the host's own meters.
import type { MeterProvider as ApiMeterProvider } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { guardMeterProvider } from "./guarded-meters.ts";

let sdk: MeterProvider;
let exporter: InMemoryMetricExporter;
let guarded: ApiMeterProvider;
let refused: string[];

beforeEach(() => {
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  sdk = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
  });
  refused = [];
  guarded = guardMeterProvider(sdk, (metric) => void refused.push(metric));
});
afterEach(() => sdk.shutdown());

async function lastValueOf(name: string): Promise<unknown> {
  await sdk.forceFlush();
  const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  return scopes.flatMap(({ metrics }) => metrics).findLast((metric) => metric.descriptor.name === name)?.dataPoints[0]
    ?.value;
}

describe("a guarded meter", () => {
  const wrong = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "7", null, undefined, {}] as number[];

  it.each([
    ["createCounter", "add", 5],
    ["createUpDownCounter", "add", 5],
    ["createGauge", "record", 3],
    ["createHistogram", "record", expect.objectContaining({ count: 2, sum: 5, min: 2, max: 3 })],
  ] as const)("%s: what is no number changes nothing, and is told", async (create, record, expected) => {
    const instrument = guarded.getMeter("host")[create]("measured") as never as Record<string, (value: number) => void>;
    instrument[record]?.(2);
    for (const value of wrong) instrument[record]?.(value);
    instrument[record]?.(3);
    expect(await lastValueOf("measured")).toEqual(expected);
    expect(refused).toEqual(wrong.map(() => "measured"));
  });

  it("keeps attributes, and what observable instruments need", async () => {
    const meter = guarded.getMeter("host");
    meter.createCounter("labelled").add(1, { symbol: "BTC/USDT" });
    const observed = meter.createObservableGauge("observed");
    meter.addBatchObservableCallback((result) => result.observe(observed, 4), [observed]);
    expect(await lastValueOf("observed")).toBe(4);
    expect(await lastValueOf("labelled")).toBe(1);
    const points = exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics[0]?.dataPoints;
    expect(points?.[0]?.attributes).toEqual({ symbol: "BTC/USDT" });
  });
});
