/** The trading rules ("filters") of a symbol that an order has to keep to, as Binance's `exchangeInfo` gives them. */
import { divideDown, divideUp, parseFixed } from "../market/fixed-point.ts";
import type { Market, Side } from "../market/market.ts";
import { splitSymbol } from "../market/symbol.ts";

/** One symbol on one market; amounts times 1e8. */
export interface Instrument {
  readonly market: Market;
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Prices are multiples of it. */
  readonly priceTick: bigint;
  /** Quantities are multiples of it. */
  readonly quantityStep: bigint;
  /** Smallest price times quantity, in the quote asset. */
  readonly minNotional: bigint;
}

type Steps = readonly [spotTick: string, spotStep: string, usdmTick: string, usdmStep: string];

/** As of August 2024, when the recordings were made. */
const KNOWN_STEPS: Readonly<Record<string, Steps>> = {
  BTCUSDT: ["0.01", "0.00001", "0.1", "0.001"],
  ETHUSDT: ["0.01", "0.0001", "0.01", "0.001"],
  SOLUSDT: ["0.01", "0.001", "0.01", "1"],
};

/** For a symbol not listed here: coarse enough for most venues' steps. */
const OTHER_STEPS: Steps = ["0.01", "0.001", "0.01", "0.001"];

/** The rules of a symbol; `RangeError` for one whose quote asset is not known. */
export function instrumentOf(market: Market, symbol: string): Instrument {
  const assets = splitSymbol(symbol);
  if (assets === undefined)
    throw new RangeError(
      `cannot tell base from quote asset in ${JSON.stringify(symbol)}: use a symbol such as BTCUSDT`,
    );
  const [spotTick, spotStep, usdmTick, usdmStep] = KNOWN_STEPS[symbol] ?? OTHER_STEPS;
  const isSpot = market === "spot";
  return {
    market,
    symbol,
    baseAsset: assets.base,
    quoteAsset: assets.quote,
    priceTick: fixed(isSpot ? spotTick : usdmTick),
    quantityStep: fixed(isSpot ? spotStep : usdmStep),
    minNotional: fixed(isSpot ? "5" : "100"),
  };
}

/** The nearest price on the grid that still gives the order at least this much room: up for a buy, down for a sell. */
export function toLimitPrice(instrument: Instrument, side: Side, price: bigint): bigint {
  const { priceTick } = instrument;
  return side === "buy" ? divideUp(price, priceTick) * priceTick : divideDown(price, priceTick) * priceTick;
}

/** The largest quantity on the grid that is not above this one. */
export function toOrderQuantity(instrument: Instrument, quantity: bigint): bigint {
  return divideDown(quantity, instrument.quantityStep) * instrument.quantityStep;
}

function fixed(text: string): bigint {
  return parseFixed(text) ?? 0n;
}
