// Metrics of a store: histograms and numbers over time, how flows ended.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FlowOutcome } from "../../src/store-queries.ts";
import { micros, range } from "../store-arbitraries.ts";
import { createHistogram, createNumber } from "../store-points.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const NOON = Date.parse("2026-11-20T12:00:00Z") / 1000;
const OTHER_BOT = { serviceName: "bot", instanceId: "i-2" };

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

    test("of more than 2,000 slices are refused, with the range and the step", () =>
      withStore(open, async (store) => {
        const delta = { isCumulative: false };
        await store.writePoints(Array.from({ length: 2_001 }, (_, i) => createNumber(i, 1, delta)));
        await store.writePoints(Array.from({ length: 2_001 }, (_, i) => createHistogram(i)));
        const startTime = "2026-11-20T12:01:00.000000Z";
        const answers = [
          await store.numbers({ name: "updates_total", stepSeconds: 60, startTime }),
          await store.histogram({ name: "stage_seconds", stepSeconds: 60, startTime }),
        ];
        expect(answers.map(([series]) => series?.slices.length)).toEqual([2_000, 2_000]);
        const refusal = {
          code: "invalid_query",
          problem:
            "stepSeconds is 60; it must be larger, or the range shorter: from the beginning to the end there are more than 2000 slices.",
        };
        await expect(store.numbers({ name: "updates_total", stepSeconds: 60 })).rejects.toMatchObject(refusal);
        await expect(store.histogram({ name: "stage_seconds", stepSeconds: 60 })).rejects.toMatchObject(refusal);
      }));

    test("of more than 500 series give those that were heard of last, and these first", () =>
      withStore(open, async (store) => {
        const sources = Array.from({ length: 503 }, (_, i) => ({ serviceName: "bot", instanceId: `i-${i}` }));
        await store.writePoints(sources.map((source, i) => createNumber(i / 100, 1, { source })));
        await store.writePoints(
          sources.map(({ instanceId }, i) => createHistogram(i / 100, { labels: { instance: instanceId } })),
        );
        // Two of one kind are added up to one.
        await store.writePoints([createHistogram(9, { source: OTHER_BOT, labels: { instance: "i-0" } })]);
        const numbers = await store.numbers({ name: "updates_total", stepSeconds: 60 });
        expect(numbers).toHaveLength(500);
        expect(numbers.slice(0, 2).map((series) => series.instance_id)).toEqual(["i-502", "i-501"]);
        const histograms = await store.histogram({ name: "stage_seconds", stepSeconds: 60 });
        expect(histograms).toHaveLength(500);
        expect(histograms.slice(0, 2).map((series) => series.labels["instance"])).toEqual(["i-0", "i-502"]);
        expect(histograms[0]?.slices.map((slice) => slice.count)).toEqual([3, 3]);
        expect((await store.metricNames({})).map((metric) => metric.series)).toEqual([504, 503]);
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
