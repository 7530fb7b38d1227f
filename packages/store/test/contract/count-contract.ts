// Counts of a store: by type, by reason, by score, by value.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SymbolCounts } from "../../src/store-queries.ts";
import { ReferenceStore } from "../reference-store.ts";
import { eventFilter, events } from "../store-arbitraries.ts";
import { createEvent } from "../store-events.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const MINUTE = "2026-11-20T12:34";

export function describeCounts(open: OpenStore, runs: number): void {
  describe("counts", () => {
    test("both ends of a range belong to it, to the microsecond", () =>
      withStore(open, async (store) => {
        const times = [
          `${MINUTE}:00.000000Z`,
          `${MINUTE}:00.000001Z`,
          `${MINUTE}:59.999999Z`,
          "2026-11-20T12:35:00.000000Z",
        ];
        await store.writeEvents(times.map((timestamp, i) => createEvent({ seq: i + 1, timestamp })));
        const counts = [];
        for (const startTime of times)
          for (const endTime of times) counts.push(await store.countEvents({ startTime, endTime }));
        expect(counts).toEqual([1, 2, 3, 4, 0, 1, 2, 3, 0, 0, 1, 2, 0, 0, 0, 1]);
      }));

    test("an empty store has nothing of everything", () =>
      withStore(open, async (store) => {
        expect(await store.countEvents({})).toBe(0);
        expect(await store.countByType({})).toEqual({});
        expect(await store.rejectionBreakdown({}, 5)).toEqual([]);
        expect(await store.decisionReasons({})).toEqual([]);
        expect(await store.symbolCounts({}, 5)).toEqual([]);
        expect(await store.confidenceDistribution({})).toMatchObject({ count: 0, avg: null });
        expect(await store.facets({}, 5)).toEqual({ eventTypes: [], symbols: [], runs: [] });
        expect(await store.flowOutcomes({})).toEqual([]);
        expect(await store.facts()).toMatchObject({
          events: 0,
          decisions: 0,
          spans: 0,
          oldestTimestamp: null,
          newestTimestamp: null,
        });
      }));

    test("sentences beyond the five hundred that are told apart are counted together, in whole minutes and at the edges", () =>
      withStore(open, async (store) => {
        const rejected = (seq: number, second: string) =>
          createEvent({
            seq,
            timestamp: `${MINUTE}:${second}.000000Z`,
            data: { reason_code: "x", reason: `figure ${seq}` },
          });
        await store.writeEvents(Array.from({ length: 500 }, (_, i) => rejected(i + 1, "10")));
        await store.writeEvents(Array.from({ length: 20 }, (_, i) => rejected(i + 501, "20")));
        const whole = await store.rejectionBreakdown({}, 1_000);
        expect(whole).toHaveLength(501);
        expect(whole[0]).toEqual({ reason_code: "x", reason: "(other reasons)", count: 20 });
        const edge = await store.rejectionBreakdown({ startTime: `${MINUTE}:20.000000Z` }, 1_000);
        expect(edge).toEqual([{ reason_code: "x", reason: "(other reasons)", count: 20 }]);
        expect(await store.rejectionBreakdown({ endTime: `${MINUTE}:10.000000Z` }, 1_000)).toHaveLength(500);
      }));

    test("counts of all symbols at once are those of each symbol, asked one by one", () =>
      fc.assert(
        fc.asyncProperty(events, fc.array(eventFilter, { minLength: 6, maxLength: 6 }), async (some, filters) =>
          withStore(open, async (store) => {
            await store.writeEvents(
              some.map((event, i) => (i % 2 === 0 ? event : { ...event, eventType: "decision" })),
            );
            for (const { startTime, endTime } of [{}, ...filters]) {
              const range = { startTime, endTime };
              const { symbols } = await store.facets(range, 2);
              const oneByOne = symbols.map(async ({ value: symbol, count }): Promise<SymbolCounts> => {
                const decisions = await store.decisionReasons({ ...range, symbol });
                const countOf = (isAccept: boolean) =>
                  decisions.reduce((sum, one) => sum + ((one.decision === "ACCEPT") === isAccept ? one.count : 0), 0);
                const byType = await store.countByType({ ...range, symbol });
                return { symbol, events: count, byType, accepted: countOf(true), rejected: countOf(false) };
              });
              expect(await store.symbolCounts(range, 2)).toEqual(await Promise.all(oneByOne));
            }
          }),
        ),
        { numRuns: runs },
      ));

    test("counts by type, reasons, scores and facets are those of looking at everything", () =>
      fc.assert(
        fc.asyncProperty(
          events,
          events,
          fc.array(eventFilter, { minLength: 8, maxLength: 8 }),
          async (some, more, filters) =>
            withStore(open, async (store) => {
              const reference = new ReferenceStore();
              for (const batch of [some, more]) {
                await store.writeEvents(batch);
                reference.writeEvents(batch);
              }
              for (const filter of filters) {
                const { startTime, endTime, symbol } = filter;
                expect(await store.countByType(filter)).toEqual(reference.countByType(filter));
                expect(await store.rejectionBreakdown({ startTime, endTime, symbol }, 3)).toEqual(
                  reference.rejectionBreakdown({ startTime, endTime, symbol }, 3),
                );
                expect(await store.confidenceDistribution({ startTime, endTime, symbol })).toEqual(
                  reference.confidenceDistribution({ startTime, endTime, symbol }),
                );
                expect(await store.facets({ startTime, endTime }, 3)).toEqual(
                  reference.facets({ startTime, endTime }, 3),
                );
              }
            }),
        ),
        { numRuns: runs },
      ));
  });
}
