import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { HttpFetch } from "./http-fetch.ts";
import type { OrderFailure, OrderRequest } from "./order.ts";
import { createOrderClient, type OrderClientOptions } from "./order-client.ts";
import { filledAnswer } from "./testing/placed-parameters.ts";
import {
  type ScriptedAnswer,
  type ScriptedVenue,
  type SeenRequest,
  startScriptedVenue,
} from "./testing/scripted-venue.ts";

const NOW_MS = 1_700_000_000_123;

const ORDER: OrderRequest = {
  market: "spot",
  symbol: "BTCUSDT",
  side: "buy",
  type: "limit",
  quantity: "0.05",
  limitPrice: "61800.5",
  clientOrderId: "run-1-s",
};

const venues: ScriptedVenue[] = [];

afterEach(async () => {
  await Promise.all(venues.splice(0).map((venue) => venue.close()));
});

async function clientFor(script: (request: SeenRequest) => ScriptedAnswer, options: Partial<OrderClientOptions> = {}) {
  const venue = await startScriptedVenue(script);
  venues.push(venue);
  const client = createOrderClient({
    fetch,
    clock: { monotonicMs: () => 0, epochMs: () => NOW_MS + 0.7 },
    spotRestUrl: venue.url,
    usdmRestUrl: venue.url,
    apiKey: "paper-key",
    apiSecret: "paper-secret",
    takerFeeBps: { spot: "2.3", usdm: "1.7" },
    quoteAsset: "USDT",
    ...options,
  });
  return { client, venue };
}

async function failureOf(answer: ScriptedAnswer, order: OrderRequest = ORDER): Promise<OrderFailure> {
  const { client } = await clientFor(() => answer);
  const outcome = await client.place(order);
  if (outcome.ok) throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome;
}

describe("placing an order", () => {
  test("sends it in Binance's form, signed, with the API key in a header", async () => {
    const { client, venue } = await clientFor(({ parameters }) => ({
      status: 200,
      body: filledAnswer(parameters, "61800"),
    }));
    await client.place(ORDER);
    const [request] = venue.requests;
    expect([request?.method, request?.path]).toEqual(["POST", "/api/v3/order"]);
    expect(request?.headers["x-mbx-apikey"]).toBe("paper-key");
    expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const [signed, signature] = (request?.body ?? "").split("&signature=");
    expect(signed).toBe(
      "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.05&timeInForce=IOC&price=61800.5&newClientOrderId=run-1-s" +
        `&newOrderRespType=FULL&recvWindow=3000&timestamp=${NOW_MS}`,
    );
    expect(signature).toBe(
      createHmac("sha256", "paper-secret")
        .update(signed ?? "")
        .digest("hex"),
    );
  });

  test("asks USD-M for the result, and sends market orders without a price", async () => {
    const { client, venue } = await clientFor(({ parameters }) => ({
      status: 200,
      body: filledAnswer(parameters, "61800"),
    }));
    await client.place({ ...ORDER, market: "usdm", type: "market" });
    expect(venue.requests[0]?.path).toBe("/fapi/v1/order");
    expect(venue.requests[0]?.parameters).toMatchObject({ type: "MARKET", newOrderRespType: "RESULT" });
    expect(venue.requests[0]?.parameters).not.toHaveProperty("price");
    expect(venue.requests[0]?.parameters).not.toHaveProperty("timeInForce");
  });

  test("reads a spot FULL answer fill by fill, with the exact average", async () => {
    const fills = [
      { price: "100.00000000", qty: "0.01000000", commission: "0.00000230", commissionAsset: "BTC", tradeId: 1 },
      { price: "100.00000001", qty: "0.02000000", commission: "0.00000460", commissionAsset: "BTC", tradeId: 2 },
    ];
    const body = {
      orderId: 28,
      clientOrderId: ORDER.clientOrderId,
      status: "EXPIRED",
      executedQty: "0.03000000",
      fills,
    };
    const { client } = await clientFor(() => ({ status: 200, body: JSON.stringify(body) }));
    expect(await client.place(ORDER)).toEqual({
      ok: true,
      status: "EXPIRED",
      executedQuantity: "0.03",
      averagePrice: "100",
      exchangeOrderId: "28",
      fills: [
        { price: "100", quantity: "0.01", commission: "0.0000023", commissionAsset: "BTC", isCommissionReported: true },
        {
          price: "100.00000001",
          quantity: "0.02",
          commission: "0.0000046",
          commissionAsset: "BTC",
          isCommissionReported: true,
        },
      ],
    });
  });

  test("makes one fill of a USD-M answer without any, at the fee rate it knows", async () => {
    const body = {
      orderId: 9,
      clientOrderId: ORDER.clientOrderId,
      status: "FILLED",
      executedQty: "0.050",
      avgPrice: "61800.30000",
    };
    const { client } = await clientFor(() => ({ status: 200, body: JSON.stringify(body) }));
    expect(await client.place({ ...ORDER, market: "usdm" })).toMatchObject({
      ok: true,
      // 61,800.3 * 0.05 * 1.7 bp = 0.52530255
      fills: [
        {
          price: "61800.3",
          quantity: "0.05",
          commission: "0.52530255",
          commissionAsset: "USDT",
          isCommissionReported: false,
        },
      ],
    });
  });

  test("takes nothing executed for what it is", async () => {
    const body = {
      orderId: 9,
      clientOrderId: ORDER.clientOrderId,
      status: "EXPIRED",
      executedQty: "0.000",
      avgPrice: "0.00000",
    };
    const { client } = await clientFor(() => ({ status: 200, body: JSON.stringify(body) }));
    expect(await client.place(ORDER)).toEqual({
      ok: true,
      status: "EXPIRED",
      executedQuantity: "0",
      averagePrice: undefined,
      fills: [],
      exchangeOrderId: "9",
    });
  });
});

describe("an order that fails", () => {
  test.each([
    [
      400,
      -2010,
      "Account has insufficient balance for requested action.",
      true,
      "not_executed",
      "insufficient_balance",
    ],
    [400, -2010, "Duplicate order sent.", false, "not_executed", "duplicate_order"],
    [400, -2010, "Market is closed.", true, "not_executed", "order_rejected"],
    [400, -1013, "Filter failure: LOT_SIZE", false, "not_executed", "size_too_small"],
    [400, -1013, "Filter failure: PRICE_FILTER", false, "not_executed", "order_rejected"],
    [400, -1021, "Timestamp for this request is outside of the recvWindow.", false, "not_executed", "order_rejected"],
    [400, -2019, "Margin is insufficient.", true, "not_executed", "insufficient_balance"],
    [400, -4164, "Order's notional must be no smaller than 100", false, "not_executed", "size_too_small"],
    [429, -1015, "Too many new orders.", true, "not_executed", "rate_limited"],
    [503, -1008, "Server is currently overloaded.", true, "not_executed", "venue_unavailable"],
    [503, -1001, "Internal error; unable to process your request.", false, "not_executed", "venue_unavailable"],
    [500, -1000, "An unknown error occurred.", false, "unknown", "order_failed"],
    [400, -1007, "Timeout waiting for response from backend server.", false, "unknown", "order_failed"],
    [400, -9999, "Something new.", false, "not_executed", "order_rejected"],
    [504, -9999, "Something new.", false, "unknown", "order_failed"],
  ])("with HTTP %d, code %d (%s) is told apart", async (status, code, msg, expected, outcome, reasonCode) => {
    const failure = await failureOf({ status, body: JSON.stringify({ code, msg }) });
    expect(failure).toMatchObject({ ok: false, code, message: msg, httpStatus: status, expected, outcome, reasonCode });
  });

  test.each([
    ["a proxy's page", { status: 502, body: "<html>Bad gateway</html>" }, "http_error", "unknown"],
    ["a refusal without a code", { status: 403, body: "forbidden" }, "http_error", "not_executed"],
    ["text that is no JSON", { status: 200, body: "{" }, "malformed_answer", "unknown"],
    [
      "an answer without a quantity",
      { status: 200, body: `{"orderId":1,"status":"FILLED"}` },
      "malformed_answer",
      "unknown",
    ],
    [
      "an answer about another order",
      { status: 200, body: filledAnswer({ quantity: "0.05", newClientOrderId: "other" }, "1") },
      "malformed_answer",
      "unknown",
    ],
    [
      "more executed than asked for",
      { status: 200, body: filledAnswer({ quantity: "0.06", newClientOrderId: ORDER.clientOrderId }, "1") },
      "malformed_answer",
      "unknown",
    ],
    [
      "fills that do not add up",
      {
        status: 200,
        body: filledAnswer({ quantity: "0.05", newClientOrderId: ORDER.clientOrderId }, "1").replace(
          '"qty":"0.05"',
          '"qty":"0.04"',
        ),
      },
      "malformed_answer",
      "unknown",
    ],
  ] as const)("with %s has the right outcome", async (_, answer, name, outcome) => {
    expect(await failureOf(answer)).toMatchObject({ code: undefined, name, outcome, expected: false });
  });

  test("because nothing answered in time may have been executed", async () => {
    const { client } = await clientFor(() => () => {}, { timeoutMs: 30 });
    expect(await client.place(ORDER)).toMatchObject({
      name: "timeout",
      outcome: "unknown",
      message: "no answer within 30 ms",
    });
  });

  test("because the connection broke off may have been executed", async () => {
    expect(await failureOf((response) => response.destroy())).toMatchObject({ name: "network", outcome: "unknown" });
  });

  test("because nobody listens was certainly not executed", async () => {
    const { client, venue } = await clientFor(() => ({ status: 200, body: "" }));
    await venue.close();
    expect(await client.place(ORDER)).toMatchObject({ name: "network", outcome: "not_executed" });
  });

  test("never throws, whatever fetch does", async () => {
    const broken: HttpFetch = () => {
      throw "no";
    };
    const { client } = await clientFor(() => ({ status: 200, body: "" }), { fetch: broken });
    expect(await client.place(ORDER)).toMatchObject({ name: "network", outcome: "unknown" });
  });
});

describe("asking for an order", () => {
  test("sends the id it was placed with, signed in the query, and reads the answer", async () => {
    const { client, venue } = await clientFor(() => ({
      status: 200,
      body: JSON.stringify({
        orderId: 5,
        clientOrderId: ORDER.clientOrderId,
        status: "FILLED",
        executedQty: "0.05000000",
        cummulativeQuoteQty: "3090.01500000",
      }),
    }));
    const found = await client.find(ORDER);
    expect(venue.requests[0]).toMatchObject({ method: "GET", path: "/api/v3/order", body: "" });
    expect(venue.requests[0]?.parameters).toMatchObject({ symbol: "BTCUSDT", origClientOrderId: "run-1-s" });
    expect(venue.requests[0]?.query).toMatch(/&signature=[0-9a-f]{64}$/);
    expect(found).toMatchObject({ ok: true, averagePrice: "61800.3", executedQuantity: "0.05" });
  });

  test("says not_executed only when the venue does not know the order", async () => {
    const answers = [
      { status: 400, body: `{"code":-2013,"msg":"Order does not exist."}` },
      { status: 400, body: `{"code":-1022,"msg":"Signature for this request is not valid."}` },
      { status: 404, body: "not found" },
    ];
    const outcomes = [];
    for (const answer of answers) {
      const { client } = await clientFor(() => answer);
      const found = await client.find(ORDER);
      outcomes.push(found.ok ? "found" : found.outcome);
    }
    expect(outcomes).toEqual(["not_executed", "unknown", "unknown"]);
  });
});

test("options out of range are refused at once", async () => {
  await expect(clientFor(() => ({ status: 200, body: "" }), { recvWindowMs: 60_001 })).rejects.toThrow(
    "recvWindowMs must be from 1 to 60000",
  );
  await expect(clientFor(() => ({ status: 200, body: "" }), { takerFeeBps: { spot: "x", usdm: "1" } })).rejects.toThrow(
    'takerFeeBps.spot must be a decimal such as "2.3", got "x"',
  );
});
