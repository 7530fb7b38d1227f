/** Symbols as Binance writes them (`BTCUSDT`) and as records and people do (`BTC/USDT`). */

/** Quote assets, longest first, so that `BTCFDUSD` is not read as `BTCFD` against `USD`. */
const QUOTES = ["FDUSD", "USDT", "USDC", "TUSD", "BUSD", "EUR", "TRY", "BRL", "USD", "BTC", "ETH", "BNB"];

/** What is traded and what it is paid in. */
export interface Assets {
  readonly base: string;
  readonly quote: string;
}

/** `BTCUSDT` as `{ base: "BTC", quote: "USDT" }`; `undefined` when no known quote asset ends the symbol. */
export function splitSymbol(symbol: string): Assets | undefined {
  const quote = QUOTES.find((candidate) => symbol.length > candidate.length && symbol.endsWith(candidate));
  return quote === undefined ? undefined : { base: symbol.slice(0, -quote.length), quote };
}

/** `BTCUSDT` as `BTC/USDT`; a symbol that cannot be split is returned as it is. */
export function toPair(symbol: string): string {
  const assets = splitSymbol(symbol);
  return assets === undefined ? symbol : `${assets.base}/${assets.quote}`;
}

/** `BTC/USDT` as `BTCUSDT`, in capitals. */
export function toSymbol(pair: string): string {
  return pair.replace("/", "").toUpperCase();
}

/** True for a symbol that may stand in a stream name or a query: 2 to 20 capital letters and digits. */
export function isSymbol(value: unknown): value is string {
  return typeof value === "string" && /^[A-Z0-9]{2,20}$/.test(value);
}
