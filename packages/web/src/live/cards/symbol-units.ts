// What is counted in what: of BTC/USDT quantities are BTC and prices are USDT.

/** The units of an instrument; empty where the symbol does not tell. */
export interface SymbolUnits {
  readonly base: string;
  readonly quote: string;
}

const PAIR = /^([A-Z0-9]{2,12})[/-]([A-Z0-9]{2,12})(?::[A-Z0-9]+)?$/;

/** The units by which a symbol is traded. */
export function symbolUnits(symbol: string | null | undefined): SymbolUnits {
  const pair = PAIR.exec(symbol ?? "");
  return { base: pair?.[1] ?? "", quote: pair?.[2] ?? "" };
}
