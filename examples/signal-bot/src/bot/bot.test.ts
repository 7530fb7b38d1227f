import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { BackendAnswer, BackendRequest } from "./backend-client.ts";
import { createChatBot } from "./bot.ts";

function setUp(answer: BackendAnswer = { result: "success", status: 200, body: { accepted: 1 } }) {
  const asked: BackendRequest[] = [];
  const bot = createChatBot(
    {
      ask: async (request) => {
        asked.push(request);
        return answer;
      },
    },
    pino({ level: "silent" }),
  );
  const say = (text: string): Promise<string> => bot.handle({ kind: "message", userId: "chat-1001", text });
  return { bot, asked, say };
}

describe("the chat bot", () => {
  it("asks the backend in the name of who writes, and passes the answer on", async () => {
    const { asked, say, bot } = setUp();
    expect(await say("/status")).toBe('{"accepted":1}');
    expect(await bot.handle({ kind: "callback_query", userId: "chat-1002", data: "orders:ETH-USDT" })).toContain(
      "accepted",
    );
    expect(asked).toMatchObject([
      { route: "/status", userId: "chat-1001" },
      { route: "/orders/:symbol", path: "/orders/ETH-USDT", userId: "chat-1002" },
    ]);
    expect(bot.counts).toEqual({
      updates: { message: 1, callback_query: 1 },
      requests: { success: 2, refused: 0, error: 0 },
    });
  });

  it("makes a signal of its own, once each, of an order", async () => {
    const { asked, say } = setUp({ result: "success", status: 202, body: { signalId: "7" } });
    for (let i = 0; i < 2; i++) expect(await say("/buy BTC-USDT 0.002 64200")).toBe("Signal 7 is queued.");
    expect(asked[0]?.body).toMatchObject({ strategy: "manual", action: "buy", quantity: "0.002", price: "64200" });
    expect(new Set(asked.map(({ body }) => body?.alert_id)).size).toBe(2);
  });

  it.each([
    [
      { result: "refused", status: 400, body: { problem: "price is not a decimal" } },
      "The backend says 400: price is not",
    ],
    [
      { result: "refused", status: 401, body: { error: "the token is wrong" } },
      "The backend says 401: the token is wrong",
    ],
    [{ result: "error", status: 503, body: { error: "not now" } }, "The backend says 503: not now"],
    [{ result: "error", status: 0, body: { error: "TimeoutError" } }, "The backend does not answer."],
  ] as const)("told %j, says so, and counts a refusal as no outage", async (answer, reply) => {
    const { bot, say } = setUp(answer);
    expect(await say("/status")).toContain(reply);
    expect(bot.counts.requests).toEqual({ success: 0, refused: 0, error: 0, [answer.result]: 1 });
  });

  it("says what it knows when it does not understand, and asks nobody", async () => {
    const { asked, say } = setUp();
    expect(await say("gm")).toMatch(/I know/);
    expect(asked).toEqual([]);
  });
});
