import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { parseFrame } from "../market/frame.ts";
import { type ExchangeProcess, forkExchange } from "./testing/exchange-process.ts";
import { send, sendSigned } from "./testing/signed-request.ts";
import { type Arrival, followMarket } from "./testing/stream-client.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const folder = temporaryFolder();
const running: ExchangeProcess[] = [];
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill("SIGKILL");
});

async function start(...args: string[]) {
  const exchange = forkExchange(args);
  running.push(exchange);
  const { spotPort = 0, usdmPort = 0 } = await exchange.message("ready");
  return { exchange, spotPort, usdmPort };
}

describe("the exchange process", () => {
  it("runs a simulated market that a client can follow by Binance's rules", async () => {
    const { spotPort, usdmPort } = await start("--seed", "4");
    const arrivals: Arrival[] = [];
    const clients = [await followMarket("spot", spotPort, arrivals), await followMarket("usdm", usdmPort, arrivals)];
    await vi.waitUntil(() => arrivals.length > 300, { timeout: 20_000 });
    expect(arrivals.every(({ kind }) => kind !== "malformed")).toBe(true);
    for (const { book, close } of clients) {
      expect([book.state, book.gaps]).toEqual(["live", 0]);
      close();
    }
  });

  it("fills orders on both markets and logs them", async () => {
    const log = join(folder, "orders.jsonl");
    const { spotPort, usdmPort } = await start("--orders-log", log, "--reject-ratio", "0");
    const place = (port: number, path: string, id: string) => {
      const order = { symbol: "BTCUSDT", side: "SELL", type: "MARKET", quantity: "0.01", newClientOrderId: id };
      const parameters = { ...order, timestamp: String(Date.now()) };
      return sendSigned({ url: `http://127.0.0.1:${port}${path}`, parameters });
    };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0
          ? place(spotPort, "/api/v3/order", `s${index}`)
          : place(usdmPort, "/fapi/v1/order", `u${index}`),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const logged = readFileSync(log, "utf8").trimEnd().split("\n");
    expect(new Set(logged.map((line) => JSON.parse(line).newClientOrderId)).size).toBe(40);
  });

  it("sends each client what it asked for, under the name it asked for", async () => {
    const { usdmPort } = await start();
    const socket = new WebSocket(
      `ws://127.0.0.1:${usdmPort}/stream?streams=btcusdt@depth@100ms/ethusdt@trade/nonsense`,
    );
    const texts: string[] = [];
    socket.on("message", (data) => texts.push(String(data)));
    await vi.waitUntil(() => texts.length >= 3, { timeout: 20_000 });
    socket.close();
    for (const text of texts) {
      expect(parseFrame(text, "usdm")).toMatchObject({ kind: "depth", stream: "btcusdt@depth@100ms" });
    }
  });

  it("turns away WebSockets to other places, and answers what a client says with an error", async () => {
    const { spotPort } = await start();
    const refusal = (path: string) =>
      new Promise<number | undefined>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${spotPort}${path}`);
        socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
        socket.on("error", () => resolve(undefined));
      });
    expect(await refusal("/other")).toBe(404);
    expect(await refusal("/stream")).toBe(400);
    expect(await refusal("/stream?streams=")).toBe(400);
    const socket = new WebSocket(`ws://127.0.0.1:${spotPort}/stream?streams=x@trade`);
    const answer = new Promise<string>((resolve) => {
      socket.on("message", (data) => resolve(String(data)));
    });
    socket.on("open", () => socket.send('{"method":"SUBSCRIBE"}'));
    expect(JSON.parse(await answer)).toHaveProperty("error.code", 2);
    // A client may not say more than a little: the connection is closed, the exchange lives on.
    const closed = new Promise<number>((resolve) => {
      socket.on("close", resolve);
    });
    socket.send("x".repeat(10_000));
    expect(await closed).toBe(1009);
    expect((await send(`http://127.0.0.1:${spotPort}/api/v3/ping`)).status).toBe(200);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("stops on %s, telling its clients, with exit code 0", async (signal) => {
    const { exchange, spotPort } = await start();
    const client = await followMarket("spot", spotPort, []);
    exchange.child.kill(signal);
    expect(await client.closed).toEqual({ code: 1001, reason: "exchange stopping" });
    expect(await exchange.ended).toEqual({ code: 0, signal: null });
  });

  it("stops when its parent says so, and when its parent is gone", async () => {
    const told = await start();
    told.exchange.child.send({ type: "stop" });
    expect(await told.exchange.ended).toEqual({ code: 0, signal: null });
    const orphan = await start();
    orphan.exchange.child.disconnect();
    expect(await orphan.exchange.ended).toEqual({ code: 0, signal: null });
  });

  it("says what is wrong with its options and ends with code 1", async () => {
    const lost = forkExchange(["--recording", join(folder, "nowhere.jsonl")]);
    running.push(lost);
    expect((await lost.message("failed")).message).toMatch(/nowhere\.jsonl/);
    expect(await lost.ended).toEqual({ code: 1, signal: null });
    const taken = await start();
    const second = forkExchange(["--usdm-port", String(taken.usdmPort)]);
    running.push(second);
    expect((await second.message("failed")).message).toMatch(/EADDRINUSE/);
    expect(await second.ended).toEqual({ code: 1, signal: null });
  });
});
