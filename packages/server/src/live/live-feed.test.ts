import { openSqliteStore } from "@tracebook/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { openStream } from "../../test/event-stream.ts";
import { numberedEvents } from "../../test/numbered-events.ts";
import { ask, openTestDesk, until } from "../../test/test-desk.ts";
import { LIVE_BOUNDS } from "./live-feed.ts";

const LIVE = "/api/telemetry/live";

test("events come as they happen, each once, rising, with the last id as the message's", async () => {
  const { desk } = await openTestDesk();
  await desk.store.writeEvents(numberedEvents(5));
  const stream = await openStream(`${desk.url}${LIVE}`);
  expect(stream.headers["content-type"]).toBe("text/event-stream");
  expect(stream.headers["cache-control"]).toContain("no-store");
  // It begins now: what was there before is not news.
  await until(() => stream.messages.length > 0);
  expect(stream.messages[0]).toMatchObject({ event: "state", id: 5, data: { last_id: 5 } });
  await desk.store.writeEvents(numberedEvents(3));
  await until(() => stream.ids().length === 3);
  expect(stream.ids()).toEqual([6, 7, 8]);
  expect(stream.messages.at(-1)?.id).toBe(8);
  expect(stream.messages.at(-1)?.data.events[0]).toMatchObject({ id: 6, event_type: "tick", service_name: "load" });
});

test("filters choose, and an id goes on past what was not wanted", async () => {
  const { desk } = await openTestDesk({}, { live: { ...LIVE_BOUNDS, stateMs: 50 } });
  const stream = await openStream(`${desk.url}${LIVE}?symbol=BTC/USDT&event_type=signal_generated`);
  await desk.store.writeEvents(numberedEvents(4));
  await desk.store.writeEvents(numberedEvents(2, { eventType: "signal_generated", symbol: "BTC/USDT" }));
  await desk.store.writeEvents(numberedEvents(2, { eventType: "signal_generated", symbol: "ETH/USDT" }));
  await until(() => stream.lastId() === 8);
  expect(stream.ids()).toEqual([5, 6]);
  expect(stream.skipped()).toBe(0);
});

test("a user and a category choose by the event's data", async () => {
  const { desk } = await openTestDesk({}, { live: { ...LIVE_BOUNDS, stateMs: 50 } });
  const stream = await openStream(`${desk.url}${LIVE}?user_id=7&event_category=trading`);
  const trading = { event_category: "trading" };
  for (const data of [
    { ...trading, user_id: "7" },
    { ...trading, user_id: 7 },
    { ...trading, user_id: "77" },
    { user_id: "7" },
  ])
    await desk.store.writeEvents(numberedEvents(1, { data }));
  await until(() => stream.lastId() === 4);
  expect(stream.ids()).toEqual([1, 2]);
});

test("who comes back with the last id gets what was missed, by header before address", async () => {
  const { desk } = await openTestDesk();
  await desk.store.writeEvents(numberedEvents(1_200));
  const all = await openStream(`${desk.url}${LIVE}?since_id=0`);
  await until(() => all.ids().length === 1_200);
  const rest = await openStream(`${desk.url}${LIVE}?since_id=0`, { "last-event-id": "1190" });
  await until(() => rest.ids().length === 10);
  expect(rest.ids()).toEqual(Array.from({ length: 10 }, (_, i) => 1_191 + i));
  // An id that there is not yet is of a database that was begun anew: it begins now.
  const beyond = await openStream(`${desk.url}${LIVE}?since_id=999999`);
  await desk.store.writeEvents(numberedEvents(1));
  await until(() => beyond.ids().length === 1);
  expect(beyond.ids()).toEqual([1_201]);
  const wrong = await ask(`${desk.url}${LIVE}`, { headers: { "last-event-id": "x" } });
  expect([wrong.status, wrong.json.parameter]).toEqual([400, "Last-Event-ID"]);
});

test("under load, with connections that break, nothing is missed and nothing comes twice", async () => {
  const { desk } = await openTestDesk();
  const total = 6_000;
  let isWriting = true;
  const writing = (async () => {
    for (let i = 0; i < total; i += 100) {
      await desk.store.writeEvents(numberedEvents(100));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    isWriting = false;
  })();
  const got: number[] = [];
  let lastId = 0;
  while (isWriting || got.length < total) {
    const stream = await openStream(`${desk.url}${LIVE}`, { "last-event-id": String(lastId) });
    await until(() => stream.ids().length >= 500 || got.length + stream.ids().length >= total || stream.isEnded());
    stream.close();
    await until(() => stream.isEnded());
    expect(stream.skipped()).toBe(0);
    got.push(...stream.ids());
    lastId = stream.lastId() ?? lastId;
  }
  await writing;
  expect(got).toEqual(Array.from({ length: total }, (_, i) => i + 1));
});

test("many readers are fed from one reading of the store", async () => {
  const { desk } = await openTestDesk();
  const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(`${desk.url}${LIVE}`)));
  await desk.store.writeEvents(numberedEvents(50));
  await until(() => streams.every((stream) => stream.ids().length === 50));
  for (const stream of streams) expect(stream.ids()).toEqual(streams[0]!.ids());
  const { json } = await ask(`${desk.url}/api/telemetry/health`);
  expect(json.live).toEqual({ readers: 20, sent: 1_000, skipped: 0 });
  for (const stream of streams) stream.close();
  await until(async () => (await ask(`${desk.url}/api/telemetry/health`)).json.live.readers === 0);
});

test("more readers than there may be are told when to come again", async () => {
  const { desk } = await openTestDesk({}, { live: { ...LIVE_BOUNDS, readers: 2 } });
  const [first] = await Promise.all([openStream(`${desk.url}${LIVE}`), openStream(`${desk.url}${LIVE}`)]);
  const refused = await ask(`${desk.url}${LIVE}`);
  expect([refused.status, refused.json.code, refused.headers.get("retry-after")]).toEqual([
    429,
    "too_many_readers",
    "5",
  ]);
  first.close();
  await until(async () => {
    const stream = await openStream(`${desk.url}${LIVE}`);
    return stream.status === 200;
  });
});

test("who wants fewer gets a sample, and the number of what was left out", async () => {
  const { desk } = await openTestDesk();
  const stream = await openStream(`${desk.url}${LIVE}?max_rate=10`);
  await desk.store.writeEvents(numberedEvents(400));
  await until(() => stream.ids().length + stream.skipped() === 400);
  expect(stream.ids().length).toBeGreaterThanOrEqual(1);
  expect(stream.ids().length).toBeLessThanOrEqual(30);
  expect(stream.ids()).toEqual([...stream.ids()].sort((a, b) => a - b));
});

test("no message bears an id behind events that were left out and not told of yet", async () => {
  const { desk } = await openTestDesk({}, { live: { ...LIVE_BOUNDS, stateMs: 20 } });
  const stream = await openStream(`${desk.url}${LIVE}?max_rate=1`);
  // The first takes the second's only place: all that follow it are left out, and nothing is sent on their behalf.
  for (let i = 0; i < 20; i++) await desk.store.writeEvents(numberedEvents(5));
  await until(() => stream.lastId() === 100);
  let told = 0;
  for (const { id, event, data } of stream.messages) {
    if (event === "events") told += (data.events?.length ?? 0) + data.skipped;
    // What an id stands for has been sent or counted by then: else a reader that comes back with it never hears of the rest.
    if (id !== undefined) expect(told).toBe(id);
  }
  expect(told).toBe(100);
});

test("a reader that takes nothing holds no memory, is put forward, and told what it has missed", async () => {
  const { desk } = await openTestDesk();
  const slow = await openStream(`${desk.url}${LIVE}`);
  const quick = await openStream(`${desk.url}${LIVE}`);
  slow.pause();
  // Some 24 MB: the socket's buffers hold a few of them, the reader's own half of one.
  const total = 6_000;
  for (let i = 0; i < total; i += 200) {
    await desk.store.writeEvents(numberedEvents(200, {}, 4_000));
    await until(() => quick.ids().length + quick.skipped() >= i + 200);
  }
  slow.resume();
  await until(() => slow.ids().length > 0);
  await until(async () => {
    await desk.store.writeEvents(numberedEvents(1));
    return slow.skipped() > 0;
  });
  await until(() => slow.lastId() === quick.lastId());
  expect(slow.ids().length + slow.skipped()).toBe(quick.ids().length + quick.skipped());
  expect(slow.ids()).toEqual([...slow.ids()].sort((a, b) => a - b));
  expect(new Set(slow.ids()).size).toBe(slow.ids().length);
});

test("a reader that never takes anything again is let go", async () => {
  const { desk } = await openTestDesk({}, { live: { ...LIVE_BOUNDS, stateMs: 50, stallMs: 200 } });
  const slow = await openStream(`${desk.url}${LIVE}`);
  slow.pause();
  const readers = async () => (await ask(`${desk.url}/api/telemetry/health`)).json.live.readers;
  await until(async () => {
    await desk.store.writeEvents(numberedEvents(100, {}, 20_000));
    return (await readers()) === 0;
  }, 25_000);
});

test("those who write into the same file from elsewhere are seen", async () => {
  const { desk, dir } = await openTestDesk({}, { live: { ...LIVE_BOUNDS, stateMs: 50 } });
  const stream = await openStream(`${desk.url}${LIVE}`);
  const other = await openSqliteStore({ path: `${dir}/telemetry.db` });
  onTestFinished(() => other.close());
  await other.writeEvents(numberedEvents(3));
  await until(() => stream.ids().length === 3);
  await until(() => desk.getCachedEvents().length === 3);
});

test("state and signs of life come without any event", async () => {
  const { desk } = await openTestDesk({}, { live: { ...LIVE_BOUNDS, stateMs: 20, heartbeatMs: 20 } });
  const stream = await openStream(`${desk.url}${LIVE}`);
  await until(() => stream.comments.length > 1 && stream.messages.filter(({ event }) => event === "state").length > 2);
  expect(stream.messages.at(-1)?.data).toEqual({ last_id: 0, events_per_second: expect.any(Number) });
});

test("a desk that closes ends its streams", async () => {
  const { desk } = await openTestDesk();
  const stream = await openStream(`${desk.url}${LIVE}`);
  await desk.close();
  await until(() => stream.isEnded());
});
