import { expect, test } from "vitest";
import { knownAt, knownEvents, writeKnownData } from "../../test/known-data.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { openTestDesk, until } from "../../test/test-desk.ts";

const EVENTS = "/api/telemetry/events";
const RECENT = "/api/telemetry/recent";

const known = sharedDesk((desk) => writeKnownData(desk.store));

const idsOf = (events: readonly { readonly id: number }[]) => events.map((event) => event.id);

test("recent gives the newest first, and what comes after an id rising, so that a poller misses nothing", async () => {
  const { get } = known;
  const first = await get(`${RECENT}?limit=3`);
  expect(first.status).toBe(200);
  expect(first.json.count).toBe(3);
  expect(idsOf(first.json.events)).toEqual([17, 16, 15]);
  expect(first.json.events[0]).toEqual({
    id: 17,
    event_type: "order_result",
    timestamp: knownAt(16),
    run_id: "run-1",
    symbol: "BTC/USDT",
    data: { client_order_id: "c-1", status: "FILLED" },
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    span_id: null,
    severity_number: 9,
    instance_id: "bot-1",
    service_name: "bot",
    seq: 17,
  });
  expect(idsOf((await get(`${RECENT}?since_id=3&limit=2`)).json.events)).toEqual([4, 5]);
  expect((await get(`${RECENT}?since_id=17`)).json).toEqual({ events: [], count: 0 });
  expect((await get(RECENT)).json.count).toBe(17);
});

test("the first poll is answered from memory, and has what was written a moment before", async () => {
  const { desk, get } = await openTestDesk();
  expect(desk.getCachedEvents()).toEqual([]);
  for (let i = 1; i <= 3; i++) {
    await desk.logEvent({ eventType: "tick", data: { i } });
    expect((await get(`${RECENT}?limit=1`)).json.events[0].data).toEqual({ i });
    expect(desk.getCachedEvents(1)[0]?.data).toEqual({ i });
  }
});

test("memory holds the newest hundred, whatever was there when the desk was opened", async () => {
  const { desk, dir } = await openTestDesk();
  await desk.store.writeEvents(
    Array.from({ length: 150 }, (_, i) => ({ ...knownEvents()[0]!, seq: i + 1, timestamp: knownAt(i) })),
  );
  await desk.close();
  const again = await openTestDesk({ path: `${dir}/telemetry.db` });
  await until(() => again.desk.getCachedEvents().length === 100);
  expect(again.desk.getCachedEvents()[0]?.seq).toBe(150);
  expect((await again.get(`${RECENT}?limit=150`)).json.count).toBe(150);
});

test("events come by pages with a total, and every filter counts", async () => {
  const { get } = known;
  const { json } = await get(`${EVENTS}?event_type=signal_rejected&symbol=ETH/USDT&limit=2`);
  expect(json.pagination).toEqual({ total: 3, limit: 2, offset: 0, has_more: true });
  expect(idsOf(json.events)).toEqual([6, 5]);
  const rest = await get(`${EVENTS}?event_type=signal_rejected&symbol=ETH/USDT&limit=2&offset=2`);
  expect(rest.json.pagination).toEqual({ total: 3, limit: 2, offset: 2, has_more: false });
  expect(idsOf(rest.json.events)).toEqual([4]);
  expect((await get(`${EVENTS}?run_id=run-1`)).json.pagination.total).toBe(17);
  expect((await get(`${EVENTS}?run_id=run-2`)).json.pagination.total).toBe(0);
  // An empty filter is none, as a form sends it.
  expect((await get(`${EVENTS}?event_type=&symbol=`)).json.pagination.total).toBe(17);
  const range = `start_time=${knownAt(2)}&end_time=${knownAt(4)}`;
  expect(idsOf((await get(`${EVENTS}?${range}`)).json.events)).toEqual([5, 4, 3]);
});

test("events of a user and of a category are found, by pages, by search and in a file", async () => {
  const { desk, get } = await openTestDesk();
  const write = (user_id: string, event_category: string) =>
    desk.logEvent({ eventType: "user_action", data: { user_id, event_category, note: "seen" } });
  for (const [user, category] of [
    ["u-1", "trading"],
    ["u-1", "authentication"],
    ["u-11", "trading"],
  ] as const)
    await write(user, category);
  await desk.logEvent({ eventType: "tick", data: { note: "seen by u-1" } });
  const found = async (query: string) => {
    const { json } = await get(`${EVENTS}?${query}`);
    return [json.pagination.total, idsOf(json.events)];
  };
  expect(await found("user_id=u-1")).toEqual([2, [2, 1]]);
  expect(await found("event_category=trading")).toEqual([2, [3, 1]]);
  expect(await found("event_category=trading&user_id=u-1")).toEqual([1, [1]]);
  expect(await found("user_id=&event_category=")).toEqual([4, [4, 3, 2, 1]]);
  expect(idsOf((await get("/api/telemetry/search?text=seen&user_id=u-1")).json.events)).toEqual([2, 1]);
  expect(idsOf((await get("/api/telemetry/export?event_category=trading")).json)).toEqual([1, 3]);
  expect((await desk.getEvents({ userId: "u-11" })).map(({ id }) => id)).toEqual([3]);
  expect(await desk.getEventCount({ eventCategory: "trading" })).toBe(2);
});

test("a page of much data ends early, says that there is more, and the next one has the rest", async () => {
  const { desk, get } = await openTestDesk();
  const data = { note: "x".repeat(1_048_576) };
  await desk.store.writeEvents(
    Array.from({ length: 40 }, (_, i) => ({ ...knownEvents()[0]!, seq: i + 1, timestamp: knownAt(i), data })),
  );
  const first = await get(`${EVENTS}?limit=10000`);
  expect(first.json.pagination).toEqual({ total: 40, limit: 10_000, offset: 0, has_more: true });
  const came = first.json.events.length as number;
  expect(came).toBeLessThan(33);
  const rest = await get(`${EVENTS}?limit=10000&offset=${came}`);
  expect(rest.json.pagination.has_more).toBe(false);
  const ids = [...idsOf(first.json.events), ...idsOf(rest.json.events)];
  expect(ids).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i));
  const polled = await get(`${RECENT}?limit=10000&since_id=0`);
  expect(polled.json.count).toBe(polled.json.events.length);
  const lastId = idsOf(polled.json.events).at(-1);
  expect(idsOf((await get(`${RECENT}?limit=10000&since_id=${lastId}`)).json.events).at(-1)).toBe(40);
});

test("a time may be given in any offset", async () => {
  const { get } = known;
  const instant = new Date(knownAt(2));
  const shifted = new Date(instant.getTime() + 5.5 * 3_600_000).toISOString().replace("Z", "+05:30");
  for (const text of [shifted, instant.toISOString(), instant.toISOString().replace(".000Z", "Z")])
    expect((await get(`${EVENTS}?end_time=${encodeURIComponent(text)}`)).json.pagination.total).toBe(3);
});

test("one event is found by its id, and none by another", async () => {
  const { get } = known;
  expect((await get(`${EVENTS}/8`)).json.event_type).toBe("error_occurred");
  const none = await get(`${EVENTS}/99`);
  expect(none.status).toBe(404);
  expect(none.json).toMatchObject({ code: "not_found", title: "Not Found" });
});

test("search finds a text wherever it stands, newest first, and says that it has looked at everything", async () => {
  const { get } = known;
  const found = await get("/api/telemetry/search?text=CONFLUENCE&limit=2");
  expect(idsOf(found.json.events)).toEqual([15, 14]);
  const all = await get("/api/telemetry/search?text=validation");
  expect(idsOf(all.json.events)).toEqual([7]);
  expect(all.json.searched_back_to).toBeNull();
  const filtered = await get("/api/telemetry/search?text=min_confluence&event_type=signal_rejected");
  expect(idsOf(filtered.json.events)).toEqual([6, 5, 4]);
});

test("facets say what there is to filter by", async () => {
  const { get } = known;
  const { json } = await get("/api/telemetry/facets?limit=2");
  expect(json).toEqual({
    event_types: [
      { value: "decision", count: 6 },
      { value: "signal_rejected", count: 4 },
    ],
    symbols: [
      { value: "BTC/USDT", count: 11 },
      { value: "ETH/USDT", count: 3 },
    ],
    runs: [{ value: "run-1", last_timestamp: knownAt(16) }],
  });
});

test.each([
  ["json", "application/json"],
  ["ndjson", "application/x-ndjson"],
  ["csv", "text/csv; charset=utf-8"],
])("an export as %s is a file to keep, oldest first", async (format, type) => {
  const { get } = known;
  const { status, headers, text } = await get(`/api/telemetry/export?format=${format}&event_type=decision`);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe(type);
  expect(headers.get("content-disposition")).toBe(`attachment; filename="tracebook-events.${format}"`);
  if (format === "csv") expect(text.trimEnd().split("\n")).toHaveLength(7);
  else if (format === "ndjson")
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual([10, 11, 12, 13, 14, 15]);
  else expect(idsOf(JSON.parse(text))).toEqual([10, 11, 12, 13, 14, 15]);
});
