/** Market data messages in Binance's combined-stream wording, spot and USD-M. */
import { padFixed } from "../market/fixed-point.ts";
import type { BookTickerFrame, DepthFrame, TradeFrame } from "../market/frame.ts";
import type { Level } from "../market/market.ts";
import type { SymbolRules } from "./symbol-rules.ts";

/** One message on its way to the clients: the text to send, and what it parses to. */
export interface MarketMessage {
  readonly text: string;
  readonly frame: DepthFrame | BookTickerFrame | TradeFrame;
}

/** Level changes between two update ids. */
export interface DepthChange {
  readonly firstUpdateId: number;
  readonly finalUpdateId: number;
  readonly previousFinalUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** `<symbol>@depth@100ms` on spot, the finer `<symbol>@depth@0ms` on USD-M. */
export function depthText(rules: SymbolRules, eventTimeMs: number, change: DepthChange): string {
  const spot = rules.market === "spot";
  const times = spot ? `"E":${eventTimeMs}` : `"E":${eventTimeMs},"T":${eventTimeMs}`;
  const previous = spot ? "" : `"pu":${change.previousFinalUpdateId},`;
  return (
    `{"stream":"${rules.symbol.toLowerCase()}@depth@${spot ? "100ms" : "0ms"}","data":{"e":"depthUpdate",${times},` +
    `"s":"${rules.symbol}","U":${change.firstUpdateId},"u":${change.finalUpdateId},${previous}` +
    `"b":${levelsText(rules, change.bids)},"a":${levelsText(rules, change.asks)}}}`
  );
}

/** `<symbol>@bookTicker`: without any time on spot, with both times on USD-M. */
export function bookTickerText(
  rules: SymbolRules,
  eventTimeMs: number,
  updateId: number,
  bid: Level,
  ask: Level,
): string {
  const spot = rules.market === "spot";
  const kind = spot ? "" : `"e":"bookTicker",`;
  const times = spot ? "" : `,"T":${eventTimeMs},"E":${eventTimeMs}`;
  return (
    `{"stream":"${rules.symbol.toLowerCase()}@bookTicker","data":{${kind}"u":${updateId},"s":"${rules.symbol}",` +
    `"b":"${price(rules, bid)}","B":"${size(rules, bid)}","a":"${price(rules, ask)}","A":"${size(rules, ask)}"${times}}}`
  );
}

/** `<symbol>@trade`. */
export function tradeText(
  rules: SymbolRules,
  eventTimeMs: number,
  tradeId: number,
  traded: Level,
  buyerIsMaker: boolean,
): string {
  const { symbol } = rules;
  const start = `{"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":${eventTimeMs},`;
  const body = `"t":${tradeId},"p":"${price(rules, traded)}","q":"${size(rules, traded)}",`;
  return rules.market === "spot"
    ? `${start}"s":"${symbol}",${body}"T":${eventTimeMs},"m":${buyerIsMaker},"M":true}}`
    : `${start}"T":${eventTimeMs},"s":"${symbol}",${body}"X":"MARKET","m":${buyerIsMaker}}}`;
}

/** `[["61837.63000000","1.50000000"],...]` with the symbol's number of places. */
export function levelsText(rules: SymbolRules, levels: readonly Level[]): string {
  return `[${levels.map((level) => `["${price(rules, level)}","${size(rules, level)}"]`).join(",")}]`;
}

function price(rules: SymbolRules, level: Level): string {
  return padFixed(level[0], rules.pricePlaces);
}

function size(rules: SymbolRules, level: Level): string {
  return padFixed(level[1], rules.quantityPlaces);
}
