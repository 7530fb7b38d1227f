// What recording costs: node --conditions=@tracebook/source packages/metrics/src/instruments.bench.ts (about 5 s).
import { cpus } from "node:os";
import { createSystemClock } from "@tracebook/core";
import type { EndedFlow, EventRecord } from "@tracebook/core/extension";
import { createFlowMetrics } from "./flow-metrics.ts";
import { createMetricRegistry } from "./metric-registry.ts";
import { createRecordMetrics } from "./record-metrics.ts";
import { createTradingMetrics } from "./trading-metrics.ts";

const ROUNDS = 31;
const CALLS = 50_000;

/** Prints nanoseconds and bytes a call: the best round, the median and the worst. */
function measure(name: string, call: (i: number) => void): void {
  for (let i = 0; i < CALLS; i++) call(i);
  const before = process.memoryUsage().heapUsed;
  const ns: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) call(i);
    ns.push(((performance.now() - start) * 1e6) / CALLS);
  }
  const bytes = Math.max(0, process.memoryUsage().heapUsed - before) / (ROUNDS * CALLS);
  ns.sort((a, b) => a - b);
  const [best, median, worst] = [ns[0], ns[ROUNDS >> 1], ns[ROUNDS - 1]].map((value) =>
    (value ?? 0).toFixed(1).padStart(7),
  );
  console.log(`${name.padEnd(40)} ${best} ${median} ${worst} ns ${bytes.toFixed(1).padStart(6)} B`);
}

const TICK = { name: "tick", index: 0, stages: ["a", "b", "c", "d", "e"] };

/** An ended flow of five stages whose numbers lie in arrays, as core's do. */
function endedFlow(symbol: string): EndedFlow {
  const times = Float64Array.from([1000, 1000.01, 1000.03, 1000.034, 1000.07, 1000.1, 1000.2]);
  const outcome = { outcomeStage: "e", reasonCode: "no_signal", symbol, strategy: "basis" };
  const marks = { markCount: 5, markStage: (i: number) => i, readTimes: (into: Float64Array) => into.set(times) };
  const ids = { trace0: 1, trace1: -2, trace2: 3, trace3: 4, span0: 5, span1: 6 };
  return { kind: TICK, ...outcome, ...marks, ...ids } as unknown as EndedFlow;
}

console.log(
  `Node ${process.version}, ${cpus()[0]?.model} x ${cpus().length}; best, median and worst of ${ROUNDS} rounds`,
);
const metrics = createTradingMetrics();
const values = Float64Array.from({ length: 1024 }, (_, i) => 1e-5 * 1.01 ** (i % 700));
const trades = metrics.trades.bind({ bot_id: "b", symbol: "BTC" });
const pnl = metrics.botPnl.bind({ bot_id: "b", symbol: "BTC" });
const stage = metrics.stageDuration.bind({ flow: "tick", stage: "a" });
const feed = metrics.marketData("BTC", "binance");
const labels = { bot_id: "b", symbol: "BTC", side: "buy", status: "filled" };
const flows = [endedFlow("BTC/USDT"), endedFlow("ETH/USDT")] as const;
const flowMetrics = createFlowMetrics(createMetricRegistry(), createSystemClock());
/** A clock on which every exemplar of a bucket is old. */
const leaps = { epochMicros: () => (leapMicros += 200_000) };
let leapMicros = 0;
const leapingMetrics = createFlowMetrics(createMetricRegistry(), leaps);
const recordMetrics = createRecordMetrics(createMetricRegistry());
const payload = { accepted: false, decision: "REJECT", reasonCode: "insufficient_edge" };
const decision = {
  kind: { eventType: "decision" },
  payload,
  symbol: "BTC",
  strategy: "basis",
} as unknown as EventRecord;

measure("nothing (the loop)", () => undefined);
measure("counter add, bound", () => trades.add());
measure("gauge set, bound", (i) => pnl.set(i));
measure("histogram record, bound", (i) => stage.record(values[i & 1023]!));
measure("counter add, four labels", () => metrics.trades.add(1, labels));
measure("market data update, bound", (i) => feed.update(1000, 1000 + (i & 255)));
measure("flow ended, five stages", () => flowMetrics.flowEnded(flows[0]));
measure("flow ended, five stages, two symbols", (i) => flowMetrics.flowEnded(flows[i & 1]!));
measure("flow kept, its exemplars too soon", () => flowMetrics.flowKept(flows[0]));
measure("flow kept, its exemplars written", () => leapingMetrics.flowKept(flows[0]));
measure("decision emitted", () => recordMetrics.recordEmitted(decision));

const registry = createMetricRegistry();
const histogram = registry.histogram(metrics.catalogue.stageDuration);
for (let i = 0; i < 900 * 200; i++)
  histogram.bindValues([`f${i % 30}`, `s${Math.floor(i / 30) % 30}`]).record(values[i & 1023]!);
for (const histogramAggregation of ["explicit_bucket_histogram", "base2_exponential_bucket_histogram"] as const) {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    registry.collect({ histogramAggregation });
    return performance.now() - start;
  }).sort((a, b) => a - b);
  console.log(
    `collect ${histogram.series().length} series, ${histogramAggregation}: median ${times[ROUNDS >> 1]?.toFixed(3)} ms`,
  );
}
