// Timelines of a store: decisions and events in slices of time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ReferenceStore } from "../reference-store.ts";
import { decisionFilter, events, stepSeconds } from "../store-arbitraries.ts";
import { createEvent } from "../store-events.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const NOON = Date.parse("2026-11-20T12:00:00Z") / 1000;
const minuteText = (minute: number) => new Date((NOON + minute * 60) * 1000).toISOString().replace("Z", "000Z");

export function describeTimelines(open: OpenStore, runs: number): void {
  describe("timelines", () => {
    test("have one slice a step, without the empty ones, of the whole minutes that the range touches", () =>
      withStore(open, async (store) => {
        const decisionAt = (seq: number, minute: number, decision: string) =>
          createEvent({
            eventType: "decision",
            seq,
            timestamp: minuteText(minute),
            data: { decision, strategy: "basis" },
          });
        await store.writeEvents([
          decisionAt(1, 0, "ACCEPT"),
          decisionAt(2, 4, "REJECT"),
          decisionAt(3, 4, "what is this"),
          decisionAt(4, 15, "ACCEPT"),
          createEvent({ seq: 5, timestamp: minuteText(15) }),
        ]);
        expect(await store.decisionTimeline({}, 300)).toEqual([
          { bucket: NOON, accepted: 1, rejected: 2 },
          { bucket: NOON + 900, accepted: 1, rejected: 0 },
        ]);
        const late = { startTime: "2026-11-20T12:04:59.000000Z", symbol: "BTC/USDT", strategy: "basis" };
        expect(await store.decisionTimeline(late, 300)).toEqual([
          { bucket: NOON, accepted: 0, rejected: 2 },
          { bucket: NOON + 900, accepted: 1, rejected: 0 },
        ]);
        expect(await store.eventTimeline({}, 3_600)).toEqual([
          { bucket: NOON, counts: { decision: 4, signal_rejected: 1 } },
        ]);
        expect(await store.eventTimeline({ symbol: "ETH/USDT" }, 60)).toEqual([]);
      }));

    test("of more than 2,000 slices are refused, with the range and the step", () =>
      withStore(open, async (store) => {
        const times = Array.from({ length: 2_001 }, (_, minute) => minuteText(minute));
        await store.writeEvents(
          times.map((timestamp, i) => createEvent({ eventType: "decision", seq: i + 1, timestamp, data: {} })),
        );
        const startTime = times[1];
        expect(await store.decisionTimeline({ startTime }, 60)).toHaveLength(2_000);
        expect(await store.eventTimeline({ startTime }, 60)).toHaveLength(2_000);
        const refusal = {
          code: "invalid_query",
          problem: `stepSeconds is 60; it must be larger, or the range shorter: from ${times[0]} to the end there are more than 2000 slices.`,
        };
        await expect(store.decisionTimeline({ startTime: times[0] }, 60)).rejects.toMatchObject(refusal);
        await expect(store.eventTimeline({ startTime: times[0] }, 60)).rejects.toMatchObject(refusal);
        expect(await store.eventTimeline({}, 120)).toHaveLength(1_001);
      }));

    test("tell a hundred types apart, the most frequent, and count the rest together", () =>
      withStore(open, async (store) => {
        const types = Array.from({ length: 102 }, (_, i) => `type_${String(i).padStart(3, "0")}`);
        // One more of each than of the type after it.
        const all = types.flatMap((type, i) => Array.from({ length: 102 - i }, () => type));
        await store.writeEvents(all.map((eventType) => createEvent({ eventType, seq: 0, timestamp: minuteText(0) })));
        const [slice] = await store.eventTimeline({}, 60);
        expect(Object.keys(slice?.counts ?? {})).toHaveLength(101);
        expect(slice?.counts).toMatchObject({ type_000: 102, type_099: 3, other: 3 });
      }));

    test("are those of looking at everything", () =>
      fc.assert(
        fc.asyncProperty(
          events,
          events,
          fc.array(fc.tuple(decisionFilter, stepSeconds), { minLength: 8, maxLength: 8 }),
          async (some, more, questions) =>
            withStore(open, async (store) => {
              const reference = new ReferenceStore();
              for (const batch of [some, more]) {
                const decisions = batch.map((event, i) => (i % 2 === 0 ? event : { ...event, eventType: "decision" }));
                await store.writeEvents(decisions);
                reference.writeEvents(decisions);
              }
              for (const [{ startTime, endTime, symbol, strategy }, step] of questions) {
                const filter = { startTime, endTime, symbol, strategy };
                expect(await store.decisionTimeline(filter, step)).toEqual(reference.decisionTimeline(filter, step));
                expect(await store.eventTimeline(filter, step)).toEqual(reference.eventTimeline(filter, step));
              }
            }),
        ),
        { numRuns: runs },
      ));
  });
}
