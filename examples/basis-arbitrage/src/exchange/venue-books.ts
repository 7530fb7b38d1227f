/** The exchange's own books of one market: what orders are matched against, and where snapshots come from. */
import type { DepthFrame } from "../market/frame.ts";
import type { Market } from "../market/market.ts";
import { createOrderBook, type DepthSnapshot, type OrderBook } from "../market/order-book.ts";

/** One book per symbol. Made by `createVenueBooks`. */
export interface VenueBooks {
  readonly market: Market;
  /** The book of a listed symbol; `undefined` for any other. */
  book(symbol: string): OrderBook | undefined;
  /** Follows a depth update that goes out to the clients; a symbol not seen before is listed from then on. */
  applyDepth(frame: DepthFrame): void;
  /** Takes a snapshot unless the book is live already: true if it was taken. */
  applySnapshot(symbol: string, snapshot: DepthSnapshot): boolean;
}

/** Empty books for the listed symbols. */
export function createVenueBooks(market: Market, symbols: readonly string[]): VenueBooks {
  const books = new Map<string, OrderBook>();
  const list = (symbol: string) => {
    const book = books.get(symbol) ?? createOrderBook(market, symbol);
    books.set(symbol, book);
    return book;
  };
  for (const symbol of symbols) list(symbol);
  return {
    market,
    book: (symbol) => books.get(symbol),
    applyDepth(frame) {
      list(frame.symbol).applyDepth(frame);
    },
    applySnapshot(symbol, snapshot) {
      const book = books.get(symbol);
      // A live book has gone on since the recorder asked for this: going back would tear it.
      if (book === undefined || book.state === "live") return false;
      book.applySnapshot(snapshot);
      return true;
    },
  };
}
