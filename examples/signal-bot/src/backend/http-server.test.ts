import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { eventOptions, type HttpServer, routeOf, startHttpServer } from "./http-server.ts";
import type { SignalSource } from "./signal.ts";
import type { IngestResult } from "./signal-service.ts";

const secrets = { webhookSecret: "hook", backendToken: "token" };
const bearer = { authorization: "Bearer token" };
let server: HttpServer | undefined;

async function start(result: IngestResult | Error = { kind: "queued", signalId: "7" }) {
  const taken: [SignalSource, Readonly<Record<string, unknown>>][] = [];
  server = await startHttpServer(
    {
      signals: {
        ingest: (given, source) => {
          taken.push([source, given]);
          return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
        },
        requeue: () => Promise.resolve(),
      },
      database: { ordersOf: (symbol, limit) => Promise.resolve([{ symbol, limit }]) },
      counts: { accepted: 1, rejected: 2, orders: { filled: 1, rejected: 0, failed: 0, duplicate: 0 } },
      depth: () => Promise.resolve(4),
      metrics: (_request, response) => void response.end("up 1\n"),
      log: pino({ level: "silent" }),
    },
    secrets,
    { host: "127.0.0.1", port: 0 },
  );
  const ask = async (path: string, given: RequestInit = {}): Promise<[number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${server?.port}${path}`, given);
    return [answer.status, await answer.text()];
  };
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    ask(path, { method: "POST", body, headers });
  return { taken, ask, post };
}

afterEach(() => server?.close());

describe("the backend's HTTP", () => {
  it("takes an alert that knows the secret, and keeps the secret to itself", async () => {
    const { taken, post } = await start();
    expect(await post("/webhook", '{"secret":"hook","symbol":"BTC-USDT"}')).toEqual([
      202,
      '{"kind":"queued","signalId":"7"}',
    ]);
    expect(taken).toEqual([["webhook", { symbol: "BTC-USDT" }]]);
  });

  it.each([
    ["/webhook", '{"secret":"other"}', {}, 401],
    ["/webhook", "not json", {}, 401],
    ["/webhook", `{"secret":"hook","x":"${"y".repeat(20_000)}"}`, {}, 413],
    ["/signals", '{"secret":"hook"}', {}, 401],
    ["/signals", "{}", { authorization: "Bearer other" }, 401],
    ["/nowhere", "{}", {}, 404],
  ])("answers POST %s with %s, %j as %i", async (path, body, headers, status) => {
    const { taken, post } = await start();
    expect((await post(path, body, headers as Record<string, string>))[0]).toBe(status);
    expect(taken).toEqual([]);
  });

  it("tells a sender what became of a signal", async () => {
    for (const [result, status] of [
      [{ kind: "duplicate" }, 200],
      [{ kind: "malformed", problem: "symbol is not traded here" }, 400],
      [new Error("PostgreSQL is away"), 503],
    ] as const) {
      const { post } = await start(result);
      const [answered, text] = await post("/signals", "{}", bearer);
      expect(answered).toBe(status);
      expect(text).not.toContain("PostgreSQL");
      await server?.close();
    }
  });

  it("shows status, orders and metrics", async () => {
    const { ask } = await start();
    expect(await ask("/metrics")).toEqual([200, "up 1\n"]);
    expect((await ask("/health"))[0]).toBe(200);
    expect((await ask("/status"))[0]).toBe(401);
    expect(JSON.parse((await ask("/status", { headers: bearer }))[1])).toMatchObject({ accepted: 1, queue_depth: 4 });
    expect((await ask("/orders/ETH-USDT", { headers: bearer }))[1]).toContain("ETH-USDT");
    expect((await ask("/orders/DOGE-USDT", { headers: bearer }))[0]).toBe(404);
    expect((await ask("/orders/%E0%A4%A", { headers: bearer }))[0]).toBe(404);
  });

  it("is unreachable for a while when it is asked to be, and then is back", async () => {
    const { ask } = await start();
    server?.outage(50);
    await expect(ask("/health")).rejects.toThrow();
    let status = 0;
    while (status !== 200)
      status = await ask("/health").then(
        ([code]) => code,
        () => 0,
      );
    expect(status).toBe(200);
  });

  it("cannot be started where it cannot listen, in one line that says what to do", async () => {
    await start();
    const taken = server?.port ?? 0;
    const parts = { host: "127.0.0.1", port: taken };
    await expect(startHttpServer({} as never, secrets, parts)).rejects.toThrow(
      `port ${taken} is taken: --backend-port 0`,
    );
    // An address that is kept for documents: no machine has it.
    await expect(startHttpServer({} as never, secrets, { host: "192.0.2.1", port: 0 })).rejects.toThrow(
      "192.0.2.1 is no address of this machine: correct --host",
    );
  });

  it("believes the name of a chat user from nobody but the bot", () => {
    const { userIdOf } = eventOptions(secrets);
    const from = (headers: Record<string, string>) => userIdOf?.({ headers } as never);
    expect(from({ ...bearer, "x-chat-user": "chat-1001" })).toBe("chat-1001");
    expect(from({ "x-chat-user": "chat-1001" })).toBeUndefined();
    expect(from({ authorization: "Bearer other", "x-chat-user": "chat-1001" })).toBeUndefined();
    expect(from(bearer)).toBeUndefined();
  });

  it.each([
    ["/metrics", true],
    ["/metrics?name[]=up", true],
    ["/health?x", true],
    ["/metrics/x", false],
    ["/webhook?/metrics", false],
  ])("makes of %s no event: %s", (url, isIgnored) => {
    expect(eventOptions(secrets).ignore?.({ url } as never)).toBe(isIgnored);
  });

  it("knows its routes by template", () => {
    expect(routeOf({ method: "GET", url: "/orders/BTC-USDT?x=1" })).toBe("/orders/:symbol");
    expect(routeOf({ method: "GET", url: "/webhook" })).toBeUndefined();
  });
});
