import { expect, test } from "vitest";
import { type ConnectionState, liveQueryOf, openLiveConnection } from "./live-connection.ts";
import { createTestClock } from "./test-clock.ts";
import { testEvent } from "./test-event.ts";
import { createTestServer } from "./test-server.ts";

function connect(sinceId = 10) {
  const clock = createTestClock();
  const server = createTestServer([]);
  const heard = {
    ids: [] as number[],
    skipped: 0,
    states: [] as ConnectionState["kind"][],
    rates: [] as number[],
    resets: 0,
  };
  const close = openLiveConnection({
    query: { symbol: "BTC/USDT" },
    sinceId,
    open: server.open,
    clock,
    onBatch: ({ events, skipped }) => {
      heard.ids.push(...events.map(({ id }) => id));
      heard.skipped += skipped;
    },
    onChange: ({ kind }) => heard.states.push(kind),
    onRate: (rate) => heard.rates.push(rate),
    onReset: () => heard.resets++,
  });
  const source = () => server.sources.at(-1)!;
  const send = (...ids: number[]) => source().say("events", { events: ids.map((id) => testEvent(id)), skipped: 0 });
  return { clock, server, heard, close, source, send };
}

test("it begins behind an event, and asks for no more than the filter wants", () => {
  const { source } = connect();
  expect(source().address).toBe("api/telemetry/live?since_id=10&symbol=BTC%2FUSDT");
  const all = { symbol: "", runId: "", userId: "", category: "", types: [] };
  expect(liveQueryOf({ ...all, runId: "r", types: ["a", "b"] })).toEqual({ run_id: "r" });
  expect(liveQueryOf({ ...all, types: ["a"] })).toEqual({ event_type: "a" });
  expect(liveQueryOf({ ...all, userId: "u-7", category: "trading" })).toEqual({
    user_id: "u-7",
    event_category: "trading",
  });
});

test("events come once, also when the server sends them again", () => {
  const { heard, send } = connect();
  send(11, 12);
  send(12, 13);
  send(9);
  expect(heard.ids).toEqual([11, 12, 13]);
});

test("an event that cannot be read has no id, and comes", () => {
  const { heard, source } = connect();
  source().say("events", "{ broken");
  expect(heard.ids).toEqual([0]);
});

test("skipped events are said even when nothing else comes", () => {
  const { heard, source } = connect();
  source().say("events", { events: [], skipped: 400 });
  expect(heard.skipped).toBe(400);
});

test("a break is reconnecting, and gone once nobody has answered for a while", () => {
  const { clock, heard, source } = connect();
  source().say("open");
  source().readyState = 0;
  source().say("error");
  clock.advance(9_999);
  expect(heard.states).toEqual(["live", "reconnecting"]);
  source().say("error");
  clock.advance(1);
  expect(heard.states).toEqual(["live", "reconnecting", "gone"]);
  source().readyState = 1;
  source().say("open");
  expect(heard.states.at(-1)).toBe("live");
});

test("where the browser gives up, it is opened again behind the last event that came", () => {
  const { clock, server, source, send } = connect();
  send(11, 15);
  source().readyState = 2;
  source().say("error");
  clock.advance(2_000);
  expect(server.sources.length).toBe(2);
  expect(server.sources[0]?.isClosed).toBe(true);
  expect(source().address).toContain("since_id=15");
});

test("a server that says nothing is not there, and is asked anew", () => {
  const { clock, server, heard, source } = connect();
  source().say("open");
  clock.advance(19_000);
  source().say("state", { last_id: 10, events_per_second: 3 });
  clock.advance(19_999);
  expect(server.sources.length).toBe(1);
  clock.advance(1);
  expect(server.sources.length).toBe(2);
  expect(heard.states).toEqual(["live", "reconnecting"]);
  expect(heard.rates).toEqual([3]);
});

test("ids that stay behind what has come are those of another database", () => {
  const { heard, source, send } = connect();
  send(500);
  source().say("state", { last_id: 3, events_per_second: 0 });
  source().say("state", { last_id: 500, events_per_second: 0 });
  source().say("state", { last_id: 4, events_per_second: 0 });
  expect(heard.resets).toBe(0);
  source().say("state", { last_id: 5, events_per_second: 0 });
  expect(heard.resets).toBe(1);
});

test("what was closed is silent, and stays closed", () => {
  const { clock, server, heard, close, source, send } = connect();
  source().readyState = 2;
  source().say("error");
  close();
  send(11);
  clock.advance(60_000);
  expect(server.sources.length).toBe(1);
  expect(source().isClosed).toBe(true);
  expect(heard.ids).toEqual([]);
});
