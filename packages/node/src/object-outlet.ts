// Spans and log records that came as objects, on their way out: collected after the tick, written by the stock serializer.
import type { OtlpFormat } from "@tracebook/exporters";
import type { QueueConfig } from "./config.ts";
import type { RequestFan } from "./request-fan.ts";

/** What an outlet is told once. */
export interface ObjectOutletOptions<T> {
  readonly fan: Pick<RequestFan, "formats" | "push">;
  /** The bytes of one request. May throw for an item that cannot be written. */
  readonly serialize: (items: readonly T[], format: OtlpFormat) => Uint8Array;
  readonly queue: QueueConfig;
  readonly onDrop: (reason: "queue_full" | "unreadable" | "shutdown", count: number) => void;
}

/** Where objects of one signal leave. */
export interface ObjectOutlet<T> {
  /** Queues an item. Cost: an array write; never throws or waits. */
  push(item: T): void;
  /** Hands all that waits to the lane, now. */
  drain(): void;
  /** Drains, and counts what comes later as dropped. */
  close(): void;
  /** Items that wait to be written. */
  readonly waiting: number;
}

/** Opens an outlet. Its timer is unref'd. */
export function createObjectOutlet<T>(options: ObjectOutletOptions<T>): ObjectOutlet<T> {
  return new Outlet(options);
}

/** To write so many takes a millisecond or two, in which nothing else happens. */
const MAX_BATCH = 1_024;

class Outlet<T> implements ObjectOutlet<T> {
  readonly #options: ObjectOutletOptions<T>;
  readonly #batchSize: number;
  readonly #timer: NodeJS.Timeout;
  #items: T[] = [];
  #scheduled = false;
  #closed = false;

  constructor(options: ObjectOutletOptions<T>) {
    this.#options = options;
    this.#batchSize = Math.min(options.queue.batchSize, MAX_BATCH);
    this.#timer = setTimeout(() => this.drain(), options.queue.delayMs).unref();
  }

  get waiting(): number {
    return this.#items.length;
  }

  push(item: T): void {
    const { queue, onDrop } = this.#options;
    if (this.#closed) return onDrop("shutdown", 1);
    if (this.#items.length >= queue.maxSize) return onDrop("queue_full", 1);
    this.#items.push(item);
    if (this.#items.length >= this.#batchSize) this.#schedule();
    else if (this.#items.length === 1) this.#timer.refresh();
  }

  drain(): void {
    const batchSize = this.#batchSize;
    const items = this.#items;
    this.#items = [];
    for (let from = 0; from < items.length; from += batchSize) this.#hand(items.slice(from, from + batchSize));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.drain();
    this.#closed = true;
  }

  /** One batch a turn of the event loop: writing one takes a millisecond. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const batchSize = this.#batchSize;
      if (this.#items.length >= batchSize) this.#hand(this.#items.splice(0, batchSize));
      if (this.#items.length >= batchSize) this.#schedule();
      else if (this.#items.length > 0) this.#timer.refresh();
    });
  }

  /** What cannot be written is looked for by halves, until it stands alone: what is with it leaves. */
  #hand(items: readonly T[]): void {
    const { fan, serialize, onDrop } = this.#options;
    try {
      // Each format before any is handed over: what one of them cannot hold would otherwise reach some of those who take it twice.
      const requests = fan.formats.map((format) => ({ bytes: serialize(items, format), format }));
      const bornEpochMs = Date.now();
      for (const request of requests) fan.push({ ...request, items: items.length, bornEpochMs });
    } catch {
      if (items.length === 1) return onDrop("unreadable", 1);
      const half = Math.ceil(items.length / 2);
      this.#hand(items.slice(0, half));
      this.#hand(items.slice(half));
    }
  }
}
