/** A client of both markets, for tests: reads the streams, keeps its books by Binance's rules, resyncs when they tear. */
import { WebSocket } from "ws";
import { type Frame, parseFrame, parseSnapshot } from "../../market/frame.ts";
import type { Market } from "../../market/market.ts";
import { createOrderBook, type OrderBook } from "../../market/order-book.ts";

/** One thing that arrived, in the order of arrival over both markets. */
export interface Arrival {
  readonly market: Market;
  readonly kind: Frame["kind"] | "snapshot";
  readonly text: string;
  readonly atMs: number;
}

/** The client of one market. */
export interface StreamClient {
  readonly book: OrderBook;
  /** The best five levels after every depth update applied, by update id. */
  readonly tops: ReadonlyMap<number, string>;
  /** Resolves with the close code and reason. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): void;
}

/** Connects to one market and logs what arrives. Asks for a snapshot at the first depth update, and whenever the book tears. */
export async function followMarket(market: Market, port: number, arrivals: Arrival[]): Promise<StreamClient> {
  const book = createOrderBook(market, "BTCUSDT");
  const path = market === "spot" ? "/api/v3" : "/fapi/v1";
  const tops = new Map<number, string>();
  const note = () => {
    if (book.lastUpdateId !== undefined) tops.set(book.lastUpdateId, JSON.stringify(book.top(5)));
  };
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    while (book.state !== "live") {
      const response = await fetch(`http://127.0.0.1:${port}${path}/depth?symbol=BTCUSDT&limit=1000`);
      const text = await response.text();
      const snapshot = parseSnapshot(text);
      if (snapshot.kind !== "snapshot") break;
      arrivals.push({ market, kind: "snapshot", text, atMs: Date.now() });
      book.applySnapshot(snapshot);
      note();
    }
    asking = false;
  };
  const streams = `btcusdt@depth${market === "spot" ? "@100ms" : "@0ms"}/btcusdt@bookTicker/btcusdt@trade`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/stream?streams=${streams}`);
  socket.on("message", (data) => {
    const text = String(data);
    const frame = parseFrame(text, market);
    arrivals.push({ market, kind: frame.kind, text, atMs: Date.now() });
    if (frame.kind !== "depth") return;
    if (book.applyDepth(frame) === "applied") note();
    else void ask().catch(() => {});
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return { book, tops, closed, close: () => socket.close() };
}
