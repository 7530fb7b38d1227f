import { describe, expect, it } from "vitest";
import { createRandom } from "../shared/random.ts";
import { createUpdate } from "./chat-updates.ts";
import { parseCommand } from "./command.ts";

const trade = { kind: "trade", action: "buy", symbol: "BTC-USDT", quantity: "0.002", price: "64200" };

describe("a chat update", () => {
  it.each([
    [{ kind: "message", userId: "u", text: "/status" } as const, { kind: "status" }],
    [{ kind: "message", userId: "u", text: "/buy BTC-USDT 0.002 64200" } as const, trade],
    [{ kind: "callback_query", userId: "u", data: "buy:BTC-USDT:0.002:64200" } as const, trade],
    [{ kind: "callback_query", userId: "u", data: "orders:ETH-USDT" } as const, { kind: "orders", symbol: "ETH-USDT" }],
    [{ kind: "message", userId: "u", text: "status" } as const, undefined],
    [{ kind: "message", userId: "u", text: "/buy DOGE-USDT 1 1" } as const, undefined],
    [{ kind: "message", userId: "u", text: "/buy BTC-USDT" } as const, undefined],
    [{ kind: "callback_query", userId: "u", data: "buy:BTC-USDT:1:1:1" } as const, undefined],
  ])("%j is %j", (update, command) => expect(parseCommand(update)).toEqual(command));

  it("that is made up is a command nine times of ten", () => {
    const random = createRandom(3);
    const understood = Array.from({ length: 1_000 }, () => parseCommand(createUpdate(random))).filter(Boolean).length;
    expect(understood).toBeGreaterThan(900);
    expect(understood).toBeLessThan(1_000);
  });
});
