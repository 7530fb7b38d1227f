/**
 * One message of Binance's combined streams, checked field by field and turned into exact values.
 * Formats: developers.binance.com, "WebSocket Streams" of spot and "Websocket Market Streams" of USD-M futures.
 */
import { type RawObject, toAmount, toId, toLevels, toObject, toTimeMs } from "./field.ts";
import type { Market } from "./market.ts";
import type { DepthSnapshot, DepthUpdate } from "./order-book.ts";
import { isSymbol } from "./symbol.ts";

/** What every well-formed frame tells. */
export interface FrameHead {
  readonly market: Market;
  /** In capitals: `BTCUSDT`. */
  readonly symbol: string;
  /** The stream's name as sent: `btcusdt@depth@100ms`. */
  readonly stream: string;
  /** `E`: when the exchange sent the event, on its clock; spot `bookTicker` has none. */
  readonly eventTimeMs: number | undefined;
  /** `T`: when the matching engine made it; trades everywhere, depth and `bookTicker` on USD-M only. */
  readonly transactionTimeMs: number | undefined;
}

/** A depth update: hand it to `OrderBook.applyDepth` as it is. */
export interface DepthFrame extends FrameHead, DepthUpdate {
  readonly kind: "depth";
}

/** The best bid and ask, prices and sizes times 1e8; a price of 0 means that the side is empty. */
export interface BookTickerFrame extends FrameHead {
  readonly kind: "bookTicker";
  readonly updateId: number;
  readonly bidPrice: bigint;
  readonly bidSize: bigint;
  readonly askPrice: bigint;
  readonly askSize: bigint;
}

/** One trade, price and size times 1e8. */
export interface TradeFrame extends FrameHead {
  readonly kind: "trade";
  readonly tradeId: number;
  readonly price: bigint;
  readonly size: bigint;
  /** True when the buyer's order was resting, that is, when a seller crossed the spread. */
  readonly buyerIsMaker: boolean;
}

/**
 * A message that is not what the exchange promises. `reason` is from a small set, fit for a metric label: `too_long`,
 * `not_json`, `not_an_object`, `no_stream`, `unknown_stream`, `no_data`, `wrong_market`, or `bad_` and the field's name.
 */
export interface MalformedFrame {
  readonly kind: "malformed";
  readonly reason: string;
}

/** Any message, told apart by `kind`. */
export type Frame = DepthFrame | BookTickerFrame | TradeFrame | MalformedFrame;

/** A REST depth answer, told apart from a bad one by `kind`. */
export type SnapshotAnswer = (DepthSnapshot & { readonly kind: "snapshot" }) | MalformedFrame;

/** Longer than any message of either market (a recorded depth burst is 64 kB); parsing more would stall the thread. */
const MAX_TEXT_LENGTH = 8 * 1024 * 1024;

/**
 * Parses one message; never throws. Give the market when the connection tells it; otherwise it is read from the content
 * (`pu` in depth, `e` in bookTicker, `X` in trades mark USD-M). Costs one `JSON.parse` and one pass over the levels.
 */
export function parseFrame(text: string, market?: Market): Frame {
  const message = parseObject(text);
  if (typeof message === "string") return malformed(message);
  const { stream } = message;
  if (typeof stream !== "string") return malformed("no_stream");
  const data = toObject(message.data);
  if (data === undefined) return malformed("no_data");
  switch (channelOf(stream)) {
    case "depth":
      return parseDepth(stream, data, market);
    case "bookTicker":
      return parseBookTicker(stream, data, market);
    case "trade":
      return parseTrade(stream, data, market);
    default:
      return malformed("unknown_stream");
  }
}

/** Parses a REST depth answer (`lastUpdateId`, `bids`, `asks`); never throws. */
export function parseSnapshot(text: string): SnapshotAnswer {
  const answer = parseObject(text);
  if (typeof answer === "string") return malformed(answer);
  const lastUpdateId = toId(answer.lastUpdateId);
  if (lastUpdateId === undefined) return malformed("bad_lastUpdateId");
  const bids = toLevels(answer.bids);
  if (bids === undefined) return malformed("bad_bids");
  const asks = toLevels(answer.asks);
  if (asks === undefined) return malformed("bad_asks");
  return { kind: "snapshot", lastUpdateId, bids, asks };
}

/** The kind of stream a name stands for: `depth` for `btcusdt@depth` and `btcusdt@depth@100ms`, not for `btcusdt@depth20`. */
export function channelOf(stream: string): "depth" | "bookTicker" | "trade" | undefined {
  const start = stream.indexOf("@") + 1;
  if (start < 2) return undefined;
  const end = stream.indexOf("@", start);
  const channel = end < 0 ? stream.slice(start) : stream.slice(start, end);
  if (channel === "depth") return channel;
  return end < 0 && (channel === "bookTicker" || channel === "trade") ? channel : undefined;
}

function parseDepth(stream: string, data: RawObject, market: Market | undefined): Frame {
  const head = parseHead(stream, data, market ?? ("pu" in data ? "usdm" : "spot"), data.pu !== undefined);
  if (typeof head === "string") return malformed(head);
  if (data.e !== "depthUpdate") return malformed("bad_e");
  const firstUpdateId = toId(data.U);
  if (firstUpdateId === undefined) return malformed("bad_U");
  const finalUpdateId = toId(data.u);
  if (finalUpdateId === undefined || finalUpdateId < firstUpdateId) return malformed("bad_u");
  const previousFinalUpdateId = toId(data.pu);
  if (head.market === "usdm" && previousFinalUpdateId === undefined) return malformed("bad_pu");
  const bids = toLevels(data.b);
  if (bids === undefined) return malformed("bad_b");
  const asks = toLevels(data.a);
  if (asks === undefined) return malformed("bad_a");
  if (head.eventTimeMs === undefined) return malformed("bad_E");
  return {
    kind: "depth",
    ...head,
    firstUpdateId,
    finalUpdateId,
    previousFinalUpdateId,
    bids,
    asks,
  };
}

function parseBookTicker(stream: string, data: RawObject, market: Market | undefined): Frame {
  const head = parseHead(stream, data, market ?? ("e" in data ? "usdm" : "spot"), data.e !== undefined);
  if (typeof head === "string") return malformed(head);
  if (head.market === "usdm" && data.e !== "bookTicker") return malformed("bad_e");
  const updateId = toId(data.u);
  if (updateId === undefined) return malformed("bad_u");
  const bidPrice = toAmount(data.b);
  if (bidPrice === undefined) return malformed("bad_b");
  const bidSize = toAmount(data.B);
  if (bidSize === undefined) return malformed("bad_B");
  const askPrice = toAmount(data.a);
  if (askPrice === undefined) return malformed("bad_a");
  const askSize = toAmount(data.A);
  if (askSize === undefined) return malformed("bad_A");
  return {
    kind: "bookTicker",
    ...head,
    updateId,
    bidPrice,
    bidSize,
    askPrice,
    askSize,
  };
}

function parseTrade(stream: string, data: RawObject, market: Market | undefined): Frame {
  const head = parseHead(stream, data, market ?? ("X" in data ? "usdm" : "spot"), data.X !== undefined);
  if (typeof head === "string") return malformed(head);
  if (data.e !== "trade") return malformed("bad_e");
  const tradeId = toId(data.t);
  if (tradeId === undefined) return malformed("bad_t");
  const price = toAmount(data.p);
  if (price === undefined) return malformed("bad_p");
  const size = toAmount(data.q);
  if (size === undefined) return malformed("bad_q");
  const buyerIsMaker = data.m;
  if (typeof buyerIsMaker !== "boolean") return malformed("bad_m");
  if (head.eventTimeMs === undefined) return malformed("bad_E");
  return { kind: "trade", ...head, tradeId, price, size, buyerIsMaker };
}

/** Symbol, market and times, or the reason why not. A frame that bears the other market's mark came down the wrong connection. */
function parseHead(stream: string, data: RawObject, market: Market, marked: boolean): FrameHead | string {
  if (marked && market === "spot") return "wrong_market";
  const symbol = data.s;
  if (!isSymbol(symbol) || !stream.startsWith(`${symbol.toLowerCase()}@`)) return "bad_s";
  const eventTimeMs = toTimeMs(data.E);
  if (eventTimeMs === undefined && data.E !== undefined) return "bad_E";
  const transactionTimeMs = toTimeMs(data.T);
  if (transactionTimeMs === undefined && data.T !== undefined) return "bad_T";
  return { market, symbol, stream, eventTimeMs, transactionTimeMs };
}

function parseObject(text: string): RawObject | string {
  if (text.length > MAX_TEXT_LENGTH) return "too_long";
  try {
    return toObject(JSON.parse(text)) ?? "not_an_object";
  } catch {
    return "not_json";
  }
}

function malformed(reason: string): MalformedFrame {
  return { kind: "malformed", reason };
}
