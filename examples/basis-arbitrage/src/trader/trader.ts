/** The trader put together: two feeds, two books, one session, one paper account; it starts, reports, and ends in good order. */

import { tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import { MARKETS, type Market } from "../market/market.ts";
import { splitSymbol, toPair } from "../market/symbol.ts";
import { createBasisStrategy } from "./basis-strategy.ts";
import { type BookKeeper, createBookKeeper } from "./book-keeper.ts";
import { startSystemTimer, systemClock } from "./clock.ts";
import { type ClockEstimator, createClockEstimator } from "./clock-estimator.ts";
import { createDailyFigures } from "./daily-figures.ts";
import { createFairBasis, createFixedFairBasis } from "./fair-basis.ts";
import { instrumentOf } from "./instrument.ts";
import { connectMarketFeed, type MarketFeed } from "./market-feed.ts";
import { type ObservedSession, observeSession } from "./observed-session.ts";
import { createOrderClient } from "./order-client.ts";
import { recordOrderOutcome, recordOrderRequest } from "./order-records.ts";
import { createPortfolio, type Portfolio } from "./portfolio.ts";
import { createRiskCheck } from "./risk.ts";
import { createSession, type Session } from "./session.ts";
import { createSnapshotClient } from "./snapshot-client.ts";
import type { TraderOptions } from "./trader-options.ts";

/** The parts that reports look at. */
export interface Trader {
  readonly session: Session;
  readonly observed: ObservedSession;
  readonly portfolio: Portfolio;
  readonly keepers: Readonly<Record<Market, BookKeeper>>;
  readonly clocks: Readonly<Record<Market, ClockEstimator>>;
  readonly feeds: readonly MarketFeed[];
  /** Resolves when both feeds have ended by themselves: a recording is through. */
  readonly ended: Promise<void>;
  /** Values the account and sets the gauges. */
  mark(): void;
  /** Stops listening, sees running trades through, and resolves. */
  stop(): Promise<void>;
}

const SNAPSHOT_EVERY_MS = 1_000;
const SNAPSHOT_LEVELS = 10;
const RECONCILE_EVERY_MS = 1_000;
const FIGURES_EVERY_MS = 60_000;
const STREAMS: Readonly<Record<Market, string>> = { spot: "depth@100ms", usdm: "depth@0ms" };

/** Connects and trades at once. `session` is a text that makes order ids of this run unlike those of any other. */
export function startTrader(options: TraderOptions, logger: Logger, sessionId: string): Trader {
  const assets = splitSymbol(options.symbol);
  const portfolio = createPortfolio({
    baseAsset: assets?.base ?? options.symbol,
    quoteAsset: assets?.quote ?? "USDT",
    cash: options.cash,
    inventory: options.inventory,
  });
  const clocks = { spot: createClockEstimator(), usdm: createClockEstimator() };
  const snapshots = createSnapshotClient({
    fetch: (url, init) => fetch(url, init),
    clock: systemClock,
    spotRestUrl: options.spot.restUrl,
    usdmRestUrl: options.usdm.restUrl,
    symbol: options.symbol,
  });
  const keepers = Object.fromEntries(
    MARKETS.map((market) => [
      market,
      createBookKeeper({
        market,
        symbol: options.symbol,
        fetchSnapshot: (which) => snapshots.fetchSnapshot(which),
        onSyncFailure: (which, error) => logger.warn({ market: which, err: error }, "no depth snapshot"),
      }),
    ]),
  ) as Record<Market, BookKeeper>;
  const session = createTradingSession(options, portfolio, keepers, sessionId);
  const observed = observeSession({ session, symbol: options.symbol, clocks, logger });
  return connect({ options, logger, session, observed, portfolio, keepers, clocks });
}

function createTradingSession(
  options: TraderOptions,
  portfolio: Portfolio,
  keepers: Readonly<Record<Market, BookKeeper>>,
  sessionId: string,
): Session {
  const instruments = { spot: instrumentOf("spot", options.symbol), usdm: instrumentOf("usdm", options.symbol) };
  let orders = 0;
  return createSession({
    symbol: options.symbol,
    keepers,
    strategy: createBasisStrategy({
      fairBasis:
        options.fairBasis === undefined
          ? createFairBasis({ averagingMs: options.averagingMs })
          : createFixedFairBasis(options.fairBasis),
      quantity: options.quantity,
      signalThreshold: options.signalThreshold,
      minCloseNotional: instruments.usdm.minNotional,
      // Beyond this nothing is judged; below it the risk check says "stale_data", on the record.
      maxQuoteAgeMs: options.maxDataAgeMs * 5,
    }),
    risk: createRiskCheck(options),
    portfolio,
    orders: createOrderClient({
      fetch: (url, init) => fetch(url, init),
      clock: systemClock,
      spotRestUrl: options.spot.orderUrl,
      usdmRestUrl: options.usdm.orderUrl,
      apiKey: options.apiKey,
      apiSecret: options.apiSecret,
      takerFeeBps: options.takerFeeBps,
      quoteAsset: instruments.spot.quoteAsset,
      timeoutMs: options.orderTimeoutMs,
    }),
    instruments,
    clock: systemClock,
    startTimer: startSystemTimer,
    nextOrderId: (market) => `tb-${sessionId}-${market === "spot" ? "s" : "p"}${++orders}`,
    limitTolerance: options.limitTolerance,
    onOrderRequest: recordOrderRequest,
    onOrderOutcome: recordOrderOutcome,
  });
}

type Parts = Pick<Trader, "session" | "observed" | "portfolio" | "keepers" | "clocks"> & {
  readonly options: TraderOptions;
  readonly logger: Logger;
};

function connect({ options, logger, ...parts }: Parts): Trader {
  const { session, observed, portfolio, keepers } = parts;
  const pair = toPair(options.symbol);
  let open = 0;
  let endReached: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    endReached = resolve;
  });
  const feeds = MARKETS.map((market) =>
    connectMarketFeed({
      market,
      url: streamUrl(options, market),
      onMessage: (text, receivedMs, receivedEpochMs) => observed.onMessage(market, text, receivedMs, receivedEpochMs),
      onConnected: () => tradingMetrics.websocketConnections.set(++open, { endpoint: "market_data" }),
      onDisconnected: ({ reason, retryInMs, wasOpen }) => {
        if (wasOpen) tradingMetrics.websocketConnections.set(--open, { endpoint: "market_data" });
        keepers[market].disconnected();
        logger.warn({ market, reason, retryInMs }, "market feed lost");
      },
      onEnded: () => {
        tradingMetrics.websocketConnections.set(--open, { endpoint: "market_data" });
        if (feeds.every((feed) => feed.state === "ended")) endReached();
      },
    }),
  );
  const mark = (): void => {
    session.markToMarket();
    const { equity, cash, tradingPnl } = portfolio.report();
    tradingMetrics.updatePortfolioMetrics({ totalValueUsd: equity, cashBalanceUsd: cash });
    tradingMetrics.botPnl.set(Number(tradingPnl), { bot_id: "basis", symbol: pair });
  };
  const snapshots = setInterval(() => {
    for (const { view } of Object.values(keepers))
      if (view.isReady)
        tradingEvents.orderbookSnapshot.emit({ symbol: pair, market: view.market, ...view.book.top(SNAPSHOT_LEVELS) });
    mark();
  }, SNAPSHOT_EVERY_MS);
  // An order whose answer was lost halts trading until it is found.
  const reconciling = setInterval(() => {
    if (session.desk.haltReason !== undefined) void session.desk.reconcile();
  }, RECONCILE_EVERY_MS);
  const endFigures = recordFigures(portfolio, options.symbol);
  tradingMetrics.botsActive.set(1, { status: "running" });
  return {
    ...parts,
    feeds,
    ended,
    mark,
    async stop() {
      clearInterval(snapshots);
      clearInterval(reconciling);
      for (const feed of feeds) feed.close();
      await session.desk.settled();
      await observed.settled();
      for (const keeper of Object.values(keepers)) keeper.close();
      mark();
      endFigures();
      tradingMetrics.botsActive.set(0, { status: "running" });
      tradingMetrics.botsActive.set(1, { status: "stopped" });
    },
  };
}

/** Records the figures of the day while the trader runs. Returns what ends it, with a last record. */
function recordFigures(portfolio: Portfolio, symbol: string): () => void {
  const quoteAsset = splitSymbol(symbol)?.quote ?? "USDT";
  const figures = createDailyFigures({
    portfolio,
    strategy: "basis",
    quoteAsset,
    nowMs: Date.now,
    emit: (figure) => tradingEvents.businessMetric.emit(figure),
  });
  const timer = setInterval(() => figures.tick(), FIGURES_EVERY_MS);
  return () => {
    clearInterval(timer);
    figures.record();
  };
}

function streamUrl(options: TraderOptions, market: Market): string {
  const name = options.symbol.toLowerCase();
  return `${options[market].streamUrl}/stream?streams=${name}@${STREAMS[market]}/${name}@bookTicker/${name}@trade`;
}
