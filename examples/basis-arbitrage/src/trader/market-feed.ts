/**
 * One market's combined stream over a real WebSocket: connects, reconnects with growing delays, notices a connection that has gone
 * quiet, and hands out every message as it arrives.
 */
import WebSocket from "ws";
import type { Market } from "../market/market.ts";
import { backoffMs, type StartTimer, startSystemTimer, systemClock, type TraderClock } from "./clock.ts";

/** `ended` is final: the server has no more to send, or `close` was called. */
export type FeedState = "connecting" | "open" | "waiting" | "ended";

/** What the feed has been through. */
export interface FeedCounts {
  /** Messages handed out. */
  messages: number;
  /** Messages dropped because they were not text. */
  binaryMessages: number;
  /** Connections that came about. */
  connections: number;
  /** Connections lost or refused, each followed by another attempt. */
  failures: number;
  /** Connections given up because nothing was heard for `livenessTimeoutMs`. */
  livenessTimeouts: number;
}

/** Why a connection ended, for a log line. */
export interface FeedDisconnect {
  readonly market: Market;
  readonly reason: string;
  /** False for an attempt that never became a connection. */
  readonly wasOpen: boolean;
  /** Until the next attempt. */
  readonly retryInMs: number;
}

/** What a feed needs. Callbacks are called from the socket's own events and should not throw. */
export interface MarketFeedOptions {
  readonly market: Market;
  /** `wss://stream.binance.com:9443/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade`. */
  readonly url: string;
  /** Once per message, synchronously, in order of arrival; both clocks are read before anything else is done. */
  readonly onMessage: (text: string, receivedMs: number, receivedEpochMs: number) => void;
  readonly onConnected?: (market: Market) => void;
  /** The connection is gone and what came over it may have gaps; another will be tried. */
  readonly onDisconnected?: (disconnect: FeedDisconnect) => void;
  /** The server said that there is no more to come: the end of a recording. */
  readonly onEnded?: (market: Market) => void;
  readonly clock?: TraderClock;
  readonly startTimer?: StartTimer;
  /** A ping is sent this often; default 15,000. */
  readonly heartbeatMs?: number;
  /** Without a message, ping or pong for this long the connection is given up; default 40,000. */
  readonly livenessTimeoutMs?: number;
  /** Delay before the first reconnection, doubled up to `maxRetryMs`; defaults 250 and 15,000. */
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
}

/** Made by `connectMarketFeed`. */
export interface MarketFeed {
  readonly market: Market;
  readonly state: FeedState;
  readonly counts: Readonly<FeedCounts>;
  /** Ends it for good; no callback is called afterwards. */
  close(): void;
}

/** The close code and reason with which a server ends a stream that is complete. */
const END_OF_STREAM = { code: 1000, reason: "end of recording" } as const;

const DEFAULT_HEARTBEAT_MS = 15_000;
const DEFAULT_LIVENESS_TIMEOUT_MS = 40_000;
const DEFAULT_FIRST_RETRY_MS = 250;
const DEFAULT_MAX_RETRY_MS = 15_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How long a server may take over the closing handshake. */
const CLOSE_TIMEOUT_MS = 1_000;
/** The largest message of either market is below 1 MB. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** Starts connecting at once. Throws `SyntaxError` for a URL that is none; everything later is reported and retried. */
export function connectMarketFeed(options: MarketFeedOptions): MarketFeed {
  const feed = new ReconnectingFeed(options);
  feed.connect();
  return feed;
}

class ReconnectingFeed implements MarketFeed {
  readonly market: Market;
  state: FeedState = "connecting";
  readonly counts: FeedCounts = { messages: 0, binaryMessages: 0, connections: 0, failures: 0, livenessTimeouts: 0 };
  readonly #options: MarketFeedOptions;
  readonly #clock: TraderClock;
  readonly #startTimer: StartTimer;
  #socket: WebSocket | undefined;
  #cancelTimer: (() => void) | undefined;
  #lastHeardMs = 0;
  #attempt = 0;

  constructor(options: MarketFeedOptions) {
    this.#options = { ...options };
    this.market = options.market;
    this.#clock = options.clock ?? systemClock;
    this.#startTimer = options.startTimer ?? startSystemTimer;
  }

  connect(): void {
    this.state = "connecting";
    const socket = new WebSocket(this.#options.url, {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      // Inflating costs more per message than the bytes do, and Binance does not deflate.
      perMessageDeflate: false,
    });
    this.#socket = socket;
    let problem: string | undefined;
    socket.on("open", () => this.#opened());
    socket.on("message", (data, isBinary) => this.#received(data, isBinary));
    socket.on("ping", () => this.#heard());
    socket.on("pong", () => this.#heard());
    socket.on("error", (error) => {
      problem = error.message;
    });
    socket.on("close", (code, reason) => {
      if (socket !== this.#socket) return;
      const text = reason.toString();
      if (code === END_OF_STREAM.code && text === END_OF_STREAM.reason) this.#end();
      else this.#lost(problem ?? `closed by the server with code ${code}${text === "" ? "" : ` (${text})`}`);
    });
  }

  close(): void {
    this.state = "ended";
    this.#stopTimer();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    // Closing a socket that is still connecting is an "error" event, which without a listener would end the process.
    socket.removeAllListeners("message");
    socket.removeAllListeners("open");
    if (socket.readyState !== WebSocket.OPEN) {
      socket.terminate();
      return;
    }
    socket.close(1000);
    const cancel = this.#startTimer(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once("close", cancel);
  }

  #opened(): void {
    this.state = "open";
    this.counts.connections++;
    this.#heard();
    this.#beat();
    this.#options.onConnected?.(this.market);
  }

  #received(data: WebSocket.RawData, isBinary: boolean): void {
    const receivedMs = this.#clock.monotonicMs();
    const receivedEpochMs = this.#clock.epochMs();
    this.#lastHeardMs = receivedMs;
    // Only now: a server that accepts and drops every connection must not be tried without pause.
    this.#attempt = 0;
    if (isBinary) {
      this.counts.binaryMessages++;
      return;
    }
    this.counts.messages++;
    this.#options.onMessage(data.toString(), receivedMs, receivedEpochMs);
  }

  #heard(): void {
    this.#lastHeardMs = this.#clock.monotonicMs();
  }

  /** Looks at the connection every heartbeat: pings it, or gives it up. */
  #beat(): void {
    const { heartbeatMs = DEFAULT_HEARTBEAT_MS, livenessTimeoutMs = DEFAULT_LIVENESS_TIMEOUT_MS } = this.#options;
    this.#cancelTimer = this.#startTimer(() => {
      const quietMs = this.#clock.monotonicMs() - this.#lastHeardMs;
      if (quietMs < livenessTimeoutMs) {
        this.#socket?.ping();
        this.#beat();
        return;
      }
      this.counts.livenessTimeouts++;
      const socket = this.#socket;
      this.#socket = undefined;
      socket?.terminate();
      this.#lost(`nothing heard for ${Math.round(quietMs)} ms`);
    }, heartbeatMs);
  }

  #lost(reason: string): void {
    this.#stopTimer();
    this.#socket = undefined;
    this.counts.failures++;
    const wasOpen = this.state === "open";
    this.state = "waiting";
    const { firstRetryMs = DEFAULT_FIRST_RETRY_MS, maxRetryMs = DEFAULT_MAX_RETRY_MS } = this.#options;
    const retryInMs = backoffMs(this.#attempt++, firstRetryMs, maxRetryMs);
    this.#cancelTimer = this.#startTimer(() => this.connect(), retryInMs);
    this.#options.onDisconnected?.({ market: this.market, reason, wasOpen, retryInMs });
  }

  #end(): void {
    this.#stopTimer();
    this.#socket = undefined;
    this.state = "ended";
    this.#options.onEnded?.(this.market);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
