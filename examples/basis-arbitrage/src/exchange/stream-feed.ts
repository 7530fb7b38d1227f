/** All WebSocket clients of one market: takes connections in, hands messages out, and knows when they were consumed. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import type { Market } from "../market/market.ts";
import type { MarketMessage } from "./market-message.ts";
import { createStreamConnection, type StreamConnection } from "./stream-connection.ts";

/** The clients of one market. Made by `createStreamFeed`. */
export interface StreamFeed {
  /** Answers an HTTP upgrade to `/stream?streams=a/b/c`; anything else gets a 404 or 400 and is closed. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** True when each of the symbols has a client that follows it. */
  follows(symbols: readonly string[]): boolean;
  /** Hands a message to the clients that subscribed to it; returns how many that were. */
  publish(message: MarketMessage): number;
  /** Sends any text to every client. */
  broadcast(text: string): void;
  /** True when something was sent since the last barrier. */
  readonly pending: boolean;
  /** Most bytes any client has not taken yet. */
  readonly bufferedBytes: number;
  /** Resolves when every client has read what it was sent. */
  barrier(): Promise<void>;
  /** Resolves when a client comes or goes. */
  changed(): Promise<void>;
  /** Closes every connection in good order, and from now on every new one at once, with the same code and reason. */
  close(code: number, reason: string): Promise<void>;
}

/** How a feed treats its clients. */
export interface StreamFeedOptions {
  readonly market: Market;
  /** Send depth under the name the client asked for; off for recordings, whose text is not to be touched. */
  readonly renames: boolean;
  /** Bytes a client may fall behind before it is cut off, as real exchanges do; Infinity where the sender waits instead. */
  readonly maxBufferedBytes: number;
}

/** Longest message a client may send: subscriptions are in the address, so there is little to say. */
const MAX_CLIENT_MESSAGE_BYTES = 4_096;
/** Binance's own limit. */
const MAX_STREAMS = 1_024;

/** A feed without clients. */
export function createStreamFeed(options: StreamFeedOptions, logger: Logger): StreamFeed {
  return new Feed(options, logger);
}

class Feed implements StreamFeed {
  pending = false;
  readonly #options: StreamFeedOptions;
  readonly #logger: Logger;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
  });
  readonly #connections = new Set<StreamConnection>();
  #watchers: (() => void)[] = [];
  #farewell: { readonly code: number; readonly reason: string } | undefined;

  constructor(options: StreamFeedOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until the handshake is done nobody else listens, and an unheard error would end the process.
    socket.on("error", () => socket.destroy());
    const streams = streamsOf(request.url ?? "");
    if (typeof streams === "string") {
      socket.end(`HTTP/1.1 ${streams}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#add(webSocket, streams));
  }

  follows(symbols: readonly string[]): boolean {
    for (const symbol of symbols) if (!this.#hasFollower(symbol)) return false;
    return true;
  }

  publish(message: MarketMessage): number {
    let receivers = 0;
    for (const connection of this.#connections) {
      if (!connection.send(message)) continue;
      receivers++;
      if (connection.bufferedBytes > this.#options.maxBufferedBytes) this.#cutOff(connection);
    }
    if (receivers > 0) this.pending = true;
    return receivers;
  }

  broadcast(text: string): void {
    for (const connection of this.#connections) connection.sendText(text);
    this.pending = this.#connections.size > 0;
  }

  get bufferedBytes(): number {
    let most = 0;
    for (const connection of this.#connections) most = Math.max(most, connection.bufferedBytes);
    return most;
  }

  async barrier(): Promise<void> {
    this.pending = false;
    await Promise.all([...this.#connections].map((connection) => connection.barrier()));
  }

  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.push(resolve);
    });
  }

  async close(code: number, reason: string): Promise<void> {
    this.#farewell = { code, reason };
    await Promise.all([...this.#connections].map((connection) => connection.close(code, reason)));
  }

  #hasFollower(symbol: string): boolean {
    for (const connection of this.#connections) if (connection.follows(symbol)) return true;
    return false;
  }

  #add(webSocket: WebSocket, streams: readonly string[]): void {
    const connection = createStreamConnection(webSocket, streams, this.#options.renames);
    this.#connections.add(connection);
    void connection.closed.then(() => {
      this.#connections.delete(connection);
      this.#announce();
    });
    this.#logger.info({ market: this.#options.market, streams }, "stream client connected");
    if (this.#farewell !== undefined) void connection.close(this.#farewell.code, this.#farewell.reason);
    else this.#announce();
  }

  #cutOff(connection: StreamConnection): void {
    this.#logger.warn(
      { market: this.#options.market, bytes: connection.bufferedBytes },
      "stream client too slow: cut off",
    );
    connection.terminate();
  }

  #announce(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const resume of watchers) resume();
  }
}

/** The streams asked for, or the HTTP status line's end that says what is wrong with the request. */
function streamsOf(url: string): readonly string[] | string {
  const query = url.indexOf("?");
  if ((query < 0 ? url : url.slice(0, query)) !== "/stream") return "404 Not Found";
  const streams = new URLSearchParams(query < 0 ? "" : url.slice(query)).get("streams")?.split("/") ?? [];
  return streams.length > 0 && streams.length <= MAX_STREAMS && streams.every((name) => name !== "")
    ? streams
    : "400 Bad Request";
}
