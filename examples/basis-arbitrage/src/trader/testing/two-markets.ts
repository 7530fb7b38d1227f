/** Spot and perpetual of BTCUSDT with books a test writes down, ready to be traded. */
import type { Market } from "../../market/market.ts";
import { createMarketView, type MarketView } from "../market-view.ts";
import { type PlainLevel, snapshotAt, tickerFrame } from "./market-frames.ts";

/** Bids and asks, best first. */
export interface PlainBook {
  readonly bids: readonly PlainLevel[];
  readonly asks: readonly PlainLevel[];
}

/** A ready view with these levels, last heard of at `receivedMs`. */
export function viewOf(market: Market, { bids, asks }: PlainBook, receivedMs = 0): MarketView {
  const view = createMarketView(market, "BTCUSDT");
  view.applySnapshot(snapshotAt(1, bids, asks));
  const [bid, ask] = [bids[0], asks[0]];
  if (bid !== undefined && ask !== undefined) view.applyBookTicker(tickerFrame(market, 2, bid, ask), receivedMs);
  return view;
}

/** A one-level book around a middle price with a half spread, both in whole quote units, and size 10. */
export function flatBook(middle: number, halfSpread = 0): PlainBook {
  return { bids: [[String(middle - halfSpread), "10"]], asks: [[String(middle + halfSpread), "10"]] };
}
