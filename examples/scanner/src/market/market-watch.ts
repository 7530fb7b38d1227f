// All symbols of a watchlist on one stream of the venue, and what an observer wants to count of it.

import { SpanStatusCode, trace } from "@opentelemetry/api";
import { tradingMetrics } from "@tracebook/node";
import {
  connectMarketFeed,
  createMarketTime,
  createSnapshotClient,
  type MarketFeed,
  parseFrame,
  systemClock,
  toPair,
} from "@tracebook-examples/basis-arbitrage/market";
import type { Logger } from "pino";
import { createSymbolWatch, type SymbolLook, type SymbolWatch } from "./symbol-watch.ts";

/** What came in. */
export interface WatchCounts {
  frames: number;
  /** Messages that could not be read, or were about a symbol that nobody asked for. */
  malformedFrames: number;
}

/** Made by `connectMarketWatch`. */
export interface MarketWatch {
  readonly counts: Readonly<WatchCounts>;
  /** True for a symbol of the watchlist of which the stream is open and brings nothing. */
  isSilent(symbol: string): boolean;
  /** Asks the venue about a symbol by REST. Never rejects: the answer is in the next look. */
  ask(symbol: string): Promise<void>;
  /** What is known of each symbol at this moment, in the order given. */
  look(symbols: readonly string[]): readonly SymbolLook[];
  /** Resolves when the venue has no more to send: the end of a recording. */
  readonly ended: Promise<void>;
  close(): void;
}

/** What is to be watched, and where. Addresses are without a path. */
export interface MarketWatchOptions {
  readonly streamUrl: string;
  readonly restUrl: string;
  readonly symbols: readonly string[];
  readonly candleMs: number;
  readonly logger: Logger;
}

const SOURCE = "spot";
/** Levels a side: of a book to be followed, and of one that is only asked for to see whether there is one. */
const BOOK_LEVELS = 1_000;
const FEWEST_LEVELS = 5;
const STREAMS = ["depth@100ms", "bookTicker", "trade"];

/** Connects at once, and again whenever the connection is lost. Throws `SyntaxError` for an address that is none. */
export function connectMarketWatch(options: MarketWatchOptions): MarketWatch {
  return new SpotWatch(options);
}

class SpotWatch implements MarketWatch {
  readonly counts: WatchCounts = { frames: 0, malformedFrames: 0 };
  readonly ended: Promise<void>;
  readonly #watches: ReadonlyMap<string, ObservedWatch>;
  readonly #time = createMarketTime();
  readonly #feed: MarketFeed;

  constructor(options: MarketWatchOptions) {
    const { symbols, streamUrl, logger } = options;
    this.#watches = new Map(symbols.map((symbol) => [symbol, watchOf(symbol, options)]));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#feed = connectMarketFeed({
      market: "spot",
      url: `${streamUrl}/stream?streams=${streamsOf(symbols)}`,
      onMessage: (text, receivedMs, receivedEpochMs) => this.#take(text, receivedMs, receivedEpochMs),
      onConnected: () => setConnections(1),
      onDisconnected: ({ reason, retryInMs }) => {
        setConnections(0);
        for (const watch of this.#watches.values()) watch.disconnected();
        logger.warn({ reason, retryInMs }, "market feed lost");
      },
      onEnded: () => {
        setConnections(0);
        resolve();
      },
    });
  }

  isSilent(symbol: string): boolean {
    return this.#feed.state === "open" && this.#watches.get(symbol)?.isHeard === false;
  }

  ask(symbol: string): Promise<void> {
    return askObserved(symbol, this.#watches.get(symbol));
  }

  look(symbols: readonly string[]): readonly SymbolLook[] {
    // A recording that is over has said all there is: what was known last may still be looked at.
    const isConnected = this.#feed.state === "open" || this.#feed.state === "ended";
    const nowMs = systemClock.monotonicMs();
    const { elapsedMs } = this.#time;
    return symbols.flatMap((symbol) => this.#watches.get(symbol)?.look(isConnected, nowMs, elapsedMs) ?? []);
  }

  close(): void {
    this.#feed.close();
    setConnections(0);
    for (const watch of this.#watches.values()) watch.close();
  }

  #take(text: string, receivedMs: number, receivedEpochMs: number): void {
    this.counts.frames++;
    const frame = parseFrame(text, "spot");
    const watch = frame.kind === "malformed" ? undefined : this.#watches.get(frame.symbol);
    if (frame.kind === "malformed" || watch === undefined) {
      this.counts.malformedFrames++;
      tradingMetrics.marketDataInvalidFrames.add(1, { source: SOURCE });
      return;
    }
    this.#time.observe(frame.eventTimeMs);
    watch.updates.update(frame.eventTimeMs, receivedEpochMs);
    const isTorn = watch.apply(frame, receivedMs, this.#time.elapsedMs);
    if (isTorn) tradingMetrics.marketDataResyncs.add(1, { symbol: toPair(frame.symbol), source: SOURCE });
  }
}

function setConnections(open: number): void {
  tradingMetrics.websocketConnections.set(open, { endpoint: "market_data" });
}

/** A span of its own around the request, in the trace of whatever scan asks. */
function askObserved(symbol: string, watch: SymbolWatch | undefined): Promise<void> {
  const attributes = { "trading.symbol": toPair(symbol) };
  return trace.getTracer("scanner").startActiveSpan("ask_venue", { attributes }, async (span) => {
    if ((await watch?.ask()) === false)
      span.setStatus({ code: SpanStatusCode.ERROR, message: "the venue gave no answer" });
    span.end();
  });
}

type ObservedWatch = SymbolWatch & { readonly updates: ReturnType<typeof tradingMetrics.marketData> };

function watchOf(symbol: string, { restUrl, candleMs }: MarketWatchOptions): ObservedWatch {
  const clientOf = (limit: number) =>
    createSnapshotClient({
      fetch: (url, init) => fetch(url, init),
      clock: systemClock,
      spotRestUrl: restUrl,
      usdmRestUrl: restUrl,
      symbol,
      limit,
    });
  const [books, questions] = [clientOf(BOOK_LEVELS), clientOf(FEWEST_LEVELS)];
  const watch = createSymbolWatch({
    symbol,
    candleMs,
    fetchSnapshot: () => books.fetchSnapshot("spot"),
    askVenue: () => questions.fetchSnapshot("spot"),
  });
  return Object.assign(watch, { updates: tradingMetrics.marketData(toPair(symbol), SOURCE) });
}

function streamsOf(symbols: readonly string[]): string {
  return symbols.flatMap((symbol) => STREAMS.map((stream) => `${symbol.toLowerCase()}@${stream}`)).join("/");
}
