// The live feed: all who read it, and what they are told.
import type { StoreQueries, WriteResult } from "@tracebook/store";
import { ProblemError } from "../http/problem.ts";
import { HEARTBEAT, stateMessage, toWritten } from "./event-message.ts";
import { EventTail, type TailBatch } from "./event-tail.ts";
import { LiveReader, type LiveWish } from "./live-reader.ts";

/** The bounds of the feed; times in milliseconds. */
export interface LiveBounds {
  readonly readers: number;
  /** Between two batches; the first comes at once. */
  readonly paceMs: number;
  readonly stateMs: number;
  readonly heartbeatMs: number;
  /** A connection that takes nothing for so long is ended. */
  readonly stallMs: number;
  /** So far behind, in events, the feed goes on to the newest. */
  readonly maxBehind: number;
}

/** What there is in force. */
export const LIVE_BOUNDS: LiveBounds = Object.freeze({
  readers: 64,
  paceMs: 100,
  stateMs: 2_000,
  heartbeatMs: 15_000,
  stallMs: 60_000,
  maxBehind: 20_000,
});

const RETRY_SECONDS = 5;

/** Feeds those who read. */
export class LiveFeed {
  readonly #store: Pick<StoreQueries, "recentEvents">;
  readonly #bounds: LiveBounds;
  readonly #nowMs: () => number;
  readonly #tail: EventTail;
  readonly #readers = new Set<LiveReader>();
  readonly #timers: NodeJS.Timeout[];
  readonly #counts = { sent: 0, skipped: 0 };
  #rateFrom: { readonly id: number; readonly atMs: number };

  constructor(
    store: Pick<StoreQueries, "recentEvents">,
    bounds: LiveBounds = LIVE_BOUNDS,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#store = store;
    this.#bounds = bounds;
    this.#nowMs = nowMs;
    this.#tail = new EventTail({
      store,
      onBatch: (batch) => this.#hand(batch),
      onReplaced: (newestId) => {
        for (const reader of this.#readers) reader.moveTo(newestId);
      },
      hasReaders: () => this.#readers.size > 0,
      paceMs: bounds.paceMs,
      maxBehind: bounds.maxBehind,
    });
    this.#rateFrom = { id: 0, atMs: nowMs() };
    this.#timers = [
      setInterval(() => this.#tick(), bounds.stateMs).unref(),
      setInterval(() => this.#tellAll(HEARTBEAT), bounds.heartbeatMs).unref(),
    ];
  }

  /** Something was written here. */
  hear(result: Pick<WriteResult, "lastEventId">): void {
    this.#tail.hear(result);
  }

  /** Adds a reader. Rejects with `too_many_readers`, and with what the store says. */
  async open(wish: LiveWish): Promise<LiveReader> {
    this.#requireRoom();
    // While nobody read, others may have written into the same file.
    if (this.#readers.size === 0) await this.#tail.skipToNewest();
    this.#requireRoom();
    const reader = new LiveReader(wish, {
      store: this.#store,
      tailId: () => this.#tail.lastId,
      nowMs: this.#nowMs,
      onSent: (sent, skipped) => {
        this.#counts.sent += sent;
        this.#counts.skipped += skipped;
      },
      onEnd: (ended) => this.#readers.delete(ended),
    });
    this.#readers.add(reader);
    reader.tell((position) => this.#state(position));
    return reader;
  }

  /** Readers now; events that were sent and left out, of all readers since the beginning. */
  counts(): { readonly readers: number; readonly sent: number; readonly skipped: number } {
    return { readers: this.#readers.size, ...this.#counts };
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#tail.close();
    for (const reader of [...this.#readers]) reader.end();
  }

  #requireRoom(): void {
    if (this.#readers.size < this.#bounds.readers) return;
    const detail = `${this.#bounds.readers} are reading the live feed already. Close a page, or come again later.`;
    throw new ProblemError("too_many_readers", detail, { retryAfterSeconds: RETRY_SECONDS });
  }

  #hand({ events, lastId, passedOver }: TailBatch): void {
    const written = events.map(toWritten);
    for (const reader of this.#readers) reader.offer(written, lastId, passedOver);
  }

  #tick(): void {
    for (const reader of [...this.#readers]) if (reader.stalledMs() > this.#bounds.stallMs) reader.end();
    // Whoever else writes into the file does not call us.
    void this.#tail.look().catch(() => {});
    for (const reader of this.#readers) reader.tell((position) => this.#state(position));
    this.#rateFrom = { id: this.#tail.lastId, atMs: this.#nowMs() };
  }

  #tellAll(message: string): void {
    for (const reader of this.#readers) reader.tell(() => message);
  }

  /** The id is the reader's own: what it has not been sent yet it has not seen. */
  #state(position: number): string {
    const { id, atMs } = this.#rateFrom;
    const seconds = (this.#nowMs() - atMs) / 1_000;
    const events = id === 0 ? 0 : Math.max(this.#tail.lastId - id, 0);
    return stateMessage(position, seconds < 0.5 ? 0 : Math.round(events / seconds));
  }
}
