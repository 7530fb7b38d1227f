/**
 * The trading session: takes one frame through its steps, one synchronous function per step, so that whoever drives it can measure
 * between them. It owns no connections and no telemetry; what happens is told by return values and callbacks.
 */
import type { Verdict } from "@tracebook/decisions";
import type { Frame } from "../market/frame.ts";
import type { Market } from "../market/market.ts";
import type { BasisStrategy, NoSignal } from "./basis-strategy.ts";
import type { BookKeeper } from "./book-keeper.ts";
import type { Execution } from "./execution.ts";
import { createMarketTime, type MarketTime } from "./market-time.ts";
import type { TraderReasonCode } from "./reason-codes.ts";
import { type RiskCheck, spreadOf } from "./risk.ts";
import type { Signal } from "./signal.ts";
import { createTradeDesk, type TradeDesk, type TradeDeskOptions } from "./trade-desk.ts";

/** Why a frame is no tick, in the words of reason codes. */
export type NoTick = Exclude<TraderReasonCode, "warming_up"> | "book_not_ready";

/** A frame that changed what is known of a market. One object for life: valid until the next `applyFrame`. */
export interface Tick {
  readonly market: Market;
  /** Counts the ticks of the session from 1. */
  readonly sequence: number;
  /** Monotonic milliseconds. */
  readonly receivedMs: number;
  /** `undefined` where the message bears none: spot `bookTicker`. */
  readonly eventTimeMs: number | undefined;
}

/** What came in and what was found in it. */
export interface SessionCounts {
  frames: number;
  malformedFrames: number;
  ticks: number;
  signals: number;
}

/** What a session is put together from. */
export interface SessionOptions extends TradeDeskOptions {
  /** As Binance writes it: `BTCUSDT`. */
  readonly symbol: string;
  readonly keepers: Readonly<Record<Market, BookKeeper>>;
  readonly strategy: BasisStrategy;
  readonly risk: RiskCheck;
}

/** Made by `createSession`. */
export interface Session {
  readonly counts: Readonly<SessionCounts>;
  readonly marketTime: MarketTime;
  readonly desk: TradeDesk;
  /** What is open, times 1e8: positive when spot is sold and the perpetual bought. */
  readonly openQuantity: bigint;
  /** Step 1: into the books. Never throws. */
  applyFrame(frame: Frame, receivedMs: number): Tick | NoTick;
  /** Step 2: the strategy. Never throws. */
  findSignal(tick: Tick): Signal | NoSignal;
  /** Step 3: the risk check. Never throws. */
  assess(signal: Signal): Verdict;
  /** Step 4: orders, for a signal whose verdict was accepted, in the same turn; see `TradeDesk.execute`. */
  execute(signal: Signal): Promise<Execution>;
  /** Values the portfolio at the current mid prices; to be called before reports, since ticks do not. */
  markToMarket(): void;
}

/** A session that has seen nothing yet. */
export function createSession(options: SessionOptions): Session {
  return new TradingSession(options);
}

class TradingSession implements Session {
  readonly counts: SessionCounts = { frames: 0, malformedFrames: 0, ticks: 0, signals: 0 };
  readonly marketTime = createMarketTime();
  readonly desk: TradeDesk;
  readonly #options: SessionOptions;
  readonly #tick = {
    market: "spot" as Market,
    sequence: 0,
    receivedMs: 0,
    eventTimeMs: undefined as number | undefined,
  };
  #lastOrderElapsedMs = Number.NEGATIVE_INFINITY;

  constructor(options: SessionOptions) {
    this.#options = { ...options };
    this.desk = createTradeDesk(options);
  }

  get openQuantity(): bigint {
    return this.#options.portfolio.position("usdm").quantity;
  }

  applyFrame(frame: Frame, receivedMs: number): Tick | NoTick {
    this.counts.frames++;
    if (frame.kind === "malformed") {
      this.counts.malformedFrames++;
      return "malformed_frame";
    }
    if (frame.symbol !== this.#options.symbol) return "unknown_symbol";
    this.marketTime.observe(frame.eventTimeMs);
    const refusal = applyTo(this.#options.keepers[frame.market], frame, receivedMs);
    if (refusal !== undefined) return refusal;
    const tick = this.#tick;
    tick.market = frame.market;
    tick.sequence = ++this.counts.ticks;
    tick.receivedMs = receivedMs;
    tick.eventTimeMs = frame.eventTimeMs;
    return tick;
  }

  findSignal(tick: Tick): Signal | NoSignal {
    const { keepers, strategy } = this.#options;
    const { elapsedMs } = this.marketTime;
    const found = strategy.check(keepers.spot.view, keepers.usdm.view, tick.receivedMs, elapsedMs, this.openQuantity);
    if (typeof found !== "string") this.counts.signals++;
    return found;
  }

  assess(signal: Signal): Verdict {
    const { keepers, risk, portfolio, clock } = this.#options;
    const spot = keepers.spot.view;
    const perp = keepers.usdm.view;
    return risk.assess(
      signal,
      { spot: spreadOf(spot.quote), perp: spreadOf(perp.quote) },
      {
        nowMs: clock.monotonicMs(),
        oldestQuoteMs: Math.min(spot.updatedAtMs, perp.updatedAtMs),
        elapsedMs: this.marketTime.elapsedMs,
        lastOrderElapsedMs: this.#lastOrderElapsedMs,
        isInFlight: this.desk.isInFlight(signal.direction),
        openQuantity: this.openQuantity,
        spotHoldings: portfolio.spotHoldings,
        cash: portfolio.cash,
        haltReason: this.desk.haltReason,
      },
    );
  }

  execute(signal: Signal): Promise<Execution> {
    this.#lastOrderElapsedMs = this.marketTime.elapsedMs;
    return this.desk.execute(signal);
  }

  markToMarket(): void {
    for (const { market, view } of Object.values(this.#options.keepers)) {
      if (view.isReady) this.#options.portfolio.mark(market, (view.quote.bidPrice + view.quote.askPrice) / 2n);
    }
  }
}

function applyTo(
  keeper: BookKeeper,
  frame: Exclude<Frame, { kind: "malformed" }>,
  receivedMs: number,
): NoTick | undefined {
  if (frame.kind === "trade") return "no_book_change";
  if (frame.kind === "bookTicker") return keeper.applyBookTicker(frame, receivedMs) ? undefined : "no_book_change";
  switch (keeper.applyDepth(frame, receivedMs)) {
    case "applied":
      return undefined;
    case "stale":
      return "no_book_change";
    case "buffered":
      return "book_not_ready";
    case "gap":
      return "book_gap";
  }
}
