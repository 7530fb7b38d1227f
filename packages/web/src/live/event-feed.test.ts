import { expect, test } from "vitest";
import { microsTimestamp } from "../format/timestamp-micros.ts";
import { createEventFeed, type FeedPorts } from "./event-feed.ts";
import type { EventFilter } from "./event-filter.ts";
import { createTestClock } from "./test-clock.ts";
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
const upTo = (count: number) => Array.from({ length: count }, (_, i) => testEvent(i + 1));

/** Lets answers arrive: every question is answered by the next turn. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
}

async function begin(count: number, filter: Partial<EventFilter> = {}, ports: Partial<FeedPorts> = {}) {
  const clock = createTestClock();
  const server = createTestServer(upTo(count));
  const feed = createEventFeed({ ...ALL, ...filter }, { ask: server.ask, open: server.open, clock, ...ports });
  await settle();
  const send = (ids: readonly number[], skipped = 0, more: Parameters<typeof testEvent>[1] = {}) => {
    server.sources.at(-1)?.say("events", { events: ids.map((id) => testEvent(id, more)), skipped });
    clock.advance(100);
  };
  const ids = () => Array.from({ length: feed.list.length }, (_, i) => feed.list.row(i)?.event?.id ?? -1);
  return { clock, server, feed, send, ids };
}

test("it begins with the newest events, and goes on with what happens after them", async () => {
  const { server, feed, send, ids } = await begin(3);
  expect(feed.state()).toMatchObject({ isReady: true, newest: testEvent(3).timestamp, older: { kind: "end" } });
  expect(server.sources[0]?.address).toContain("since_id=3");
  send([4, 5]);
  expect(ids()).toEqual([5, 4, 3, 2, 1]);
});

test("while it is paused new events wait, are counted, and come in when it goes on", async () => {
  const { feed, send, ids } = await begin(2);
  feed.hold("pause", true);
  send([3, 4]);
  send([5]);
  expect(ids()).toEqual([2, 1]);
  expect(feed.state()).toMatchObject({ isPaused: true, waiting: 3 });
  feed.hold("pause", false);
  expect(ids()).toEqual([5, 4, 3, 2, 1]);
  expect(feed.state()).toMatchObject({ isPaused: false, waiting: 0 });
});

test("whoever reads while it is paused has both to end before it goes on", async () => {
  const { feed, send, ids } = await begin(1);
  feed.hold("reading", true);
  feed.hold("pause", true);
  send([2]);
  feed.hold("reading", false);
  expect(ids()).toEqual([1]);
  feed.hold("pause", false);
  expect(ids()).toEqual([2, 1]);
});

test("more events than the page keeps may wait: the newest are there when it goes on, and the end of the list says so", async () => {
  const { feed, send, ids } = await begin(1, {}, { maxRows: 3 });
  feed.hold("pause", true);
  for (const id of [2, 3, 4, 5, 6]) send([id]);
  expect(feed.state().waiting).toBe(5);
  expect(ids()).toEqual([1]);
  feed.hold("pause", false);
  expect(ids()).toEqual([6, 5, 4]);
  expect(feed.state().older.kind).toBe("full");
});

test("events of other filters do not come in, and are counted by whoever listens", async () => {
  const { feed, send, ids } = await begin(1, { types: ["signal", "order_request"] });
  const heard: number[] = [];
  feed.listen((events) => heard.push(...events.map(({ id }) => id)));
  expect(ids()).toEqual([]);
  send([2]);
  send([3], 0, { event_type: "signal" });
  expect(ids()).toEqual([3]);
  expect(heard).toEqual([2, 3]);
});

test("history comes page by page, to its end", async () => {
  const { server, feed, ids } = await begin(450);
  expect(ids().length).toBe(200);
  expect(feed.state().older.kind).toBe("idle");
  feed.loadOlder();
  feed.loadOlder();
  await settle();
  expect(ids().length).toBe(400);
  feed.loadOlder();
  await settle();
  expect(ids()).toEqual(
    upTo(450)
      .map(({ id }) => id)
      .toReversed(),
  );
  expect(feed.state().older.kind).toBe("end");
  const before = server.asked.length;
  feed.loadOlder();
  expect(server.asked.length).toBe(before);
});

test("a page of history that fails can be asked for again", async () => {
  const { server, feed, ids } = await begin(300);
  server.fail(unreachable());
  feed.loadOlder();
  await settle();
  expect(feed.state().older).toMatchObject({ kind: "failed", problem: { code: "unreachable" } });
  server.fail(undefined);
  feed.loadOlder();
  await settle();
  expect(ids().length).toBe(300);
});

test("without a server it says so, and begins by itself once there is one", async () => {
  const clock = createTestClock();
  const server = createTestServer(upTo(2));
  server.fail(unreachable());
  const feed = createEventFeed(ALL, { ask: server.ask, open: server.open, clock });
  await settle();
  expect(feed.state()).toMatchObject({ isReady: false, problem: { code: "unreachable" } });
  server.fail(undefined);
  clock.advance(5_000);
  await settle();
  expect(feed.state()).toMatchObject({ isReady: true, problem: undefined });
  expect(feed.list.length).toBe(2);
});

test("the list is bounded, and does not read what it would let go again", async () => {
  const { feed, send, ids } = await begin(4, {}, { maxRows: 5 });
  send([5, 6, 7]);
  expect(ids()).toEqual([7, 6, 5, 4, 3]);
  expect(feed.state().older.kind).toBe("full");
});

test("a server with another database begins the feed anew", async () => {
  const { server, ids } = await begin(900);
  server.events.splice(0, server.events.length, testEvent(1), testEvent(2));
  const state = { last_id: 2, events_per_second: 0 };
  server.sources[0]?.say("state", state);
  server.sources[0]?.say("state", state);
  await settle();
  expect(ids()).toEqual([2, 1]);
  expect(server.sources.at(-1)?.address).toContain("since_id=2");
  expect(server.sources[0]?.isClosed).toBe(true);
});

test("skipped events are summed up, and shown where they are missing", async () => {
  const { feed, send } = await begin(1);
  send([9], 40);
  send([], 2);
  expect(feed.state().skipped).toBe(42);
  expect(feed.list.row(1)).toMatchObject({ event: undefined, skipped: 42 });
});

test("of a few types nothing is missing that the live feed has skipped, and nothing is said to be", async () => {
  const { clock, server, feed, send, ids } = await begin(1, { types: ["decision", "order_request"] });
  server.events.push(...Array.from({ length: 300 }, (_, i) => testEvent(i + 2)));
  send([301], 5_000);
  expect(ids()).toEqual([301, 1]);
  clock.advance(1_000);
  await settle();
  expect(ids()).toEqual(Array.from({ length: 301 }, (_, i) => 301 - i));
  expect(feed.state().skipped).toBe(0);
});

test("what is brought while somebody reads waits, and is counted once", async () => {
  const { clock, server, feed, send, ids } = await begin(1, { types: ["decision", "order_request"] });
  feed.hold("reading", true);
  server.events.push(testEvent(2), testEvent(3));
  send([3], 5_000);
  clock.advance(1_000);
  await settle();
  expect(ids()).toEqual([1]);
  expect(feed.state().waiting).toBe(2);
  feed.hold("reading", false);
  expect(ids()).toEqual([3, 2, 1]);
});

test("what is missing and cannot be brought is said", async () => {
  const { clock, server, feed, send } = await begin(1, { types: ["decision", "order_request"] });
  server.fail(unreachable());
  send([2], 5_000);
  clock.advance(1_000);
  await settle();
  expect(feed.state().skipped).toBe(5_000);
});

test("what was closed asks nothing and hears nothing", async () => {
  const { clock, server, feed, send } = await begin(1);
  let changes = 0;
  feed.subscribe(() => changes++);
  feed.close();
  send([2]);
  clock.advance(60_000);
  expect(changes).toBe(0);
  expect(server.sources.every(({ isClosed }) => isClosed)).toBe(true);
});
