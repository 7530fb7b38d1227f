// One symbol as it is watched: its order book in step with the venue, its candles, and whatever stands in the way of either.
import {
  createBookKeeper,
  type DepthSnapshot,
  type Frame,
  type StartTimer,
} from "@tracebook-examples/basis-arbitrage/market";
import type { MarketLook } from "../analysis/market-look.ts";
import { createCandleSeries } from "./candle-series.ts";

/** A frame that could be read. */
export type UsableFrame = Exclude<Frame, { kind: "malformed" }>;

/** What is known of a symbol at one moment. */
export interface SymbolLook {
  /** As the venue writes it: `BTCUSDT`. */
  readonly symbol: string;
  /** False while no stream of the venue is open. */
  readonly isConnected: boolean;
  /** Why the venue gives nothing about the symbol, as far as it was asked and refused. */
  readonly error: unknown;
  /** Milliseconds since the last message about the symbol; infinite before the first. */
  readonly quoteAgeMs: number;
  /** Complete candles; those of `market`, if there is one. */
  readonly candleCount: number;
  /** Undefined while the book is not in step with the venue's, or there is no complete candle. */
  readonly market: MarketLook | undefined;
}

/** Made by `createSymbolWatch`. Nothing in it throws. */
export interface SymbolWatch {
  readonly symbol: string;
  /** True once the venue has sent anything about the symbol on this connection. */
  readonly isHeard: boolean;
  /** Takes a frame in; `elapsedMs` is market time, `receivedMs` monotonic. True when updates were missing and the book starts over. */
  apply(frame: UsableFrame, receivedMs: number, elapsedMs: number): boolean;
  /**
   * Asks the venue by REST whether it knows the symbol: for one that nothing is heard of. True when it does; otherwise what it said
   * is in the next look.
   */
  ask(): Promise<boolean>;
  look(isConnected: boolean, nowMs: number, elapsedMs: number): SymbolLook;
  /** The connection was lost: what was known is out of date. */
  disconnected(): void;
  close(): void;
}

/** What a watch needs. */
export interface SymbolWatchOptions {
  readonly symbol: string;
  readonly candleMs: number;
  /** The symbol's order book, by REST. */
  readonly fetchSnapshot: () => Promise<DepthSnapshot>;
  /** The least that can be asked about the symbol; rejects when the venue does not know it, or does not answer. */
  readonly askVenue: () => Promise<unknown>;
  readonly startTimer?: StartTimer;
}

/** A watch that has seen nothing. */
export function createSymbolWatch(options: SymbolWatchOptions): SymbolWatch {
  return new Watch(options);
}

/** Depth that counts rests within a thousandth, ten basis points, of the best price. */
const NEAR_PARTS = 1_000n;
/** More than rests anywhere, times 1e8. */
const EVERYTHING = 10n ** 26n;

class Watch implements SymbolWatch {
  readonly symbol: string;
  isHeard = false;
  readonly #options: SymbolWatchOptions;
  readonly #candles;
  readonly #keeper;
  #error: unknown;

  constructor(options: SymbolWatchOptions) {
    const { symbol, candleMs, startTimer } = options;
    this.symbol = symbol;
    this.#options = { ...options };
    this.#candles = createCandleSeries(candleMs);
    this.#keeper = createBookKeeper({
      market: "spot",
      symbol,
      fetchSnapshot: () => this.#options.fetchSnapshot(),
      onSyncFailure: (_market, error) => {
        this.#error = error;
      },
      ...(startTimer === undefined ? undefined : { startTimer }),
    });
  }

  apply(frame: UsableFrame, receivedMs: number, elapsedMs: number): boolean {
    this.isHeard = true;
    if (frame.kind === "trade") {
      this.#candles.trade(frame.size, !frame.buyerIsMaker, elapsedMs);
      return false;
    }
    const keeper = this.#keeper;
    const result = frame.kind === "depth" ? keeper.applyDepth(frame, receivedMs) : "quoted";
    if (frame.kind === "bookTicker") keeper.applyBookTicker(frame, receivedMs);
    const { isReady, quote } = keeper.view;
    if (isReady) {
      this.#error = undefined;
      this.#candles.quote((quote.bidPrice + quote.askPrice) / 2n, elapsedMs);
    }
    return result === "gap";
  }

  async ask(): Promise<boolean> {
    try {
      await this.#options.askVenue();
      this.#error = undefined;
      return true;
    } catch (error) {
      // Meanwhile the venue may have begun to send.
      if (!this.isHeard) this.#error = error;
      return false;
    }
  }

  look(isConnected: boolean, nowMs: number, elapsedMs: number): SymbolLook {
    const candles = this.#candles.closedAt(elapsedMs);
    const { view } = this.#keeper;
    const { bidPrice: bid, askPrice: ask } = view.quote;
    const isUsable = view.isReady && candles.length > 0 && bid < ask;
    return {
      symbol: this.symbol,
      isConnected,
      error: this.#error,
      quoteAgeMs: nowMs - view.updatedAtMs,
      candleCount: candles.length,
      market: isUsable
        ? {
            candles,
            bid,
            ask,
            bidDepth: view.book.walk("sell", EVERYTHING, bid - bid / NEAR_PARTS).notional,
            askDepth: view.book.walk("buy", EVERYTHING, ask + ask / NEAR_PARTS).notional,
          }
        : undefined,
    };
  }

  disconnected(): void {
    this.isHeard = false;
    this.#error = undefined;
    this.#keeper.disconnected();
    this.#candles.reset();
  }

  close(): void {
    this.#keeper.close();
  }
}
