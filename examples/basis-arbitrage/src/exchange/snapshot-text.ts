/** A REST depth answer made from one of the exchange's own books, worded as its market words it. */
import { parseFixed } from "../market/fixed-point.ts";
import type { Level, TextLevel } from "../market/market.ts";
import type { OrderBook } from "../market/order-book.ts";
import { levelsText } from "./market-message.ts";
import { rulesOf } from "./symbol-rules.ts";

/** The best `limit` levels of a live book; USD-M answers also bear the times `E` and `T`. */
export function snapshotText(book: OrderBook, limit: number, wallMs: number): string {
  const rules = rulesOf(book.market, book.symbol);
  const { bids, asks } = book.top(limit);
  const times = book.market === "usdm" ? `"E":${wallMs},"T":${wallMs},` : "";
  return `{"lastUpdateId":${book.lastUpdateId},${times}"bids":${levelsText(rules, bids.map(toLevel))},"asks":${levelsText(rules, asks.map(toLevel))}}`;
}

function toLevel({ price, size }: TextLevel): Level {
  return [parseFixed(price) ?? 0n, parseFixed(size) ?? 0n];
}
