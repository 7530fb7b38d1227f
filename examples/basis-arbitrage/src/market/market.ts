/** The two markets the example trades between, and the shape of one price level on either. */

/** A Binance market: `spot`, or `usdm` for USD-margined perpetual futures. They number updates by different rules. */
export type Market = "spot" | "usdm";

/** Both markets, in the order in which reports list them. */
export const MARKETS: readonly Market[] = ["spot", "usdm"];

/** The side of an order: `buy` takes from the asks, `sell` takes from the bids. */
export type Side = "buy" | "sell";

/** A price and the absolute size now resting there, both times 1e8 (see `fixed-point.ts`); size 0 removes the level. */
export type Level = readonly [price: bigint, size: bigint];

/** A level for people and JSON: exact decimal strings without trailing zeros, as in `{"price":"61837.63","size":"3.78826"}`. */
export interface TextLevel {
  readonly price: string;
  readonly size: string;
}
