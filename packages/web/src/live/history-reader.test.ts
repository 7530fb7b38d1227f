import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredEvent } from "../api/client.ts";
import { microsTimestamp } from "../format/timestamp-micros.ts";
import type { EventFilter } from "./event-filter.ts";
import { createHistoryReader, type HistoryReader } from "./history-reader.ts";
import { START_MICROS, testEvent } from "./test-event.ts";
import { createTestServer, unreachable } from "./test-server.ts";

const ALL: EventFilter = {
  types: [],
  symbol: "",
  runId: "",
  userId: "",
  category: "",
  text: "",
  startTime: microsTimestamp(START_MICROS),
  endTime: undefined,
};
const signal = new AbortController().signal;

async function readAll(reader: HistoryReader): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let pages = 0; pages < 500; pages++) {
    const page = await reader.next(signal);
    events.push(...page.events);
    if (page.isEnd) return events;
  }
  throw new Error("the history has no end");
}

const idsOf = (events: readonly StoredEvent[]) => [...new Set(events.map(({ id }) => id))];

test("pages go back to the beginning of the range, without a gap where many events have one moment", async () => {
  const moment = microsTimestamp(START_MICROS + 5_000_000);
  const crowd = Array.from({ length: 650 }, (_, i) => testEvent(i + 10, { timestamp: moment }));
  const server = createTestServer([testEvent(1), testEvent(2), ...crowd]);
  const ids = idsOf(await readAll(createHistoryReader(ALL, server.ask)));
  expect(ids.length).toBe(652);
  expect(ids.at(-1)).toBe(1);
});

test("a page begins at the moment that it is told", async () => {
  const server = createTestServer([1, 2, 3, 4].map((id) => testEvent(id)));
  const reader = createHistoryReader(ALL, server.ask, testEvent(2).timestamp);
  expect(idsOf(await readAll(reader))).toEqual([2, 1]);
});

test("a filter is asked of the server, empty parts are not", async () => {
  const server = createTestServer([]);
  await createHistoryReader({ ...ALL, types: ["signal"], symbol: "ETH/USDT" }, server.ask).next(signal);
  expect(server.asked[0]).toBe(
    `events?limit=200&offset=0&event_type=signal&symbol=ETH/USDT&start_time=${ALL.startTime}`,
  );
});

test("a search that has looked at enough says how far it came, and goes on from there", async () => {
  const events = Array.from({ length: 900 }, (_, i) => testEvent(i + 1, { data: { n: i % 300 === 0 ? "hit" : "no" } }));
  const server = createTestServer(events, 250);
  const reader = createHistoryReader({ ...ALL, text: "hit" }, server.ask);
  const first = await reader.next(signal);
  expect(first).toMatchObject({ isEnd: false, searchedBackTo: testEvent(651).timestamp });
  expect(idsOf([...first.events, ...(await readAll(reader))])).toEqual([601, 301, 1]);
});

test("a search gets past a moment that has more events than a page", async () => {
  const crowd = Array.from({ length: 900 }, (_, i) =>
    testEvent(i + 10, { timestamp: testEvent(5).timestamp, data: { n: "hit" } }),
  );
  const server = createTestServer([testEvent(1, { data: { n: "hit" } }), ...crowd]);
  const ids = idsOf(await readAll(createHistoryReader({ ...ALL, text: "hit" }, server.ask)));
  expect(ids).toContain(1);
  expect(ids.length).toBe(901);
});

test("several types are one history, in order, each event once", async () => {
  const type = fc.constantFrom("decision", "order_request", "other");
  const made = fc.array(fc.record({ type, second: fc.integer({ min: 0, max: 40 }) }), { maxLength: 900 });
  await fc.assert(
    fc.asyncProperty(made, async (given) => {
      const events = given.map(({ type: event_type, second }, i) =>
        testEvent(i + 1, { event_type, timestamp: microsTimestamp(START_MICROS + second * 1_000) }),
      );
      const server = createTestServer(events);
      const read = await readAll(createHistoryReader({ ...ALL, types: ["decision", "order_request"] }, server.ask));
      const wanted = events.filter(({ event_type }) => event_type !== "other");
      expect(new Set(idsOf(read))).toEqual(new Set(wanted.map(({ id }) => id)));
      expect(read.length).toBe(wanted.length);
      const times = read.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted().toReversed());
    }),
    { numRuns: 40 },
  );
});

test("after a question that failed the same page is asked for again", async () => {
  const server = createTestServer([1, 2, 3].map((id) => testEvent(id)));
  const reader = createHistoryReader({ ...ALL, types: ["decision", "signal"] }, server.ask);
  server.fail(unreachable());
  await expect(reader.next(signal)).rejects.toThrow("does not answer");
  server.fail(undefined);
  expect(idsOf(await readAll(reader))).toEqual([3, 2, 1]);
});
