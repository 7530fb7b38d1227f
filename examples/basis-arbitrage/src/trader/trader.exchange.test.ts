/** The trader's parts on the example's own exchange: real sockets, real HTTP, real fills, real refusals. */
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "../exchange/exchange.ts";
import { parseExchangeOptions } from "../exchange/exchange-options.ts";
import { parseFrame } from "../market/frame.ts";
import type { Market } from "../market/market.ts";
import { systemClock } from "./clock.ts";
import { createClockEstimator } from "./clock-estimator.ts";
import { connectMarketFeed, type MarketFeed } from "./market-feed.ts";
import { createOrderClient } from "./order-client.ts";
import { createSnapshotClient } from "./snapshot-client.ts";
import { createPaperTrader } from "./testing/paper-trader.ts";
import { until } from "./testing/until.ts";
import { parseTraderOptions } from "./trader-options.ts";

let exchange: Exchange | undefined;
const feeds: MarketFeed[] = [];

afterEach(async () => {
  for (const feed of feeds.splice(0)) feed.close();
  await exchange?.stop();
});

async function startExchange(args: readonly string[]) {
  exchange = createExchange(parseExchangeOptions(args, {}), { logger: pino({ level: "silent" }) });
  const { spotPort, usdmPort } = await exchange.start();
  return { spot: spotPort, usdm: usdmPort };
}

/** Everything between the exchange's ports and the session, as the trader process connects it. */
function trade(ports: Readonly<Record<Market, number>>, args: readonly string[] = []) {
  const hosts = (["spot", "usdm"] as const).flatMap((market) => [
    `--${market}-ws=ws://127.0.0.1:${ports[market]}`,
    `--${market}-rest=http://127.0.0.1:${ports[market]}`,
  ]);
  const options = parseTraderOptions([...hosts, ...args], {});
  const clocks = { spot: createClockEstimator(), usdm: createClockEstimator() };
  const urls = { spotRestUrl: options.spot.restUrl, usdmRestUrl: options.usdm.restUrl };
  const snapshots = createSnapshotClient({ fetch, clock: systemClock, symbol: options.symbol, ...urls });
  const { apiKey, apiSecret, takerFeeBps } = options;
  const orders = createOrderClient({ fetch, clock: systemClock, ...urls, apiKey, apiSecret, takerFeeBps, quoteAsset: "USDT" });
  const requested: string[] = [];
  const trader = createPaperTrader({
    options,
    clock: systemClock,
    orders,
    fetchSnapshot: snapshots.fetchSnapshot,
    onOrderRequest: ({ clientOrderId }) => requested.push(clientOrderId),
  });
  const { session, keepers } = trader;
  const verdicts = new Map<string, number>();
  const streams = `/stream?streams=${["depth@100ms", "bookTicker", "trade"].map((name) => `btcusdt@${name}`).join("/")}`;
  for (const market of ["spot", "usdm"] as const) {
    const onMessage = (text: string, receivedMs: number, receivedEpochMs: number) => {
      const frame = parseFrame(text, market);
      if (frame.kind !== "malformed") clocks[market].addSample(frame.eventTimeMs, receivedEpochMs);
      const tick = session.applyFrame(frame, receivedMs);
      if (typeof tick === "string") return;
      const signal = session.findSignal(tick);
      if (typeof signal === "string") return;
      const verdict = session.assess(signal);
      verdicts.set(verdict.reasonCode, (verdicts.get(verdict.reasonCode) ?? 0) + 1);
      if (verdict.accepted) void session.execute(signal);
    };
    const url = options[market].streamUrl + streams;
    feeds.push(connectMarketFeed({ market, url, onMessage, onDisconnected: () => keepers[market].disconnected(), firstRetryMs: 10 }));
  }
  return { ...trader, verdicts, clocks, requested, orders };
}

describe("the trader on the simulated market", () => {
  test("trades in and out, with its account equal to the sum of its fills", async () => {
    const ports = await startExchange(["--seed=3", "--rate=2000", "--reject-ratio=0", "--latency-ms=1"]);
    const { session, portfolio, verdicts, requested, clocks } = trade(ports, ["--cooldown-ms=50", "--averaging-ms=5000"]);
    await until("twenty fills", () => session.desk.counts.fills >= 20);
    for (const feed of feeds) feed.close();
    await session.desk.settled();
    const { counts } = session.desk;
    expect(counts.ordersSent).toBe(requested.length);
    expect(counts).toMatchObject({ ordersFailed: 0, ordersUnknown: 0, unbookedFills: 0 });
    expect(verdicts.get("accepted")).toBeGreaterThan(0);
    expect(verdicts.get("insufficient_edge")).toBeGreaterThan(0);
    session.markToMarket();
    const { realisedPnl, unrealisedPnl, fees } = portfolio;
    const mid = (quote: { bidPrice: bigint; askPrice: bigint }) => (quote.bidPrice + quote.askPrice) / 2n;
    void mid;
    expect(fees > 0n).toBe(true);
    expect(portfolio.report().tradingPnl).not.toBe("0");
    expect(realisedPnl + unrealisedPnl !== 0n).toBe(true);
    // One machine, one clock.
    const estimate = clocks.usdm.estimate();
    expect(Math.abs(estimate?.offsetMs ?? Number.NaN)).toBeLessThanOrEqual(estimate?.uncertaintyMs ?? 0);
  }, 30_000);

  test("comes back into step after lost depth updates, and takes malformed frames for what they are", async () => {
    const ports = await startExchange(["--seed=4", "--rate=1000", "--drop-depth=25", "--malformed=40"]);
    const { session, keepers } = trade(ports);
    await until("resyncs on both markets", () => keepers.spot.counts.resyncs >= 2 && keepers.usdm.counts.resyncs >= 2);
    await until("both books", () => keepers.spot.state === "ready" && keepers.usdm.state === "ready");
    expect(session.counts.malformedFrames).toBeGreaterThan(0);
    expect(keepers.spot.counts.snapshotRequests).toBeGreaterThanOrEqual(3);
    expect(keepers.spot.counts.snapshotFailures).toBe(0);
  }, 30_000);

  test("keeps an honest position when the exchange refuses many of its orders", async () => {
    const ports = await startExchange(["--seed=5", "--rate=2000", "--reject-ratio=0.3", "--latency-ms=1"]);
    const { session, portfolio } = trade(ports, ["--cooldown-ms=20", "--averaging-ms=5000"]);
    await until("fifteen trades", () => Object.values(session.desk.counts.executions).reduce((sum, value) => sum + value, 0) >= 15);
    for (const feed of feeds) feed.close();
    await session.desk.settled();
    const { executions, ordersFailed } = session.desk.counts;
    expect(ordersFailed).toBeGreaterThan(0);
    expect(executions.evened + executions.missed).toBeGreaterThan(0);
    // Every trade that was not left unhedged has equal legs, but for the commissions that spot purchases took in coin.
    const difference = portfolio.position("spot").quantity + portfolio.position("usdm").quantity;
    if (executions.unhedged === 0) expect(difference <= 0n && difference > -100_000n).toBe(true);
  }, 30_000);

  test("finds an order again by asking the exchange", async () => {
    const ports = await startExchange(["--seed=6", "--rate=1000", "--reject-ratio=0"]);
    const { keepers, orders } = trade(ports, ["--signal-threshold-bps=1000"]);
    await until("both books", () => keepers.spot.state === "ready" && keepers.usdm.state === "ready");
    for (const market of ["spot", "usdm"] as const) {
      const request = { market, symbol: "BTCUSDT", side: "buy", type: "market", quantity: "0.05", clientOrderId: `again-${market}` } as const;
      const placed = await orders.place(request);
      const found = await orders.find(request);
      expect(placed).toMatchObject({ ok: true, status: "FILLED", executedQuantity: "0.05" });
      expect(found).toMatchObject({ ok: true, status: "FILLED", executedQuantity: "0.05" });
      expect(await orders.find({ ...request, clientOrderId: "never-sent" })).toMatchObject({ ok: false, code: -2013, outcome: "not_executed" });
    }
  }, 30_000);
});
