/** One client's WebSocket: what it subscribed to, and how to know that it has consumed what was sent. */
import type { RawData, WebSocket } from "ws";
import { channelOf } from "../market/frame.ts";
import type { MarketMessage } from "./market-message.ts";

/** A connected client. Made by `createStreamConnection`. */
export interface StreamConnection {
  /** Bytes handed over but not yet taken by the operating system. */
  readonly bufferedBytes: number;
  /** True when the connection is open and any of its streams is about the symbol. */
  follows(symbol: string): boolean;
  /** Sends the message if the client subscribed to it and is still there; false if not. */
  send(message: MarketMessage): boolean;
  /** Sends any text. */
  sendText(text: string): void;
  /** Resolves when the client has read everything sent before this call, or is gone. Costs one round trip. */
  barrier(): Promise<void>;
  /** Starts the closing handshake; resolves when the connection is gone. */
  close(code: number, reason: string): Promise<void>;
  /** Cuts the connection. */
  terminate(): void;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
}

/** How long a client may take over the closing handshake. */
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Wraps an open socket. `streams` are names as in the request (`btcusdt@depth@100ms`); unknown ones are ignored, as Binance
 * does. With `renames`, a depth message is sent under the name the client asked for, whatever its update speed.
 */
export function createStreamConnection(
  socket: WebSocket,
  streams: readonly string[],
  renames: boolean,
): StreamConnection {
  return new Connection(socket, streams, renames);
}

class Connection implements StreamConnection {
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #renames: boolean;
  /** Subscribed stream name by symbol, then channel. */
  readonly #names = new Map<string, Map<string, string>>();
  readonly #waiting = new Map<string, () => void>();
  #pings = 0;
  #gone = false;

  constructor(socket: WebSocket, streams: readonly string[], renames: boolean) {
    this.#socket = socket;
    this.#renames = renames;
    for (const name of streams) this.#subscribe(name);
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#gone = true;
        for (const resume of this.#waiting.values()) resume();
        this.#waiting.clear();
        resolve();
      });
    });
    socket.on("pong", (data) => this.#pong(data));
    socket.on("message", () =>
      this.sendText(`{"error":{"code":2,"msg":"Invalid request: subscribe by the streams parameter"}}`),
    );
    // A broken connection also emits "close", where everything is tidied up.
    socket.on("error", () => {});
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  follows(symbol: string): boolean {
    return this.#isOpen && this.#names.has(symbol);
  }

  send({ frame, text }: MarketMessage): boolean {
    const name = this.#names.get(frame.symbol)?.get(frame.kind);
    if (name === undefined || !this.#isOpen) return false;
    const renamed = this.#renames && name !== frame.stream;
    this.#socket.send(renamed ? text.replace(`"${frame.stream}"`, () => `"${name}"`) : text);
    return true;
  }

  sendText(text: string): void {
    if (this.#isOpen) this.#socket.send(text);
  }

  barrier(): Promise<void> {
    // Nothing can be read any more, so there is nothing to wait for.
    if (!this.#isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      const id = String(++this.#pings);
      this.#waiting.set(id, resolve);
      this.#socket.ping(id);
    });
  }

  async close(code: number, reason: string): Promise<void> {
    if (this.#gone) return;
    this.#socket.close(code, reason);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
    await this.closed;
    clearTimeout(timer);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** False from the moment either side says goodbye: what is sent after that is lost without a word. */
  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #subscribe(name: string): void {
    const channel = channelOf(name);
    if (channel === undefined) return;
    const symbol = name.slice(0, name.indexOf("@")).toUpperCase();
    const names = this.#names.get(symbol) ?? new Map<string, string>();
    names.set(channel, name);
    this.#names.set(symbol, names);
  }

  #pong(data: RawData): void {
    const id = String(data);
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }
}
