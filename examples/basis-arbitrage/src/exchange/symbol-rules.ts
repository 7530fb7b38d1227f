/** What the exchange lists, with the trading rules ("filters") each symbol's orders and messages must keep to. */

import { parseFixed } from "../market/fixed-point.ts";
import type { Market } from "../market/market.ts";
import { isSymbol, splitSymbol } from "../market/symbol.ts";

/** The rules of one symbol on one market; amounts times 1e8. */
export interface SymbolRules {
  readonly symbol: string;
  readonly market: Market;
  readonly base: string;
  readonly quote: string;
  readonly priceTick: bigint;
  readonly quantityStep: bigint;
  readonly maxQuantity: bigint;
  /** Smallest price times quantity, in quote units times 1e8. */
  readonly minNotional: bigint;
  /** Decimal places in messages: spot always prints eight. */
  readonly pricePlaces: number;
  readonly quantityPlaces: number;
  /** Where the simulated price starts, in quote units. */
  readonly startPrice: number;
}

/** Tick and step by symbol: spot price, spot quantity, USD-M price, USD-M quantity; then places of USD-M, and the start price. */
const KNOWN: Readonly<Record<string, readonly [string, string, string, string, number, number, number]>> = {
  BTCUSDT: ["0.01", "0.00001", "0.1", "0.001", 2, 3, 61_800],
  ETHUSDT: ["0.01", "0.0001", "0.01", "0.001", 2, 3, 2_680],
  SOLUSDT: ["0.01", "0.001", "0.01", "1", 4, 0, 155],
  BNBUSDT: ["0.1", "0.001", "0.01", "0.01", 2, 2, 518],
  XRPUSDT: ["0.0001", "1", "0.0001", "0.1", 4, 1, 0.61],
  ADAUSDT: ["0.0001", "0.1", "0.0001", "1", 5, 0, 0.345],
  DOGEUSDT: ["0.00001", "1", "0.00001", "1", 6, 0, 0.105],
  AVAXUSDT: ["0.01", "0.01", "0.001", "1", 4, 0, 21.8],
  LINKUSDT: ["0.01", "0.01", "0.001", "0.01", 3, 2, 10.4],
};

/** A symbol that only a recording knows: the finest grid, so that no order fails by a rule nobody could look up. */
const UNKNOWN: readonly [string, string, string, string, number, number, number] = [
  "0.00000001",
  "0.00000001",
  "0.00000001",
  "0.00000001",
  8,
  8,
  100,
];

/** Symbols the simulated market can run. */
export const SIMULATED_SYMBOLS: readonly string[] = Object.keys(KNOWN);

/** The rules of a symbol; throws on a name that cannot be a symbol. */
export function rulesOf(market: Market, symbol: string): SymbolRules {
  if (!isSymbol(symbol))
    throw new RangeError(`"${symbol}" is no symbol: expected capitals and digits, such as BTCUSDT`);
  const [spotTick, spotStep, usdmTick, usdmStep, usdmPricePlaces, usdmQuantityPlaces, startPrice] =
    KNOWN[symbol] ?? UNKNOWN;
  const spot = market === "spot";
  const { base, quote } = splitSymbol(symbol) ?? { base: symbol, quote: "USDT" };
  return {
    symbol,
    market,
    base,
    quote,
    priceTick: fixed(spot ? spotTick : usdmTick),
    quantityStep: fixed(spot ? spotStep : usdmStep),
    maxQuantity: fixed(spot ? "9000" : "1000"),
    minNotional: fixed(spot ? "5" : "100"),
    pricePlaces: spot ? 8 : usdmPricePlaces,
    quantityPlaces: spot ? 8 : usdmQuantityPlaces,
    startPrice,
  };
}

function fixed(text: string): bigint {
  const value = parseFixed(text);
  if (value === undefined) throw new RangeError(`"${text}" is not a decimal of at most eight places`);
  return value;
}
