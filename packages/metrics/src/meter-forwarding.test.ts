// Into a real SDK of someone else's.
import type { Meter } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterEach, describe, expect, it } from "vitest";
import type { MeterLike } from "./meter-forwarding.ts";
import { defineMetric } from "./metric-definition.ts";
import type { MetricProblem } from "./metric-problem.ts";
import { createMetricRegistry } from "./metric-registry.ts";

const SENT = defineMetric({ name: "sent_total", kind: "counter", unit: "{item}", labels: ["to"], help: "Items sent." });
const OPEN = defineMetric({ name: "open", kind: "updowncounter", unit: "{item}", labels: [], help: "Items open." });
const DEPTH = defineMetric({ name: "depth", kind: "gauge", unit: "{item}", labels: [], help: "Items waiting." });
const WAIT = defineMetric({
  name: "wait_seconds",
  kind: "histogram",
  unit: "s",
  labels: ["to"],
  help: "Wait.",
  bounds: [1, 2],
});

const providers: MeterProvider[] = [];
afterEach(async () => {
  await Promise.all(providers.splice(0).map((provider) => provider.shutdown()));
});

function foreignSdk() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  providers.push(provider);
  /** What the SDK has, by name. */
  const collect = async () => {
    exporter.reset();
    await reader.forceFlush();
    const metrics = exporter
      .getMetrics()
      .flatMap((resource) => resource.scopeMetrics.flatMap((scope) => scope.metrics));
    return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
  };
  return { meter: provider.getMeter("tracebook"), collect };
}

describe("forwarding to a foreign SDK", () => {
  it("shows it sums and gauges at each collection and hands it histograms value by value", async () => {
    const { meter, collect } = foreignSdk();
    const registry = createMetricRegistry();
    registry.counter(SENT).add(2, { to: "a" });
    registry.forward(meter);
    registry.counter(SENT).add(3, { to: "a" });
    registry.upDownCounter(OPEN).add(-4);
    registry.gauge(DEPTH).set(7);
    registry.histogram(WAIT).record(1.5, { to: "a" });
    const metrics = await collect();
    const points = (name: string) => metrics.get(name)?.dataPoints.map(({ attributes, value }) => [attributes, value]);
    expect(points("sent_total")).toEqual([[{ to: "a" }, 5]]);
    expect(points("open")).toEqual([[{}, -4]]);
    expect(points("depth")).toEqual([[{}, 7]]);
    expect(metrics.get("wait_seconds")?.descriptor).toMatchObject({ unit: "s", description: "Wait." });
    expect(points("wait_seconds")).toMatchObject([
      [{ to: "a" }, { count: 1, sum: 1.5, buckets: { boundaries: [1, 2], counts: [0, 1, 0] } }],
    ]);
  });

  it("runs the observers of a collection once for all instruments", async () => {
    const { meter, collect } = foreignSdk();
    const registry = createMetricRegistry();
    let runs = 0;
    registry.onCollect(() => {
      runs += 1;
      registry.gauge(DEPTH).set(runs);
    });
    registry.gauge(DEPTH).bind();
    registry.counter(SENT).add(1);
    registry.forward(meter);
    const metrics = await collect();
    expect(runs).toBe(1);
    expect(metrics.get("depth")?.dataPoints[0]?.value).toBe(1);
  });

  it("ends when it is stopped", async () => {
    const { meter, collect } = foreignSdk();
    const registry = createMetricRegistry();
    const stop = registry.forward(meter);
    registry.counter(SENT).add(1, { to: "a" });
    registry.histogram(WAIT).record(1, { to: "a" });
    stop();
    registry.histogram(WAIT).record(1, { to: "a" });
    const metrics = await collect();
    expect(metrics.get("sent_total")?.dataPoints ?? []).toEqual([]);
    expect(metrics.get("wait_seconds")?.dataPoints[0]?.value).toMatchObject({ count: 1 });
  });

  it("gives way to another meter", async () => {
    const first = foreignSdk();
    const second = foreignSdk();
    const registry = createMetricRegistry();
    const stopFirst = registry.forward(first.meter);
    registry.counter(SENT).add(1, { to: "a" });
    registry.forward(second.meter);
    stopFirst();
    registry.histogram(WAIT).record(1);
    expect((await first.collect()).get("sent_total")?.dataPoints ?? []).toEqual([]);
    expect([...(await second.collect()).keys()]).toEqual(["sent_total", "wait_seconds"]);
  });

  it("keeps recording when the meter throws, and tells so once", () => {
    const problems: MetricProblem[] = [];
    const registry = createMetricRegistry({ onProblem: (problem) => problems.push(problem) });
    const fail = (): never => {
      throw new Error("meter is shut down");
    };
    registry.forward({
      createHistogram: () => ({ record: fail }),
      createObservableCounter: fail,
      createObservableGauge: fail,
      createObservableUpDownCounter: fail,
      addBatchObservableCallback: fail,
      removeBatchObservableCallback: fail,
    });
    registry.counter(SENT).add(1);
    const wait = registry.histogram(WAIT).bind();
    wait.record(1);
    wait.record(1);
    expect(wait.summary()?.count).toBe(2);
    expect(problems.map(({ code, metric }) => [code, metric])).toEqual([
      ["forward_failed", "tracebook"],
      ["forward_failed", "wait_seconds"],
    ]);
  });

  it("takes any Meter of OpenTelemetry's API", () => {
    const accept = (meter: Meter): MeterLike => meter;
    expect(accept(foreignSdk().meter)).toHaveProperty("createHistogram");
  });
});
