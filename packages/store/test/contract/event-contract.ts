// Events of a store: pages, polls, searches.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventFilter } from "../../src/store-queries.ts";
import type { StoredEvent } from "../../src/stored-event.ts";
import { ReferenceStore } from "../reference-store.ts";
import { eventFilter, events, searchText } from "../store-arbitraries.ts";
import { createEvent } from "../store-events.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const limit = fc.integer({ min: 1, max: 70 });
const questions = fc.array(fc.tuple(eventFilter, limit, fc.nat(70)), { minLength: 8, maxLength: 8 });

/** Ids rise with the order of writing, and need not be without gaps: in their place, the place of each in the order. */
function placesOf(stored: readonly StoredEvent[], all: readonly StoredEvent[]): readonly StoredEvent[] {
  const ids = all.map((event) => event.id).sort((a, b) => a - b);
  return stored.map((event) => ({ ...event, id: ids.indexOf(event.id) + 1 }));
}

export function describeEvents(open: OpenStore, runs: number): void {
  describe("events", () => {
    test("come back as they were written, an absent field as null", () =>
      withStore(open, async (store) => {
        const source = { serviceName: "bot", instanceId: "i-1" };
        await store.writeEvents([
          createEvent({ source, traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" }),
          createEvent({
            source,
            seq: 0,
            runId: undefined,
            symbol: undefined,
            data: { nested: { list: [1, null, "漢字 🎯"] } },
          }),
        ]);
        const [first, second] = await store.recentEvents(10, 0);
        expect(first).toEqual({
          id: first?.id,
          event_type: "signal_rejected",
          timestamp: "2026-11-20T12:34:56.789012Z",
          run_id: "run-1",
          symbol: "BTC/USDT",
          data: { reason_code: "gate_failed", reason: "Below minimum confluence threshold" },
          trace_id: "0af7651916cd43dd8448eb211c80319c",
          span_id: "b7ad6b7169203331",
          severity_number: 9,
          instance_id: "i-1",
          service_name: "bot",
          seq: 1,
        });
        expect(second).toMatchObject({ run_id: null, symbol: null, trace_id: null, span_id: null, seq: null });
        expect(second?.data).toEqual({ nested: { list: [1, null, "漢字 🎯"] } });
        expect(await store.event(second?.id ?? 0)).toEqual(second);
        expect(await store.event(1e9)).toBeUndefined();
      }));

    test("come as text as they come otherwise", () =>
      fc.assert(
        fc.asyncProperty(events, questions, async (some, asked) =>
          withStore(open, async (store) => {
            await store.writeEvents(some);
            for (const [filter, size, offset] of asked) {
              const { json, count, total } = await store.findEventsJson(filter, size, offset);
              const page = await store.findEvents(filter, size, offset);
              expect({ events: JSON.parse(json), total }).toEqual(page);
              expect(count).toBe(page.events.length);
              for (const event of page.events.slice(0, 3)) expect(await store.event(event.id)).toEqual(event);
              for (const since of [undefined, offset]) {
                const recent = await store.recentEventsJson(size, since);
                const expected = await store.recentEvents(size, since);
                expect(recent).toEqual({ json: expect.any(String), count: expected.length });
                expect(JSON.parse(recent.json)).toEqual(expected);
              }
            }
          }),
        ),
        { numRuns: Math.ceil(runs / 4) },
      ));

    test("a page that would be beyond 32 MiB ends early, and goes on behind the last of its events", () =>
      withStore(open, async (store) => {
        const note = "x".repeat(1_048_576);
        await store.writeEvents(Array.from({ length: 40 }, (_, i) => createEvent({ seq: i + 1, data: { note } })));
        const ids = (some: readonly StoredEvent[]) => some.map((event) => event.seq);
        const first = await store.findEvents({}, 10_000, 0);
        expect([first.events.length, first.total]).toEqual([31, 40]);
        const rest = await store.findEvents({}, 10_000, first.events.length);
        expect(ids([...first.events, ...rest.events])).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i));
        const polled = await store.recentEvents(10_000, 0);
        expect(ids([...polled, ...(await store.recentEvents(10_000, polled.at(-1)!.id))])).toEqual(
          Array.from({ length: 40 }, (_, i) => i + 1),
        );
      }));

    test("an event that is beyond 32 MiB by itself is a page", () =>
      withStore(open, async (store) => {
        const note = "x".repeat(33 * 1_048_576);
        await store.writeEvents([createEvent({ seq: 1 }), createEvent({ seq: 2, data: { note } })]);
        expect((await store.findEventsJson({}, 10, 0)).count).toBe(1);
        expect((await store.findEvents({}, 10, 1)).events.map((event) => event.seq)).toEqual([1]);
      }));

    test("a poller that asks with the last id it has seen misses none and gets none twice", () =>
      withStore(open, async (store) => {
        const seen: (number | null)[] = [];
        let since = 0;
        for (let round = 0; round < 5; round++) {
          // Later ones are of an earlier time: order is that of writing.
          const seqs = [1, 2, 3, 4, 5].map((i) => round * 5 + i);
          const timestamp = `2026-11-20T12:34:5${9 - round}.000000Z`;
          await store.writeEvents(seqs.map((seq) => createEvent({ seq, timestamp })));
          for (
            let page = await store.recentEvents(2, since);
            page.length > 0;
            page = await store.recentEvents(2, since)
          ) {
            seen.push(...page.map((event) => event.seq));
            since = page.at(-1)?.id ?? since;
          }
        }
        expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
      }));

    test("an empty text in a filter does not matter, as an empty field of a form", () =>
      withStore(open, async (store) => {
        await store.writeEvents([createEvent(), createEvent({ seq: 2, symbol: undefined })]);
        expect((await store.findEvents({ eventType: "", symbol: "", runId: "" }, 10, 0)).total).toBe(2);
      }));

    test("of a user, of a category, and of both are those whose data says so", () =>
      withStore(open, async (store) => {
        const said = [
          { user_id: "user-1", event_category: "authentication" },
          { user_id: "user-1", event_category: "processing" },
          { user_id: "user-2", event_category: "authentication" },
          { event_category: "authentication" },
          { user_id: "user-1" },
          { duration_ms: 3 },
          {},
        ];
        await store.writeEvents(
          said.map((data, i) => createEvent({ seq: i + 1, eventType: i === 0 ? "user_action" : "api_event", data })),
        );
        const asked: [EventFilter, number[]][] = [
          [{ userId: "user-1" }, [5, 2, 1]],
          [{ eventCategory: "authentication" }, [4, 3, 1]],
          [{ userId: "user-1", eventCategory: "authentication" }, [1]],
          [{ userId: "user-1", eventType: "api_event" }, [5, 2]],
          [{ eventCategory: "authentication", eventType: "user_action", symbol: "BTC/USDT", runId: "run-1" }, [1]],
          [{ userId: "nobody" }, []],
          [{ userId: "", eventCategory: "" }, [7, 6, 5, 4, 3, 2, 1]],
        ];
        for (const [filter, seqs] of asked) {
          const { events: found, total } = await store.findEvents(filter, 10, 0);
          expect(found.map((event) => event.seq)).toEqual(seqs);
          expect(total).toBe(seqs.length);
          expect((await store.findEvents(filter, 10, 1)).events).toEqual(found.slice(1));
          expect(await store.countEvents(filter)).toBe(seqs.length);
          const types = seqs.map((seq) => (seq === 1 ? "user_action" : "api_event"));
          const count = (type: string) => types.filter((one) => one === type).length;
          const counts = ["user_action", "api_event"].map((type) => [type, count(type)] as const);
          expect(await store.countByType(filter)).toEqual(Object.fromEntries(counts.filter(([, n]) => n > 0)));
        }
      }));

    test("pages, totals, their order and searches are those of looking at everything", () =>
      fc.assert(
        fc.asyncProperty(events, events, questions, searchText, async (some, more, asked, text) =>
          withStore(open, async (store) => {
            const reference = new ReferenceStore();
            for (const batch of [some, more]) {
              await store.writeEvents(batch);
              reference.writeEvents(batch);
            }
            const all = await store.recentEvents(1_000, 0);
            expect(placesOf(all, all)).toEqual(reference.recentEvents(1_000, 0));
            for (const [filter, size, offset] of asked) {
              const page = await store.findEvents(filter, size, offset);
              expect({ ...page, events: placesOf(page.events, all) }).toEqual(
                reference.findEvents(filter, size, offset),
              );
              expect(await store.countEvents(filter)).toBe(page.total);
              const search = await store.searchEvents(filter, text, size, offset + 1);
              expect({ ...search, events: placesOf(search.events, all) }).toEqual(
                reference.searchEvents(filter, text, size, offset + 1),
              );
              expect(placesOf(await store.recentEvents(size), all)).toEqual(reference.recentEvents(size));
            }
          }),
        ),
        { numRuns: runs },
      ));
  });
}
