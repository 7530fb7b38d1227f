// Metrics of a store: histograms and numbers over time, how flows ended.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistogramPointInput, NumberPointInput } from "../../src/store-input.ts";
import type { FlowOutcome } from "../../src/store-queries.ts";
import { micros, range } from "../store-arbitraries.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const MINUTE_MICROS = 60e6;
const NOON_MICROS = Date.parse("2026-11-20T12:00:00Z") * 1000;
const NOON = NOON_MICROS / 1e6;
const BOT = { serviceName: "bot", instanceId: "i-1" };
const OTHER_BOT = { serviceName: "bot", instanceId: "i-2" };

function createHistogram(minute: number, more: Partial<HistogramPointInput> = {}): HistogramPointInput {
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

function createNumber(minute: number, value: number, more: Partial<NumberPointInput> = {}): NumberPointInput {
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

export function describeMetrics(open: OpenStore, runs: number): void {
  describe("metrics", () => {
    test("histograms of the same labels and bounds are added up, slice by slice", () =>
      withStore(open, async (store) => {
        await store.writePoints([
          createHistogram(1),
          createHistogram(4),
          createHistogram(5),
          createHistogram(5, { source: OTHER_BOT, bucketCounts: [0, 0, 3] }),
          createHistogram(5, { labels: { flow: "tick", stage: "book_to_signal" } }),
        ]);
        const filter = { name: "stage_seconds", stepSeconds: 300, labels: { stage: "risk_to_send" } };
        expect(await store.histogram(filter)).toEqual([
          {
            labels: { flow: "tick", stage: "risk_to_send" },
            bounds: [0.1, 1],
            slices: [
              { bucket: NOON, count: 6, sum: 1, bucketCounts: [2, 4, 0] },
              { bucket: NOON + 300, count: 6, sum: 1, bucketCounts: [1, 2, 3] },
            ],
          },
        ]);
        const late = { ...filter, startTime: "2026-11-20T12:05:59.000000Z", endTime: "2026-11-20T12:05:59.500000Z" };
        expect((await store.histogram(late))[0]?.slices.map((slice) => slice.count)).toEqual([6]);
        expect(await store.histogram({ ...filter, labels: { stage: "risk_to_send", symbol: "BTC/USDT" } })).toEqual([]);
        expect(await store.numbers(filter)).toEqual([]);
      }));

    test("sums are what came in each slice, gauges and sums that may fall the last value, each instance by itself", () =>
      withStore(open, async (store) => {
        await store.writePoints([createNumber(1, 5), createNumber(2, 7), createNumber(6, 10)]);
        await store.writePoints([createNumber(2, 4, { source: OTHER_BOT })]);
        const level = { name: "connections", isMonotonic: false } as const;
        await store.writePoints([createNumber(1, 5, level), createNumber(2, 3, level), createNumber(7, 4, level)]);
        expect(await store.numbers({ name: "updates_total", stepSeconds: 300 })).toEqual([
          {
            labels: { symbol: "BTC/USDT" },
            instance_id: "i-1",
            service_name: "bot",
            type: "sum",
            unit: "1",
            slices: [
              { bucket: NOON, value: 7 },
              { bucket: NOON + 300, value: 3 },
            ],
          },
          expect.objectContaining({ instance_id: "i-2", slices: [{ bucket: NOON, value: 4 }] }),
        ]);
        const [connections] = await store.numbers({ name: "connections", stepSeconds: 300 });
        expect(connections).toMatchObject({
          type: "gauge",
          slices: [
            { bucket: NOON, value: 3 },
            { bucket: NOON + 300, value: 4 },
          ],
        });
        expect(await store.numbers({ name: "no such metric", stepSeconds: 60 })).toEqual([]);
      }));

    test("flow outcomes are the sums of the whole minutes that a range touches", () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              timeMicros: micros,
              flow: fc.constantFrom("tick", "order"),
              symbol: fc.constantFrom("A", ""),
              value: fc.integer({ min: 1, max: 9 }),
            }),
            { maxLength: 40 },
          ),
          fc.array(fc.tuple(range, fc.constantFrom(undefined, "tick"), fc.constantFrom(undefined, "A")), {
            minLength: 8,
            maxLength: 8,
          }),
          async (points, questions) =>
            withStore(open, async (store) => {
              // Points of a series come in the order of their times; each is of an instance of its own, so that none is older than another.
              await store.writePoints(
                points.map(({ timeMicros, flow, symbol, value }, i) =>
                  createNumber(0, value, {
                    name: "trading_flow_outcomes_total",
                    source: { serviceName: "bot", instanceId: `i-${i}` },
                    isCumulative: false,
                    timeMicros,
                    labels: { flow, stage: "s", reason_code: "r", strategy: "basis", symbol },
                  }),
                ),
              );
              for (const [times, flow, symbol] of questions) {
                const expected = new Map<string, number>();
                for (const point of points) {
                  const isOf = (flow ?? point.flow) === point.flow && (symbol ?? point.symbol) === point.symbol;
                  if (!isOf || !isTouched(times, point.timeMicros)) continue;
                  const key = `${point.flow} ${point.symbol}`;
                  expected.set(key, (expected.get(key) ?? 0) + point.value);
                }
                const outcomes = await store.flowOutcomes({ ...times, flow, symbol });
                const counts = outcomes.map((one: FlowOutcome) => [`${one.flow} ${one.symbol}`, one.count] as const);
                expect(new Map(counts)).toEqual(expected);
                expect(outcomes.map((one) => one.count)).toEqual(
                  outcomes.map((one) => one.count).sort((a, b) => b - a),
                );
              }
            }),
        ),
        { numRuns: runs },
      ));
  });
}

function isTouched(
  { startTime, endTime }: { startTime?: string | undefined; endTime?: string | undefined },
  timeMicros: number,
): boolean {
  const minuteText = (text: string) => text.slice(0, "2026-11-20T12:34".length);
  const minute = minuteText(new Date(Math.floor(timeMicros / 1000)).toISOString());
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) return false;
  return (
    (startTime === undefined || minute >= minuteText(startTime)) &&
    (endTime === undefined || minute <= minuteText(endTime))
  );
}
