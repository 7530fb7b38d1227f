/**
 * What the trader sees of one market: its order book, and the best bid and ask, which bookTicker brings sooner than depth does.
 * Both number their updates in one sequence, so the newer of the two is known and wins.
 */
import type { BookTickerFrame, DepthFrame } from "../market/frame.ts";
import type { Market, Side } from "../market/market.ts";
import {
  type BookState,
  createOrderBook,
  type DepthResult,
  type DepthSnapshot,
  type OrderBook,
} from "../market/order-book.ts";

/** The best bid and ask, times 1e8; a price of 0 means that the side is empty or unknown. */
export interface Quote {
  readonly bidPrice: bigint;
  readonly bidSize: bigint;
  readonly askPrice: bigint;
  readonly askSize: bigint;
}

/** What an order of some quantity would fetch. */
export interface Fetchable {
  /** Quantity that is there, times 1e8: the whole quantity, or less when the book ends. */
  readonly filled: bigint;
  /** Sum of price times size, times 1e16: exact. */
  readonly notional: bigint;
  /** Price of the last level touched, times 1e8; 0 when nothing is there. */
  readonly worstPrice: bigint;
}

/** One market as of its latest message. Made by `createMarketView`. Nothing in it throws. */
export interface MarketView {
  readonly market: Market;
  readonly symbol: string;
  readonly book: OrderBook;
  /** One object for life, changed in place: copy what must last. */
  readonly quote: Quote;
  /** True when the book is in step with the exchange and both sides have a price. */
  readonly isReady: boolean;
  /** Monotonic milliseconds of the last message that told something about the book; minus infinity before the first. */
  readonly updatedAtMs: number;
  applySnapshot(snapshot: DepthSnapshot): BookState;
  applyDepth(frame: DepthFrame, receivedMs: number): DepthResult;
  /** False when the message is older than what is known. */
  applyBookTicker(frame: BookTickerFrame, receivedMs: number): boolean;
  /** Walks the better of the two pictures: the newest best level first, then the book's levels behind it. */
  fetchable(side: Side, quantity: bigint): Fetchable;
  /** Forgets everything: for a connection that was lost. */
  reset(): void;
}

/** A view of a market nothing is known of yet. */
export function createMarketView(market: Market, symbol: string): MarketView {
  return new LiveMarketView(createOrderBook(market, symbol));
}

class LiveMarketView implements MarketView {
  readonly book: OrderBook;
  readonly quote = { bidPrice: 0n, bidSize: 0n, askPrice: 0n, askSize: 0n };
  updatedAtMs = Number.NEGATIVE_INFINITY;
  /** The update the quote is of; bookTicker and depth share the numbering. */
  #quoteUpdateId = -1;

  constructor(book: OrderBook) {
    this.book = book;
  }

  get market(): Market {
    return this.book.market;
  }

  get symbol(): string {
    return this.book.symbol;
  }

  get isReady(): boolean {
    return this.book.state === "live" && this.quote.bidPrice > 0n && this.quote.askPrice > 0n;
  }

  applySnapshot(snapshot: DepthSnapshot): BookState {
    const state = this.book.applySnapshot(snapshot);
    this.#quoteFromBook();
    return state;
  }

  applyDepth(frame: DepthFrame, receivedMs: number): DepthResult {
    const result = this.book.applyDepth(frame);
    this.updatedAtMs = receivedMs;
    if (result === "applied") this.#quoteFromBook();
    return result;
  }

  applyBookTicker(frame: BookTickerFrame, receivedMs: number): boolean {
    this.updatedAtMs = receivedMs;
    if (frame.updateId <= this.#quoteUpdateId) return false;
    this.#quoteUpdateId = frame.updateId;
    this.quote.bidPrice = frame.bidPrice;
    this.quote.bidSize = frame.bidSize;
    this.quote.askPrice = frame.askPrice;
    this.quote.askSize = frame.askSize;
    return true;
  }

  fetchable(side: Side, quantity: bigint): Fetchable {
    const isBuy = side === "buy";
    const price = isBuy ? this.quote.askPrice : this.quote.bidPrice;
    const size = isBuy ? this.quote.askSize : this.quote.bidSize;
    if (price === 0n) return { filled: 0n, notional: 0n, worstPrice: 0n };
    if (size >= quantity) return { filled: quantity, notional: price * quantity, worstPrice: price };
    return this.#walkBehind(side, price, size, quantity);
  }

  reset(): void {
    this.book.reset();
    this.#quoteUpdateId = -1;
    this.quote.bidPrice = 0n;
    this.quote.bidSize = 0n;
    this.quote.askPrice = 0n;
    this.quote.askSize = 0n;
  }

  /** The book may still hold levels at or before the best price that newer messages have taken away: those do not count. */
  #walkBehind(side: Side, bestPrice: bigint, bestSize: bigint, quantity: bigint): Fetchable {
    // Asking for more each time: how much of the book is already gone is not known beforehand.
    for (let asked = quantity; ; asked *= 2n) {
      const walk = this.book.walk(side, asked);
      let filled = bestSize;
      let notional = bestPrice * bestSize;
      let worstPrice = bestPrice;
      for (const step of walk.steps) {
        if (side === "buy" ? step.price <= bestPrice : step.price >= bestPrice) continue;
        const missing = quantity - filled;
        if (missing === 0n) break;
        let { size } = step;
        if (size > missing) size = missing;
        filled += size;
        notional += step.price * size;
        worstPrice = step.price;
      }
      if (filled === quantity || !walk.complete) return { filled, notional, worstPrice };
    }
  }

  #quoteFromBook(): void {
    const updateId = this.book.lastUpdateId;
    if (updateId === undefined || updateId < this.#quoteUpdateId) return;
    this.#quoteUpdateId = updateId;
    const bid = this.book.bestBid();
    const ask = this.book.bestAsk();
    this.quote.bidPrice = bid?.[0] ?? 0n;
    this.quote.bidSize = bid?.[1] ?? 0n;
    this.quote.askPrice = ask?.[0] ?? 0n;
    this.quote.askSize = ask?.[1] ?? 0n;
  }
}
