// Every instrument there is gets good values, and, if told so, values that are no numbers between and after them; then both routes are read.
// node poisoned.ts OBSERVER yes|no
import { metrics as metricsApi } from "@opentelemetry/api";
import { startTelemetry, tradingMetrics } from "@tracebook/node";

const [observer, poisons] = process.argv.slice(2);
const BAD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "NaN", "1e999", null, {}];
const isPoisoned = poisons === "yes";

/** What all instruments have in common, as far as this program is concerned. */
type Record = (value: never) => void;

function feed(record: Record, isSum: boolean): void {
  record(2 as never);
  poison(record, isSum);
  // A zero like any other.
  record(-0 as never);
  record(3 as never);
  // At the end again: the last value of a gauge is all that is seen of it.
  poison(record, isSum);
}

function poison(record: Record, isSum: boolean): void {
  for (const value of isPoisoned ? [...BAD, ...(isSum ? [-1] : [])] : []) {
    try {
      record(value as never);
    } catch (error) {
      process.stdout.write(`threw ${String(error)}\n`);
    }
  }
}

async function feedTracebook(): Promise<string> {
  const telemetry = await startTelemetry();
  let instruments = 0;
  for (const instrument of Object.values(tradingMetrics) as object[]) {
    for (const how of ["add", "record", "set"] as const) {
      const method = (instrument as { [name: string]: unknown })?.[how];
      if (typeof method !== "function") continue;
      feed((value) => void method.call(instrument, value, {}), how !== "set");
      instruments++;
    }
  }
  instruments += feedApi();
  await telemetry.flush();
  const text = await scrape(telemetry.health().metricsUrl ?? "");
  await telemetry.shutdown();
  return JSON.stringify({ instruments, text });
}

/** Instruments of the OpenTelemetry API, as libraries make them. */
function feedApi(): number {
  const meter = metricsApi.getMeter("host");
  const counter = meter.createCounter("host_counter_total");
  const upDown = meter.createUpDownCounter("host_up_down");
  const histogram = meter.createHistogram("host_histogram");
  const gauge = meter.createGauge("host_gauge");
  feed((value) => counter.add(value), true);
  feed((value) => upDown.add(value), false);
  feed((value) => histogram.record(value), true);
  feed((value) => gauge.record(value), false);
  return 4;
}

async function feedStock(): Promise<string> {
  const { startStockMetrics } = await import("./stock-metrics.ts");
  const url = await startStockMetrics();
  const instruments = feedApi();
  return JSON.stringify({ instruments, text: await scrape(url) });
}

async function scrape(url: string): Promise<string> {
  return (await fetch(url)).text();
}

const report = observer === "stock" ? await feedStock() : await feedTracebook();
process.stdout.write(`${report}\n`, () => process.exit());
