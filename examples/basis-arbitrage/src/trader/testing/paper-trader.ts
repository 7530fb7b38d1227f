/** A whole trader as its composition root would put it together, on markets that a test provides. */
import type { Market } from "../../market/market.ts";
import type { DepthSnapshot } from "../../market/order-book.ts";
import { createBasisStrategy } from "../basis-strategy.ts";
import { type BookKeeper, createBookKeeper } from "../book-keeper.ts";
import { startSystemTimer, type TraderClock } from "../clock.ts";
import { createFairBasis, createFixedFairBasis } from "../fair-basis.ts";
import { instrumentOf } from "../instrument.ts";
import type { OrderClient } from "../order-client.ts";
import { createPortfolio, type Portfolio } from "../portfolio.ts";
import { createRiskCheck } from "../risk.ts";
import { createSession, type Session } from "../session.ts";
import type { TradeDeskOptions } from "../trade-desk.ts";
import type { TraderOptions } from "../trader-options.ts";

/** What a test provides. */
export interface PaperTraderParts {
  readonly options: TraderOptions;
  readonly clock: TraderClock;
  readonly orders: OrderClient;
  readonly fetchSnapshot: (market: Market) => Promise<DepthSnapshot>;
  readonly callbacks?: Pick<TradeDeskOptions, "onOrderRequest" | "onOrderOutcome">;
}

/** The parts a test looks at. */
export interface PaperTrader {
  readonly session: Session;
  readonly keepers: Readonly<Record<Market, BookKeeper>>;
  readonly portfolio: Portfolio;
}

/** Puts it together. */
export function createPaperTrader({ options, clock, orders, fetchSnapshot, callbacks }: PaperTraderParts): PaperTrader {
  const { symbol } = options;
  const keeperOf = (market: Market) => createBookKeeper({ market, symbol, fetchSnapshot });
  const keepers = { spot: keeperOf("spot"), usdm: keeperOf("usdm") };
  const instruments = { spot: instrumentOf("spot", symbol), usdm: instrumentOf("usdm", symbol) };
  const { baseAsset, quoteAsset } = instruments.spot;
  const portfolio = createPortfolio({ baseAsset, quoteAsset, cash: options.cash, inventory: options.inventory });
  const { averagingMs } = options;
  let count = 0;
  const session = createSession({
    symbol,
    keepers,
    portfolio,
    clock,
    orders,
    instruments,
    startTimer: startSystemTimer,
    nextOrderId: (market) => `test-${++count}-${market}`,
    limitTolerance: options.limitTolerance,
    ...callbacks,
    risk: createRiskCheck(options),
    strategy: createBasisStrategy({
      fairBasis:
        options.fairBasis === undefined ? createFairBasis({ averagingMs }) : createFixedFairBasis(options.fairBasis),
      quantity: options.quantity,
      signalThreshold: options.signalThreshold,
      minCloseNotional: instruments.usdm.minNotional,
      maxQuoteAgeMs: 10_000,
    }),
  });
  return { session, keepers, portfolio };
}
