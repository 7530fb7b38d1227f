import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createRandom } from "../shared/random.ts";
import { createExchangeServer } from "../world/exchange-server.ts";
import { createPaperOrders } from "../world/paper-orders.ts";
import { createPriceWalk } from "../world/price-walk.ts";
import { createExchangeClient, readAnswer } from "./exchange-client.ts";

const credentials = { apiKey: "key", apiSecret: "secret" };
const order = { clientOrderId: "sb-1", symbol: "BTC-USDT", side: "BUY", quantity: "0.002" } as const;

async function withExchange(run: (url: string) => Promise<void>, rejectPercent = 0): Promise<void> {
  const random = createRandom(1);
  const orders = createPaperOrders({ prices: createPriceWalk(random), random, rejectPercent });
  const server = createExchangeServer(orders, credentials);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("an order to the paper exchange", () => {
  it("is filled over HTTP, and asked for twice is the same order", () =>
    withExchange(async (url) => {
      const client = createExchangeClient({ url, ...credentials });
      const report = await client.place(order);
      expect(report).toMatchObject({ status: "filled", httpStatus: 200, venueCode: 0 });
      expect(await client.place(order)).toEqual(report);
    }));

  it("is refused for want of margin", () =>
    withExchange(async (url) => {
      const report = await createExchangeClient({ url, ...credentials }).place(order);
      expect(report).toMatchObject({ status: "rejected", reasonCode: "insufficient_balance", fills: [] });
    }, 100));

  it.each([{ apiKey: "other" }, { apiSecret: "other" }])("with %j is refused", (wrong) =>
    withExchange(async (url) => {
      const report = await createExchangeClient({ url, ...credentials, ...wrong }).place(order);
      expect(report).toMatchObject({ status: "rejected", reasonCode: "order_rejected", venueCode: 100_001 });
    }),
  );

  it("without an answer has no known end, and is no error", async () => {
    const report = await createExchangeClient({ url: "http://127.0.0.1:1", ...credentials }).place(order);
    expect(report).toMatchObject({ status: "unknown", reason: expect.stringMatching(/^no answer/) });
  });

  it("that an exchange in trouble answers has no known end, whatever the answer says", () => {
    expect(readAnswer('{"code":100500,"msg":"internal error"}', 500)).toMatchObject({ status: "unknown" });
    expect(readAnswer('{"code":100404,"msg":"no such path"}', 404)).toMatchObject({ status: "rejected" });
  });

  it.each([
    "",
    "<html>",
    "[]",
    '{"code":"0"}',
    '{"code":0}',
    '{"code":0,"data":{"order":{"orderId":"1","fills":[]}}}',
    '{"code":0,"data":{"order":{"orderId":"1","fills":[{"price":1,"quantity":"1","fee":"0"}]}}}',
    '{"code":0,"data":{"order":{"orderId":"1","fills":[{"price":"1","quantity":"-1","fee":"0"}]}}}',
    '{"code":0,"data":{"order":{"orderId":"1","fills":[{"price":"1","quantity":"1","fee":"NaN"}]}}}',
  ])("that is answered with %s has no known end: nothing of it is believed", (text) => {
    expect(readAnswer(text, 200)).toEqual({ status: "unknown", reason: expect.any(String) });
  });
});
