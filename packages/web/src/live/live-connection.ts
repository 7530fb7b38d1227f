// The connection to the live feed: opened, watched, and opened again after the last event that came.
import { addressOf } from "../api/client.ts";
import type { EventFilter } from "./event-filter.ts";
import type { FeedClock } from "./feed-clock.ts";
import { type LiveBatch, readBatch, readState } from "./live-message.ts";

/** How the connection is, and since when (milliseconds since 1970). */
export interface ConnectionState {
  /** `gone`: nobody has answered for a while; it is still tried. */
  readonly kind: "connecting" | "live" | "reconnecting" | "gone";
  readonly sinceMs: number;
}

/** What is used of the browser's `EventSource`. */
export interface EventSourceLike {
  /** 0 connecting (it tries again by itself), 1 open, 2 closed. */
  readonly readyState: number;
  addEventListener(type: string, listener: (message: { readonly data?: unknown }) => void): void;
  close(): void;
}

/** What a connection needs. */
export interface LiveConnectionOptions {
  /** What the server leaves out by itself. */
  readonly query: {
    readonly symbol?: string | undefined;
    readonly run_id?: string | undefined;
    readonly user_id?: string | undefined;
    readonly event_category?: string | undefined;
    readonly event_type?: string | undefined;
  };
  /** Begin after this event. */
  readonly sinceId: number;
  readonly open: (address: string) => EventSourceLike;
  readonly clock: FeedClock;
  readonly onBatch: (batch: LiveBatch) => void;
  readonly onChange: (state: ConnectionState) => void;
  readonly onRate: (eventsPerSecond: number) => void;
  /** The server's ids begin anew: it has another database. */
  readonly onReset: () => void;
}

/** Opens the connection. Returns what ends it. */
export function openLiveConnection(options: LiveConnectionOptions): () => void {
  const connection = new LiveConnection(options);
  connection.open();
  return () => connection.close();
}

/** What of a filter the server can leave out by itself: a rare type then comes whole, however much else there is. */
export function liveQueryOf({
  symbol,
  runId,
  userId,
  category,
  types,
}: Pick<EventFilter, "symbol" | "runId" | "userId" | "category" | "types">): LiveConnectionOptions["query"] {
  return {
    symbol: symbol || undefined,
    run_id: runId || undefined,
    user_id: userId || undefined,
    event_category: category || undefined,
    event_type: types.length === 1 ? types[0] : undefined,
  };
}

/** The server speaks every few seconds: who is silent for so long is not there. */
const SILENCE_MS = 20_000;
const GONE_MS = 10_000;
const RETRY_MS = 2_000;
const CLOSED = 2;

class LiveConnection {
  readonly #options: LiveConnectionOptions;
  #lastId: number;
  #source: EventSourceLike | undefined;
  #state: ConnectionState;
  #callOff: Record<"silence" | "gone" | "retry", () => void> = { silence: idle, gone: idle, retry: idle };
  /** States in a row that name an earlier id than one that came. */
  #earlierStates = 0;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
    this.#lastId = options.sinceId;
    this.#state = { kind: "connecting", sinceMs: options.clock.nowMs() };
  }

  open(): void {
    this.#source?.close();
    const { query, open } = this.#options;
    const source = open(addressOf("/api/telemetry/live", { since_id: this.#lastId, ...query }));
    this.#source = source;
    const whileCurrent = (run: (data: string) => void) => (message: { readonly data?: unknown }) => {
      if (this.#source === source) run(typeof message.data === "string" ? message.data : "");
    };
    source.addEventListener(
      "open",
      whileCurrent(() => this.#heard()),
    );
    source.addEventListener(
      "events",
      whileCurrent((data) => this.#takeEvents(data)),
    );
    source.addEventListener(
      "state",
      whileCurrent((data) => this.#takeState(data)),
    );
    source.addEventListener(
      "error",
      whileCurrent(() => this.#failed(source)),
    );
    this.#watch();
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
    for (const callOff of Object.values(this.#callOff)) callOff();
  }

  #takeEvents(data: string): void {
    this.#heard();
    const { events, skipped } = readBatch(data);
    // After a reconnection some may come twice.
    const fresh = events.filter((event) => event.id > this.#lastId || event.id <= 0);
    for (const { id } of fresh) this.#lastId = Math.max(this.#lastId, id);
    if (fresh.length > 0 || skipped > 0) this.#options.onBatch({ events: fresh, skipped });
  }

  #takeState(data: string): void {
    this.#heard();
    const state = readState(data);
    if (state === undefined) return;
    this.#options.onRate(state.eventsPerSecond);
    this.#earlierStates = state.lastId < this.#lastId ? this.#earlierStates + 1 : 0;
    if (this.#earlierStates >= 2) this.#options.onReset();
  }

  #heard(): void {
    this.#callOff.gone();
    this.#callOff.retry();
    this.#watch();
    this.#change("live");
  }

  #failed(source: EventSourceLike): void {
    this.#lost();
    // Refused for good (an error status): then the browser gives up, and this does not.
    if (source.readyState === CLOSED) this.#retryLater();
  }

  #lost(): void {
    if (this.#state.kind === "gone" || this.#state.kind === "reconnecting") return;
    this.#change("reconnecting");
    this.#callOff.gone = this.#options.clock.after(GONE_MS, () => this.#change("gone"));
  }

  #retryLater(): void {
    this.#callOff.retry();
    this.#callOff.retry = this.#options.clock.after(RETRY_MS, () => this.open());
  }

  #watch(): void {
    this.#callOff.silence();
    this.#callOff.silence = this.#options.clock.after(SILENCE_MS, () => {
      this.#lost();
      this.open();
    });
  }

  #change(kind: ConnectionState["kind"]): void {
    if (kind === this.#state.kind) return;
    // "Gone" is what reconnecting has become: since when does not change.
    const sinceMs = kind === "gone" ? this.#state.sinceMs : this.#options.clock.nowMs();
    this.#state = { kind, sinceMs };
    this.#options.onChange(this.#state);
  }
}

function idle(): void {}
