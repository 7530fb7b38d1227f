/** The trader's parts on the example's own exchange: real sockets, real HTTP, real fills, real refusals. */
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "../exchange/exchange.ts";
import { parseExchangeOptions } from "../exchange/exchange-options.ts";
import { type Frame, parseFrame } from "../market/frame.ts";
import { MARKETS, type Market } from "../market/market.ts";
import { haveRecordedData, RECORDED_FILES } from "../market/testing/recorded-data.ts";
import { systemClock } from "./clock.ts";
import { createClockEstimator } from "./clock-estimator.ts";
import type { Execution } from "./execution.ts";
import { connectMarketFeed, type MarketFeed } from "./market-feed.ts";
import type { OrderFill, OrderRequest } from "./order.ts";
import { createOrderClient } from "./order-client.ts";
import { createSnapshotClient } from "./snapshot-client.ts";
import { fixed } from "./testing/market-frames.ts";
import { createPaperTrader, type PaperTrader } from "./testing/paper-trader.ts";
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
  const hosts = MARKETS.flatMap((market) => [
    `--${market}-ws=ws://127.0.0.1:${ports[market]}`,
    `--${market}-rest=http://127.0.0.1:${ports[market]}`,
  ]);
  const options = parseTraderOptions([...hosts, ...args], {});
  const { symbol, apiKey, apiSecret, takerFeeBps } = options;
  const urls = { spotRestUrl: options.spot.restUrl, usdmRestUrl: options.usdm.restUrl };
  const orders = createOrderClient({
    fetch,
    clock: systemClock,
    ...urls,
    apiKey,
    apiSecret,
    takerFeeBps,
    quoteAsset: "USDT",
  });
  const fills: { request: OrderRequest; fill: OrderFill }[] = [];
  const requested: string[] = [];
  const trader = createPaperTrader({
    options,
    clock: systemClock,
    orders,
    fetchSnapshot: createSnapshotClient({ fetch, clock: systemClock, symbol, ...urls }).fetchSnapshot,
    callbacks: {
      onOrderRequest: ({ clientOrderId }) => requested.push(clientOrderId),
      onOrderOutcome: (request, outcome) => {
        if (outcome.ok) fills.push(...outcome.fills.map((fill) => ({ request, fill })));
      },
    },
  });
  const seen = { verdicts: new Map<string, number>(), executions: [] as Execution[], ended: 0, requested, fills };
  const clocks = { spot: createClockEstimator(), usdm: createClockEstimator() };
  for (const market of MARKETS) {
    const onMessage = (text: string, receivedMs: number, receivedEpochMs: number) => {
      const frame = parseFrame(text, market);
      if (frame.kind !== "malformed") clocks[market].addSample(frame.eventTimeMs, receivedEpochMs);
      step(trader, frame, receivedMs, seen);
    };
    feeds.push(
      connectMarketFeed({
        market,
        url: options[market].streamUrl + STREAMS,
        onMessage,
        onDisconnected: () => trader.keepers[market].disconnected(),
        onEnded: () => seen.ended++,
        firstRetryMs: 10,
      }),
    );
  }
  return { ...trader, ...seen, seen, clocks, orders };
}

const STREAMS = `/stream?streams=${["depth@100ms", "bookTicker", "trade"].map((name) => `btcusdt@${name}`).join("/")}`;

interface Seen {
  readonly verdicts: Map<string, number>;
  readonly executions: Execution[];
}

function step({ session }: PaperTrader, frame: Frame, receivedMs: number, { verdicts, executions }: Seen): void {
  const tick = session.applyFrame(frame, receivedMs);
  if (typeof tick === "string") return;
  const signal = session.findSignal(tick);
  if (typeof signal === "string") return;
  const verdict = session.assess(signal);
  verdicts.set(verdict.reasonCode, (verdicts.get(verdict.reasonCode) ?? 0) + 1);
  if (verdict.accepted) void session.execute(signal).then((execution) => executions.push(execution));
}

async function stopTrading({ session }: PaperTrader): Promise<void> {
  for (const feed of feeds) feed.close();
  await session.desk.settled();
}

/** What the fills of one market bought and sold, and what they took of it as commission. */
function netOf(market: Market, fills: readonly { request: OrderRequest; fill: OrderFill }[]): bigint {
  let net = 0n;
  for (const { request, fill } of fills) {
    if (request.market !== market) continue;
    net += request.side === "buy" ? fixed(fill.quantity) : -fixed(fill.quantity);
    if (fill.commissionAsset === "BTC") net -= fixed(fill.commission);
  }
  return net;
}

/** What trades added to one market's position. */
function netOfTrades(market: Market, executions: readonly Execution[]): bigint {
  return executions.reduce((sum, { signal, spotQuantity, perpQuantity }) => {
    const quantity = market === "spot" ? spotQuantity : perpQuantity;
    const { side } = market === "spot" ? signal.spot : signal.perp;
    return sum + (side === "buy" ? quantity : -quantity);
  }, 0n);
}

describe("the trader on the simulated market", () => {
  test("trades in and out, with its account equal to the sum of its fills", async () => {
    const ports = await startExchange(["--seed=3", "--rate=2000", "--reject-ratio=0", "--latency-ms=1"]);
    const trader = trade(ports, ["--cooldown-ms=50", "--averaging-ms=5000"]);
    const { session, portfolio, verdicts, clocks } = trader;
    await until("twenty fills", () => session.desk.counts.fills >= 20);
    await stopTrading(trader);
    const { counts } = session.desk;
    expect(counts).toMatchObject({
      ordersSent: trader.requested.length,
      ordersFailed: 0,
      ordersUnknown: 0,
      unbookedFills: 0,
    });
    expect(counts.fills).toBe(trader.fills.length);
    expect(new Set(trader.requested).size).toBe(trader.requested.length);
    for (const market of MARKETS) expect(portfolio.position(market).quantity).toBe(netOf(market, trader.fills));
    expect(portfolio.fees > 0n).toBe(true);
    expect(verdicts.get("accepted")).toBe(trader.executions.length);
    expect(verdicts.get("insufficient_edge")).toBeGreaterThan(0);
    // One machine, one clock.
    const { offsetMs = Number.NaN, uncertaintyMs = 0 } = clocks.usdm.estimate() ?? {};
    expect(Math.abs(offsetMs)).toBeLessThanOrEqual(uncertaintyMs);
  }, 30_000);

  test("comes back into step after lost depth updates, and takes malformed frames for what they are", async () => {
    const ports = await startExchange(["--seed=4", "--rate=1000", "--drop-depth=9", "--malformed=40"]);
    const { session, keepers } = trade(ports);
    const both = Object.values(keepers);
    await until("resyncs on both markets", () => both.every(({ counts }) => counts.resyncs >= 2));
    await until("both books in step", () => both.every(({ state }) => state === "ready"));
    expect(session.counts.malformedFrames).toBeGreaterThan(0);
    for (const { counts } of both) expect(counts.snapshotRequests).toBeGreaterThan(counts.resyncs);
    for (const { counts } of both) expect(counts.snapshotFailures).toBe(0);
  }, 30_000);

  test("keeps an honest position when the exchange refuses many of its orders", async () => {
    const ports = await startExchange(["--seed=5", "--rate=2000", "--reject-ratio=0.3", "--latency-ms=1"]);
    const trader = trade(ports, ["--cooldown-ms=20", "--averaging-ms=5000"]);
    await until("fifteen trades", () => trader.executions.length >= 15);
    await stopTrading(trader);
    const { portfolio, executions, fills } = trader;
    const { counts } = trader.session.desk;
    expect(counts.ordersFailed).toBeGreaterThan(0);
    expect(counts.executions.evened + counts.executions.missed).toBeGreaterThan(0);
    for (const market of MARKETS) expect(portfolio.position(market).quantity).toBe(netOf(market, fills));
    expect(portfolio.position("usdm").quantity).toBe(netOfTrades("usdm", executions));
    const commissions = netOfTrades("spot", executions) - portfolio.position("spot").quantity;
    expect(commissions >= 0n).toBe(true);
    for (const { status, spotQuantity, perpQuantity } of executions) {
      if (status !== "unhedged") expect(spotQuantity).toBe(perpQuantity);
    }
  }, 30_000);

  test("finds an order again by asking the exchange", async () => {
    const ports = await startExchange(["--seed=6", "--rate=1000", "--reject-ratio=0"]);
    const { keepers, orders } = trade(ports, ["--signal-threshold-bps=1000"]);
    await until("both books", () => Object.values(keepers).every(({ state }) => state === "ready"));
    for (const market of MARKETS) {
      const clientOrderId = `again-${market}`;
      const request = {
        market,
        symbol: "BTCUSDT",
        side: "buy",
        type: "market",
        quantity: "0.05",
        clientOrderId,
      } as const;
      const placed = await orders.place(request);
      const found = await orders.find(request);
      expect(placed).toMatchObject({ ok: true, status: "FILLED", executedQuantity: "0.05" });
      expect(found).toMatchObject({ ok: true, status: "FILLED", executedQuantity: "0.05" });
      const other = await orders.find({ ...request, clientOrderId: "never-sent" });
      expect(other).toMatchObject({ ok: false, code: -2013, outcome: "not_executed" });
    }
  }, 30_000);
});

describe.skipIf(!haveRecordedData())("the trader on the recordings, as fast as they go", () => {
  test("sees every message, keeps both books in step, decides both ways, finds the clock error, and is told the end", async () => {
    const recordings = RECORDED_FILES.map((file) => `--recording=${file}`);
    const ports = await startExchange([...recordings, "--speed=max", "--reject-ratio=0"]);
    const trader = trade(ports);
    const { session, keepers, verdicts, seen, clocks } = trader;
    await until("the end of the recordings", () => seen.ended === 2, 60_000);
    await stopTrading(trader);
    expect(session.counts).toMatchObject({ frames: 135_201, malformedFrames: 0 });
    for (const { counts } of Object.values(keepers)) {
      expect(counts).toEqual({ snapshotRequests: 1, snapshotFailures: 0, snapshotsTooOld: 0, resyncs: 0 });
    }
    expect(verdicts.get("accepted")).toBeGreaterThan(0);
    expect(verdicts.get("insufficient_edge")).toBeGreaterThan(0);
    for (const market of MARKETS) {
      const { offsetMs = 0, uncertaintyMs = 0, negativeLagCount } = clocks[market].estimate() ?? {};
      expect(Math.abs(offsetMs + 1_250)).toBeLessThanOrEqual(uncertaintyMs);
      expect(negativeLagCount).toBeGreaterThan(10_000);
    }
  }, 90_000);
});
