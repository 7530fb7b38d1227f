import { describe, expect, test } from "vitest";
import { formatFixed, parseFixed } from "../market/fixed-point.ts";
import { parseFrame } from "../market/frame.ts";
import type { Market } from "../market/market.ts";
import type { DepthSnapshot } from "../market/order-book.ts";
import { openRecordings } from "../market/recording.ts";
import { haveRecordedData, RECORDED_FILES } from "../market/testing/recorded-data.ts";
import type { OrderOutcome, OrderRequest } from "./order.ts";
import type { OrderClient } from "./order-client.ts";
import { TRADER_REASON_CODES } from "./reason-codes.ts";
import { toSignalReport } from "./signal.ts";
import { depthFrame, fixed, snapshotAt, tickerFrame } from "./testing/market-frames.ts";
import { createPaperTrader, type PaperTrader } from "./testing/paper-trader.ts";
import { parseTraderOptions } from "./trader-options.ts";

const NOWHERE = ["--spot-ws=ws://x", "--spot-rest=http://x", "--usdm-ws=ws://x", "--usdm-rest=http://x"];

/** An exchange that fills every order whole, at its limit or at the touch. */
function fillingClient(trader: () => PaperTrader): OrderClient {
  const fill = ({ market, side, quantity, limitPrice }: OrderRequest): OrderOutcome => {
    const { quote } = trader().keepers[market].view;
    const touch = formatFixed(side === "buy" ? quote.askPrice : quote.bidPrice);
    const price = limitPrice ?? touch;
    const fills = [{ price, quantity, commission: "0", commissionAsset: "USDT", isCommissionReported: true }];
    return { ok: true, status: "FILLED", executedQuantity: quantity, averagePrice: price, exchangeOrderId: "1", fills };
  };
  return {
    recvWindowMs: 1,
    place: (order) => Promise.resolve(fill(order)),
    find: (order) => Promise.resolve(fill(order)),
  };
}

/** A trader with both books at update 10, spot at 100,000 and the perpetual where the test says. */
async function readyTrader(perpPrice: string, args: readonly string[] = []) {
  const time = { nowMs: 0 };
  const answers: Record<Market, DepthSnapshot> = {
    spot: snapshotAt(10, [["99999", "5"]], [["100001", "5"]]),
    usdm: snapshotAt(10, [[perpPrice, "5"]], [[String(Number(perpPrice) + 1), "5"]]),
  };
  const trader: PaperTrader = createPaperTrader({
    options: parseTraderOptions([...NOWHERE, "--fair-basis-bps=0", ...args], {}),
    clock: { monotonicMs: () => time.nowMs, epochMs: () => time.nowMs },
    orders: fillingClient(() => trader),
    fetchSnapshot: (market) => Promise.resolve(answers[market]),
  });
  const { session } = trader;
  const first = [
    session.applyFrame(depthFrame("spot", { first: 10, final: 11 }), 0),
    session.applyFrame(depthFrame("usdm", { first: 9, final: 11, previous: 8 }), 0),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  return { ...trader, time, first };
}

function stepsOf({ session }: PaperTrader, frame: Parameters<PaperTrader["session"]["applyFrame"]>[0], atMs = 0) {
  const tick = session.applyFrame(frame, atMs);
  if (typeof tick === "string") return tick;
  const signal = session.findSignal(tick);
  if (typeof signal === "string") return signal;
  return { signal, verdict: session.assess(signal) };
}

describe("a session", () => {
  test("says of every frame that is no tick why it is none, in declared reason codes", async () => {
    const trader = await readyTrader("100000");
    const { session } = trader;
    expect(trader.first).toEqual(["book_not_ready", "book_not_ready"]);
    const reasons = [
      session.applyFrame(parseFrame("ping"), 0),
      session.applyFrame({ ...tickerFrame("spot", 20, ["1", "1"], ["2", "1"]), symbol: "ETHUSDT" }, 0),
      session.applyFrame(
        parseFrame(
          '{"stream":"btcusdt@trade","data":{"e":"trade","E":1700000000000,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1700000000000,"m":true}}',
        ),
        0,
      ),
      session.applyFrame(tickerFrame("spot", 9, ["1", "1"], ["2", "1"]), 0),
      session.applyFrame(depthFrame("spot", { first: 5, final: 6 }), 0),
      session.applyFrame(depthFrame("spot", { first: 15, final: 16 }), 0),
      session.applyFrame(depthFrame("spot", { first: 17, final: 18 }), 0),
    ];
    expect(reasons).toEqual([
      "malformed_frame",
      "unknown_symbol",
      "no_book_change",
      "no_book_change",
      "no_book_change",
      "book_gap",
      "book_not_ready",
    ]);
    for (const reason of ["malformed_frame", "unknown_symbol", "no_book_change", "book_gap"])
      expect(TRADER_REASON_CODES).toHaveProperty(reason);
    expect(session.counts).toMatchObject({ frames: 9, malformedFrames: 1, ticks: 0 });
  });

  test("takes a tick from book to signal to verdict to orders, and keeps the position", async () => {
    const trader = await readyTrader("99900");
    const found = stepsOf(trader, tickerFrame("usdm", 20, ["99900", "5"], ["99901", "5"]));
    if (typeof found === "string") throw new Error(found);
    expect(toSignalReport(found.signal)).toMatchObject({
      direction: "sell_spot_buy_perp",
      spotPrice: "99999",
      perpPrice: "99901",
      grossBps: "9.8097",
    });
    expect(found.verdict).toMatchObject({ accepted: true, reasonCode: "accepted" });
    expect(found.verdict.edge?.net_edge).toBe("5.6097");
    const running = trader.session.execute(found.signal);
    expect(trader.session.desk.inFlight).toBe(1);
    expect((await running).status).toBe("filled");
    expect(trader.session.openQuantity).toBe(fixed("0.05"));
    trader.session.markToMarket();
    expect(trader.portfolio.report().positions.usdm).toMatchObject({ quantity: "0.05" });
  });

  test("judges the ticks meanwhile with a veto, and pauses after the trade", async () => {
    const trader = await readyTrader("99900", ["--cooldown-ms=500"]);
    const tickAt = (id: number, eventTimeMs: number) =>
      stepsOf(trader, tickerFrame("usdm", id, ["99900", String(id)], ["99901", "5"], eventTimeMs));
    const codeOf = (found: ReturnType<typeof stepsOf>) =>
      typeof found === "string" ? found : found.verdict.reasonCode;
    const first = tickAt(20, 1_700_000_001_000);
    if (typeof first === "string") throw new Error(first);
    const running = trader.session.execute(first.signal);
    expect(codeOf(tickAt(21, 1_700_000_001_001))).toBe("order_in_flight");
    await running;
    expect(codeOf(tickAt(22, 1_700_000_001_499))).toBe("cooldown");
    expect(codeOf(tickAt(23, 1_700_000_001_500))).toBe("accepted");
  });

  test("refuses to trade on a market that has gone quiet", async () => {
    const trader = await readyTrader("99900");
    trader.time.nowMs = 2_001;
    const found = stepsOf(trader, tickerFrame("usdm", 20, ["99900", "5"], ["99901", "5"]), 2_001);
    expect(typeof found === "string" ? found : found.verdict.reasonCode).toBe("stale_data");
  });

  test("goes in and out: the way back closes what was opened", async () => {
    const trader = await readyTrader("99900", ["--cooldown-ms=0"]);
    const go = async (id: number, bid: string, ask: string) => {
      const found = stepsOf(trader, tickerFrame("usdm", id, [bid, "5"], [ask, "5"]));
      if (typeof found === "string") throw new Error(found);
      if (found.verdict.accepted) await trader.session.execute(found.signal);
      return [found.signal.purpose, found.verdict.reasonCode, formatFixed(trader.session.openQuantity)];
    };
    expect(await go(20, "99900", "99901")).toEqual(["open", "accepted", "0.05"]);
    expect(await go(21, "99900", "99902")).toEqual(["open", "accepted", "0.1"]);
    expect(await go(22, "100100", "100101")).toEqual(["close", "accepted", "0.05"]);
    expect(await go(23, "100100", "100102")).toEqual(["close", "accepted", "0"]);
    expect(await go(24, "100100", "100103")).toEqual(["open", "accepted", "-0.05"]);
    // Hysteresis: 3.8 bp pay for closing, not for opening more.
    expect(await go(25, "100038", "100040")).toEqual(["open", "insufficient_edge", "-0.05"]);
    expect(await go(26, "99959", "99960")).toEqual(["close", "accepted", "0"]);
    expect(Number(trader.portfolio.report().realisedPnl)).toBeGreaterThan(0);
  });
});

describe.skipIf(!haveRecordedData())("a session on the recordings", () => {
  test("keeps both books without a gap, accepts and rejects for several reasons, and every edge adds up", async () => {
    const time = { nowMs: 0 };
    const waiting: Partial<Record<Market, (snapshot: DepthSnapshot) => void>> = {};
    const trader: PaperTrader = createPaperTrader({
      options: parseTraderOptions(NOWHERE, {}),
      clock: { monotonicMs: () => time.nowMs, epochMs: () => time.nowMs },
      orders: fillingClient(() => trader),
      fetchSnapshot: (market) =>
        new Promise((resolve) => {
          waiting[market] = resolve;
        }),
    });
    const outcomes = new Map<string, number>();
    const count = (code: string) => outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    const recordings = await openRecordings(RECORDED_FILES);
    for await (const line of recordings.lines()) {
      time.nowMs = Number(line.receivedNs / 1_000n) / 1_000;
      if (line.kind === "snapshot") {
        waiting[line.market]?.(line.snapshot);
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const found = stepsOf(trader, line.frame, time.nowMs);
      if (typeof found === "string") {
        count(found);
        continue;
      }
      count(found.verdict.reasonCode);
      const { edge } = found.verdict;
      if (edge !== undefined) expect(parseFixed(edge.net_edge)).toBe(net(edge));
      if (found.verdict.accepted) await trader.session.execute(found.signal);
    }
    expect(trader.session.counts.frames).toBe(135_201);
    expect([...outcomes.values()].reduce((sum, value) => sum + value, 0)).toBe(135_201);
    for (const { counts, view, state } of Object.values(trader.keepers)) {
      expect(state).toBe("ready");
      expect(view.book.gaps).toBe(0);
      expect(counts).toEqual({ snapshotRequests: 1, snapshotFailures: 0, snapshotsTooOld: 0, resyncs: 0 });
    }
    for (const code of ["accepted", "insufficient_edge", "insufficient_liquidity", "cooldown"])
      expect(outcomes.get(code), code).toBeGreaterThan(0);
    expect(trader.session.desk.counts).toMatchObject({ unbookedFills: 0, ordersFailed: 0 });
    expect(trader.session.desk.counts.ordersSent).toBe(2 * (outcomes.get("accepted") ?? 0));
  }, 60_000);

  function net(
    edge: Record<"gross_edge" | "fees_est" | "slippage_est" | "gas_est" | "latency_buffer", string>,
  ): bigint {
    const of = (text: string) => parseFixed(text) ?? 0n;
    return of(edge.gross_edge) - of(edge.fees_est) - of(edge.slippage_est) - of(edge.gas_est) - of(edge.latency_buffer);
  }
});
