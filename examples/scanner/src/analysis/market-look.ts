// One symbol's market as of one moment, and the same market upside down: a fall is a rise in the mirror.
import type { Candle } from "../market/candle-series.ts";

/** What a scan judges. Prices and sizes times 1e8. */
export interface MarketLook {
  /** Complete candles, the oldest first; at least one. */
  readonly candles: readonly Candle[];
  readonly bid: bigint;
  readonly ask: bigint;
  /** Value resting near the best price on either side, price times size, times 1e16. */
  readonly bidDepth: bigint;
  readonly askDepth: bigint;
}

/**
 * The market in the mirror: prices change their sign, buyers become sellers. What is found to speak for a rise there speaks for
 * a fall here, so that everything is written, and can be wrong, once. `mirror(mirror(look))` is `look`.
 */
export function mirror({ candles, bid, ask, bidDepth, askDepth }: MarketLook): MarketLook {
  return { candles: candles.map(mirrorCandle), bid: -ask, ask: -bid, bidDepth: askDepth, askDepth: bidDepth };
}

function mirrorCandle({ open, high, low, close, buys, sells }: Candle): Candle {
  return { open: -open, high: -low, low: -high, close: -close, buys: sells, sells: buys };
}
