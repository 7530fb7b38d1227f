import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { connectMarketFeed, type FeedDisconnect, type MarketFeed, type MarketFeedOptions } from "./market-feed.ts";
import { createHeldTime } from "./testing/held-time.ts";
import { until } from "./testing/until.ts";

const servers: WebSocketServer[] = [];
const feeds: MarketFeed[] = [];

afterEach(() => {
  for (const feed of feeds.splice(0)) feed.close();
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

async function startServer(
  onConnection: (socket: WebSocket, count: number) => void,
  port = 0,
  options = {},
): Promise<number> {
  const server = new WebSocketServer({ host: "127.0.0.1", port, ...options });
  servers.push(server);
  let count = 0;
  server.on("connection", (socket) => onConnection(socket, ++count));
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}

function connect(port: number, options: Partial<MarketFeedOptions> = {}) {
  const messages: string[] = [];
  const lost: FeedDisconnect[] = [];
  const seen = { ended: 0, connected: 0 };
  const feed = connectMarketFeed({
    market: "spot",
    url: `ws://127.0.0.1:${port}/stream?streams=btcusdt@trade`,
    onMessage: (text) => messages.push(text),
    onConnected: () => seen.connected++,
    onDisconnected: (disconnect) => lost.push(disconnect),
    onEnded: () => seen.ended++,
    firstRetryMs: 1,
    maxRetryMs: 4,
    ...options,
  });
  feeds.push(feed);
  return { feed, messages, lost, seen };
}

describe("a market feed", () => {
  test("hands out every message once, in order, with both clocks read", async () => {
    const times: [number, number][] = [];
    const texts: string[] = [];
    const port = await startServer((socket) => {
      for (let index = 0; index < 500; index++) socket.send(`{"n":${index}}`);
    });
    const { feed } = connect(port, {
      onMessage: (text, receivedMs, receivedEpochMs) => {
        texts.push(text);
        times.push([receivedMs, receivedEpochMs]);
      },
    });
    await until("500 messages", () => texts.length === 500);
    expect(texts).toEqual(Array.from({ length: 500 }, (_, index) => `{"n":${index}}`));
    expect(times.every(([monotonic], index) => monotonic >= (times[index - 1]?.[0] ?? 0))).toBe(true);
    expect(Math.abs((times[0]?.[1] ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(feed.counts).toMatchObject({ messages: 500, connections: 1, failures: 0 });
    expect(feed.state).toBe("open");
  });

  test("is told the end of a recording, and does not come back", async () => {
    const port = await startServer((socket) => {
      socket.send("last");
      socket.close(1000, "end of recording");
    });
    const { feed, messages, lost, seen } = connect(port);
    await until("the end", () => seen.ended === 1);
    expect(feed.state).toBe("ended");
    expect(messages).toEqual(["last"]);
    expect(lost).toEqual([]);
  });

  test("reconnects after any other close, and says why", async () => {
    const port = await startServer((socket, count) => {
      if (count === 1) socket.close(1000, "24 hours are over");
      else if (count === 2) socket.close(1001, "going away");
      else if (count === 3) socket.terminate();
      else socket.send("back");
    });
    const { feed, messages, lost, seen } = connect(port);
    await until("a message after three closes", () => messages.length === 1);
    expect(lost.map(({ reason }) => reason)).toEqual([
      "closed by the server with code 1000 (24 hours are over)",
      "closed by the server with code 1001 (going away)",
      "closed by the server with code 1006",
    ]);
    expect(lost.map(({ retryInMs }) => retryInMs)).toEqual([1, 2, 4]);
    expect(lost.every(({ wasOpen }) => wasOpen)).toBe(true);
    expect(feed.counts).toMatchObject({ connections: 4, failures: 3 });
    expect(seen).toEqual({ connected: 4, ended: 0 });
  });

  test("keeps trying while nobody listens, with growing delays", async () => {
    const port = await startServer(() => {});
    servers.pop()?.close();
    const { messages, lost } = connect(port);
    await until("three refusals", () => lost.length >= 4);
    expect(lost[0]?.reason).toContain("ECONNREFUSED");
    expect(lost[0]?.wasOpen).toBe(false);
    expect(lost.slice(0, 4).map(({ retryInMs }) => retryInMs)).toEqual([1, 2, 4, 4]);
    await startServer((socket) => socket.send("here"), port);
    await until("a message", () => messages.length === 1);
  });

  test("starts the delays anew once a message has come", async () => {
    const port = await startServer((socket) => {
      socket.send("one");
      socket.close(1001);
    });
    const { lost } = connect(port);
    await until("three losses", () => lost.length >= 3);
    expect(lost.slice(0, 3).map(({ retryInMs }) => retryInMs)).toEqual([1, 1, 1]);
  });

  test("gives up a connection on which nothing is heard, not even an answer to its pings", async () => {
    const time = createHeldTime();
    let pings = 0;
    const port = await startServer((socket) => socket.on("ping", () => pings++), 0, { autoPong: false });
    const { feed, lost, seen } = connect(port, {
      clock: time.clock,
      startTimer: time.startTimer,
      heartbeatMs: 1_000,
      livenessTimeoutMs: 2_500,
    });
    await until("the connection", () => seen.connected === 1);
    time.advance(1_000);
    time.advance(1_000);
    await until("two pings", () => pings === 2);
    expect(lost).toEqual([]);
    time.advance(1_000);
    expect(lost).toMatchObject([{ reason: "nothing heard for 3000 ms" }]);
    expect(feed.counts.livenessTimeouts).toBe(1);
    time.advance(10);
    await until("the next connection", () => seen.connected === 2);
  });

  test("takes answers to its pings for life", async () => {
    const time = createHeldTime();
    const port = await startServer(() => {});
    let pongs = 0;
    const { feed, lost, seen } = connect(port, {
      clock: time.clock,
      startTimer: time.startTimer,
      heartbeatMs: 1_000,
      livenessTimeoutMs: 2_500,
    });
    await until("the connection", () => seen.connected === 1);
    const [client] = servers.at(-1)?.clients ?? [];
    client?.on("ping", () => pongs++);
    for (let beat = 1; beat <= 6; beat++) {
      time.advance(1_000);
      await until("the ping", () => pongs === beat);
      // The pong is on its way back: a ping of the server's own, answered, comes after it.
      const answered = new Promise((resolve) => client?.once("pong", resolve));
      client?.ping();
      await answered;
    }
    expect(lost).toEqual([]);
    expect(feed.state).toBe("open");
  });

  test("drops what is not text, and counts it", async () => {
    const port = await startServer((socket) => {
      socket.send(Buffer.from([1, 2, 3]));
      socket.send("text");
    });
    const { feed, messages } = connect(port);
    await until("the text", () => messages.length === 1);
    expect(feed.counts).toMatchObject({ messages: 1, binaryMessages: 1 });
  });

  test("says nothing more once it was closed", async () => {
    const port = await startServer((socket) => {
      socket.on("close", () => servers.at(-1)?.emit("gone"));
      for (let index = 0; index < 100; index++) socket.send(String(index));
    });
    const gone = new Promise((resolve) => servers.at(-1)?.once("gone", resolve));
    const { feed, messages, lost, seen } = connect(port, {
      onMessage: (text) => {
        messages.push(text);
        feed.close();
      },
    });
    await gone;
    expect(messages).toEqual(["0"]);
    expect([lost.length, seen.ended, feed.state]).toEqual([0, 0, "ended"]);
  });

  test("can be closed while it connects", async () => {
    const port = await startServer(() => {});
    const { feed, lost } = connect(port);
    feed.close();
    await until("the server to see no client", () => servers.at(-1)?.clients.size === 0);
    expect(lost).toEqual([]);
  });

  test("refuses an address that is none", () => {
    expect(() => connectMarketFeed({ market: "spot", url: "not an address", onMessage: () => {} })).toThrow(
      SyntaxError,
    );
  });
});
