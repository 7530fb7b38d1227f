import { afterEach, describe, expect, test } from "vitest";
import { startSystemTimer, systemClock } from "./clock.ts";
import type { Execution } from "./execution.ts";
import { instrumentOf } from "./instrument.ts";
import type { OrderOutcome, OrderRequest } from "./order.ts";
import { createOrderClient } from "./order-client.ts";
import { createPortfolio } from "./portfolio.ts";
import type { Signal } from "./signal.ts";
import { fixed } from "./testing/market-frames.ts";
import { filledAnswer } from "./testing/placed-parameters.ts";
import {
  type ScriptedAnswer,
  type ScriptedVenue,
  type SeenRequest,
  startScriptedVenue,
} from "./testing/scripted-venue.ts";
import { createTradeDesk } from "./trade-desk.ts";

const venues: ScriptedVenue[] = [];

afterEach(async () => {
  await Promise.all(venues.splice(0).map((venue) => venue.close()));
});

const SELL_SPOT: Signal = {
  direction: "sell_spot_buy_perp",
  purpose: "open",
  quantity: fixed("0.05"),
  spot: {
    market: "spot",
    side: "sell",
    bestPrice: fixed("61850"),
    bestSize: fixed("1"),
    worstPrice: fixed("61850"),
    notional: fixed("0.05") * fixed("61850"),
  },
  perp: {
    market: "usdm",
    side: "buy",
    bestPrice: fixed("61800.1"),
    bestSize: fixed("1"),
    worstPrice: fixed("61800.1"),
    notional: fixed("0.05") * fixed("61800.1"),
  },
  premium: 80_000n,
  fairPremium: 30_000n,
  gross: 50_000n,
  slippage: 0n,
  confidence: 80,
};

const isSpot = (request: SeenRequest) => request.path.startsWith("/api");
const isLimit = (request: SeenRequest) => request.parameters["type"] === "LIMIT";
const priceOf = (request: SeenRequest) => (isSpot(request) ? "61850" : "61800");
const fill = (request: SeenRequest, executed?: string): ScriptedAnswer => ({
  status: 200,
  body: filledAnswer(request.parameters, priceOf(request), executed),
});
const refuse = (code: number, msg = "no"): ScriptedAnswer => ({ status: 400, body: JSON.stringify({ code, msg }) });

async function deskFor(script: (request: SeenRequest) => ScriptedAnswer, recvWindowMs = 1) {
  const venue = await startScriptedVenue(script);
  venues.push(venue);
  const portfolio = createPortfolio({ baseAsset: "BTC", quoteAsset: "USDT", cash: "100000", inventory: "2" });
  const told: [string, string, boolean | undefined][] = [];
  let count = 0;
  const desk = createTradeDesk({
    portfolio,
    clock: systemClock,
    // The waits between questions, a hundred times shorter.
    startTimer: (callback, delayMs) => startSystemTimer(callback, delayMs / 100),
    instruments: { spot: instrumentOf("spot", "BTCUSDT"), usdm: instrumentOf("usdm", "BTCUSDT") },
    nextOrderId: (market) => `t-${++count}-${market}`,
    limitTolerance: 5_000n,
    orders: createOrderClient({
      fetch,
      clock: systemClock,
      spotRestUrl: venue.url,
      usdmRestUrl: venue.url,
      apiKey: "paper-key",
      apiSecret: "paper-secret",
      takerFeeBps: { spot: "2.3", usdm: "1.7" },
      quoteAsset: "USDT",
      timeoutMs: 500,
      recvWindowMs,
    }),
    onOrderRequest: (request: OrderRequest, role) => told.push([request.clientOrderId, role, undefined]),
    onOrderOutcome: (request: OrderRequest, outcome: OrderOutcome, role) =>
      told.push([request.clientOrderId, role, outcome.ok]),
  });
  return { desk, venue, portfolio, told };
}

function summary({ status, orders, spotQuantity, perpQuantity }: Execution) {
  return {
    status,
    roles: orders.map(({ role, request }) => `${role} ${request.market} ${request.side} ${request.quantity}`),
    spotQuantity,
    perpQuantity,
  };
}

describe("a trade", () => {
  test("sends both legs before the call returns, as immediate limit orders a little beyond the signal's prices", async () => {
    const { desk, venue, told, portfolio } = await deskFor((request) => fill(request));
    const running = desk.execute(SELL_SPOT);
    expect(told).toEqual([
      ["t-1-spot", "leg", undefined],
      ["t-2-usdm", "leg", undefined],
    ]);
    expect(desk.isInFlight("sell_spot_buy_perp")).toBe(true);
    const execution = await running;
    expect(execution.status).toBe("filled");
    expect(desk.isInFlight("sell_spot_buy_perp")).toBe(false);
    const placed = venue.requests.map(({ path, parameters }) => [
      path,
      parameters["side"],
      parameters["timeInForce"],
      parameters["price"],
    ]);
    // 0.5 bp of room: 61,850 - 3.0925 down to a cent, 61,800.1 + 3.090005 up to ten cents.
    expect(placed.sort()).toEqual([
      ["/api/v3/order", "SELL", "IOC", "61846.9"],
      ["/fapi/v1/order", "BUY", "IOC", "61803.2"],
    ]);
    expect(portfolio.position("spot").quantity).toBe(-fixed("0.05"));
    expect(portfolio.position("usdm").quantity).toBe(fixed("0.05"));
    expect(desk.counts).toMatchObject({ ordersSent: 2, fills: 2, ordersFailed: 0, executions: { filled: 1 } });
    // (61,850 - 61,800) / 61,800, to hold against the signal's 8 bp.
    expect(execution.realisedPremium).toBe(80_906n);
  });

  test("that gets the same part on both legs is partial, and not evened", async () => {
    const { desk } = await deskFor((request) => fill(request, "0.02"));
    expect(summary(await desk.execute(SELL_SPOT))).toMatchObject({
      status: "partial",
      spotQuantity: fixed("0.02"),
      perpQuantity: fixed("0.02"),
    });
    expect(desk.counts.ordersSent).toBe(2);
  });

  test("that gets nothing at all is missed", async () => {
    const { desk } = await deskFor(() => refuse(-2010, "Market is closed."));
    expect((await desk.execute(SELL_SPOT)).status).toBe("missed");
    expect(desk.counts).toMatchObject({ ordersFailed: 2, executions: { missed: 1 } });
  });

  test("buys the rest at market when the perpetual was filled in part", async () => {
    const { desk, portfolio } = await deskFor((request) =>
      fill(request, !isSpot(request) && isLimit(request) ? "0.02" : undefined),
    );
    const execution = await desk.execute(SELL_SPOT);
    expect(summary(execution)).toMatchObject({
      status: "evened",
      spotQuantity: fixed("0.05"),
      perpQuantity: fixed("0.05"),
    });
    expect(summary(execution).roles.at(-1)).toBe("completion usdm buy 0.03");
    expect(portfolio.position("usdm").quantity).toBe(fixed("0.05"));
  });

  test("goes back on the leg that was filled when the other was refused", async () => {
    const { desk, portfolio } = await deskFor((request) =>
      isSpot(request) ? fill(request) : refuse(-2019, "Margin is insufficient."),
    );
    const execution = await desk.execute(SELL_SPOT);
    expect(summary(execution)).toMatchObject({ status: "evened", spotQuantity: 0n, perpQuantity: 0n });
    expect(summary(execution).roles.at(-1)).toBe("unwind spot buy 0.05");
    expect(execution.realisedPremium).toBeUndefined();
    expect(portfolio.position("spot").quantity).toBe(0n);
  });

  test("completes in the venue's steps and sends what is left over back", async () => {
    const { desk } = await deskFor((request) =>
      fill(request, isLimit(request) ? (isSpot(request) ? "0.04567" : "0") : undefined),
    );
    const execution = await desk.execute(SELL_SPOT);
    expect(summary(execution)).toMatchObject({
      status: "evened",
      spotQuantity: fixed("0.045"),
      perpQuantity: fixed("0.045"),
    });
    expect(summary(execution).roles.slice(2)).toEqual(["completion usdm buy 0.045", "unwind spot buy 0.00067"]);
  });

  test("is unhedged, and says so, when neither way of evening out is open", async () => {
    const { desk, portfolio } = await deskFor((request) =>
      isSpot(request) && isLimit(request) ? fill(request) : refuse(-1008),
    );
    const execution = await desk.execute(SELL_SPOT);
    expect(summary(execution)).toMatchObject({ status: "unhedged", spotQuantity: fixed("0.05"), perpQuantity: 0n });
    expect(desk.counts.executions).toMatchObject({ unhedged: 1 });
    expect(portfolio.position("spot").quantity).toBe(-fixed("0.05"));
    expect(desk.haltReason).toBeUndefined();
  });

  test("leaves a difference too small to be an order", async () => {
    const { desk } = await deskFor((request) => fill(request, isSpot(request) ? "0.04995" : undefined));
    const execution = await desk.execute(SELL_SPOT);
    expect(summary(execution)).toMatchObject({ status: "unhedged", spotQuantity: fixed("0.04995") });
    expect(execution.orders).toHaveLength(2);
  });

  test("is refused while another in its direction is under way", async () => {
    const { desk } = await deskFor((request) => fill(request));
    const running = desk.execute(SELL_SPOT);
    expect(() => desk.execute(SELL_SPOT)).toThrow("a trade to sell_spot_buy_perp is under way already");
    await running;
    await desk.settled();
    expect(desk.inFlight).toBe(0);
  });
});

describe("an order whose answer is lost", () => {
  test("is found again, booked once, and the trade goes on from there", async () => {
    const { desk, portfolio } = await deskFor((request) => {
      if (request.method === "GET")
        return { status: 200, body: filledAnswer({ ...request.parameters, quantity: "0.05" }, "61800") };
      return isSpot(request) ? fill(request) : (response) => response.destroy();
    });
    const execution = await desk.execute(SELL_SPOT);
    expect(summary(execution)).toMatchObject({ status: "filled", perpQuantity: fixed("0.05") });
    expect(portfolio.position("usdm").quantity).toBe(fixed("0.05"));
    expect(desk.counts).toMatchObject({ ordersUnknown: 0, ordersFailed: 0, fills: 2 });
  });

  test("that the venue does not know was not executed, and the other leg goes back", async () => {
    const { desk } = await deskFor((request) => {
      if (request.method === "GET") return refuse(-2013, "Order does not exist.");
      return isSpot(request) ? fill(request) : (response) => response.destroy();
    });
    const execution = await desk.execute(SELL_SPOT);
    expect(summary(execution).roles.at(-1)).toBe("unwind spot buy 0.05");
    expect(desk.counts).toMatchObject({ ordersUnknown: 0, ordersFailed: 1, executions: { evened: 1, unknown: 0 } });
  });

  test("may still arrive as long as the venue would take it, so that not being known there proves nothing", async () => {
    const { desk, venue } = await deskFor((request) => {
      if (request.method === "GET") return refuse(-2013, "Order does not exist.");
      return isSpot(request) ? fill(request) : (response) => response.destroy();
    }, 60_000);
    expect((await desk.execute(SELL_SPOT)).status).toBe("unknown");
    expect(venue.requests.filter(({ method }) => method === "GET")).toHaveLength(4);
    expect(desk.counts.ordersSent).toBe(2);
  });

  test("and cannot be asked for halts trading until it is known, without another order being sent", async () => {
    let isBack = false;
    const { desk, told } = await deskFor((request) => {
      if (request.method === "GET" && !isBack) return refuse(-5000, "Path is invalid");
      if (request.method === "GET")
        return { status: 200, body: filledAnswer({ ...request.parameters, quantity: "0.05" }, "61800") };
      return isSpot(request) ? fill(request) : (response) => response.destroy();
    });
    const execution = await desk.execute(SELL_SPOT);
    expect(execution.status).toBe("unknown");
    expect(desk.haltReason).toBe("the fate of orders of 1 trade is unknown, and with it the position");
    expect(desk.counts).toMatchObject({ ordersSent: 2, ordersUnknown: 1, executions: { unknown: 1 } });
    expect(await desk.reconcile()).toBe(1);
    isBack = true;
    const both = [desk.reconcile(), desk.reconcile()];
    expect(both[0]).toBe(both[1]);
    expect(await both[0]).toBe(0);
    expect(desk.haltReason).toBeUndefined();
    expect(desk.counts).toMatchObject({
      ordersSent: 2,
      ordersUnknown: 0,
      fills: 2,
      executions: { unknown: 0, filled: 1 },
    });
    expect(told.filter(([id]) => id === "t-2-usdm").map(([, , ok]) => ok)).toEqual([undefined, false, true]);
  });
});
