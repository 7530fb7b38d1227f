// One who reads the live feed: what was missed first, from the store, then what happens, as fast as the connection takes it.
import type { StoredEvent, StoreQueries } from "@tracebook/store";
import { eventMessages, OPENING, toWritten, type WrittenEvent } from "./event-message.ts";
import { RateBucket, sampleOf } from "./rate-bucket.ts";

/** What a reader wants. */
export interface LiveWish {
  /** Behind which event it begins; undefined: now. */
  readonly sinceId: number | undefined;
  readonly eventType: string | undefined;
  readonly symbol: string | undefined;
  readonly runId: string | undefined;
  /** As the data of the event have it. */
  readonly userId: string | undefined;
  readonly eventCategory: string | undefined;
  /** Events a second of what happens from now on. */
  readonly maxRate: number;
}

/** What a reader works with. */
export interface LiveReaderTools {
  readonly store: Pick<StoreQueries, "recentEvents">;
  /** The id up to which the feed has come. */
  readonly tailId: () => number;
  readonly nowMs: () => number;
  /** Counts what was sent and what was left out. */
  readonly onSent: (sent: number, skipped: number) => void;
  readonly onEnd: (reader: LiveReader) => void;
}

/** Bytes that may wait for the connection: with as many readers as there may be that is 32 MiB. */
const WAITING_BYTES = 524_288;
const PAGE = 500;

/** A reader, as the stream that it is sent. */
export class LiveReader {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #wish: LiveWish;
  readonly #tools: LiveReaderTools;
  readonly #bucket: RateBucket;
  readonly #encoder = new TextEncoder();
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #position = 0;
  #skipped = 0;
  #isLive = false;
  #isEnded = false;
  /** Since when nothing more fits; undefined: there is room. */
  #fullSinceMs: number | undefined;
  #onRoom: (() => void) | undefined;

  constructor(wish: LiveWish, tools: LiveReaderTools) {
    this.#wish = wish;
    this.#tools = tools;
    this.#bucket = new RateBucket(wish.maxRate, tools.nowMs);
    // Behind the newest event there is nothing: such an id is of a database that was begun anew since.
    this.#position = Math.min(wish.sinceId ?? tools.tailId(), tools.tailId());
    this.stream = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#hasRoom(),
        cancel: () => this.end(),
      },
      { highWaterMark: WAITING_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
    );
    this.#send(OPENING);
    void this.#catchUp();
  }

  /** Milliseconds for which the connection has taken nothing. */
  stalledMs(): number {
    return this.#fullSinceMs === undefined ? 0 : this.#tools.nowMs() - this.#fullSinceMs;
  }

  /** Takes what happened. What there is no room for is left out, and counted. */
  offer(events: readonly WrittenEvent[], lastId: number, passedOver: number): void {
    if (!this.#isLive) return;
    const wanted = events.filter((one) => one.event.id > this.#position && this.#wants(one));
    this.#position = Math.max(this.#position, lastId);
    this.#skipped += passedOver;
    if (this.#isFull()) this.#skipped += wanted.length;
    else {
      const taken = sampleOf(wanted, this.#bucket.take(wanted.length));
      this.#skipped += wanted.length - taken.length;
      if (taken.length > 0 || passedOver > 0) this.#deliver(taken);
    }
  }

  /**
   * Sends what is no event; where there is no room it is not needed. What was left out is told before it: a message may bear the position as its
   * id, and who comes back with that would never hear of what lies before it.
   */
  tell(messageAt: (position: number) => string): void {
    if (this.#isFull()) return;
    if (this.#skipped > 0) this.#deliver([]);
    this.#send(messageAt(this.#position));
  }

  /** The database was replaced by one that ends there. */
  moveTo(newestId: number): void {
    this.#position = newestId;
  }

  /** Ends the stream. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#isLive = false;
    this.#hasRoom();
    try {
      this.#controller.close();
    } catch {
      // The reader was faster.
    }
    this.#tools.onEnd(this);
  }

  async #catchUp(): Promise<void> {
    try {
      while (!this.#isEnded && this.#position < this.#tools.tailId()) await this.#readPage();
    } catch {
      // The store cannot answer: the browser comes back with the last id that it has.
      return this.end();
    }
    this.#isLive = !this.#isEnded;
  }

  async #readPage(): Promise<void> {
    const events = await this.#tools.store.recentEvents(PAGE, this.#position);
    // A gap at the end: what was there has been removed.
    const lastId = events.at(-1)?.id ?? this.#tools.tailId();
    while (this.#isFull() && !this.#isEnded)
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve;
      });
    if (this.#isEnded) return;
    this.#position = lastId;
    this.#deliver(events.map(toWritten).filter((one) => this.#wants(one)));
  }

  #deliver(events: readonly WrittenEvent[]): void {
    for (const message of eventMessages(events, this.#skipped, this.#position)) this.#send(message);
    this.#tools.onSent(events.length, this.#skipped);
    this.#skipped = 0;
  }

  #send(text: string): void {
    if (this.#isEnded) return;
    this.#controller.enqueue(this.#encoder.encode(text));
    if (this.#isFull()) this.#fullSinceMs ??= this.#tools.nowMs();
  }

  #isFull(): boolean {
    return (this.#controller.desiredSize ?? 0) <= 0;
  }

  #hasRoom(): void {
    this.#fullSinceMs = undefined;
    this.#onRoom?.();
    this.#onRoom = undefined;
  }

  #wants({ event }: WrittenEvent): boolean {
    const { eventType, symbol, runId, userId, eventCategory } = this.#wish;
    if (eventType !== undefined && event.event_type !== eventType) return false;
    if (symbol !== undefined && event.symbol !== symbol) return false;
    if (runId !== undefined && event.run_id !== runId) return false;
    return isField(event, "user_id", userId) && isField(event, "event_category", eventCategory);
  }
}

/** Whether a field of the data is what is wanted, as the columns of the store have it: numbers are texts there. */
function isField({ data }: StoredEvent, name: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const value = Object.hasOwn(data, name) ? data[name] : undefined;
  return (typeof value === "string" || typeof value === "number") && String(value) === wanted;
}
