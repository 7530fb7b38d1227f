// Moves items from a bounded queue to an exporter: in series, after the tick, every loss counted.
import { context } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode, suppressTracing } from "@opentelemetry/core";

/** What a pump is told once. */
export interface BatchPumpOptions<T> {
  /** Hands a batch to the exporter, which calls `done` once. */
  readonly exportBatch: (items: T[], done: (result: ExportResult) => void) => void;
  /** How many an item counts for, in all that follows; default 1. */
  readonly weigh?: ((item: T) => number) | undefined;
  /** Hears of items that were exported. */
  readonly onExported?: ((items: readonly T[]) => void) | undefined;
  /** Items that may wait. Beyond it the newest is dropped. */
  readonly maxQueue: number;
  /** Items in one export: the first that reach it. */
  readonly batchSize: number;
  /** Milliseconds until a batch that is not full leaves. */
  readonly delayMs: number;
  /** Milliseconds after which an export that has not answered counts as failed. */
  readonly timeoutMs: number;
  readonly onDrop: (reason: PumpDropReason, count: number) => void;
  /** Hears of every failed export, once each. */
  readonly onFailure: (error: Error) => void;
}

/** Why a pump lost items. */
export type PumpDropReason = "queue_full" | "rejected" | "shutdown";

/** A running pump. */
export interface BatchPump<T> {
  /** Queues an item. Cost: an array write; never waits. */
  push(item: T): void;
  /** Exports all that is queued, in series; resolves when done or after `deadlineMs` milliseconds. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  /** Flushes, then counts what is left as dropped, what is under way without an answer included, and stops. */
  close(deadlineMs: number): Promise<void>;
  readonly exported: number;
  /** Items that wait or are under way: accepted = exported + queued + dropped, at any time. */
  readonly queued: number;
}

/** After a failed export the next try waits this long, doubled at each further failure up to the second figure. */
const FIRST_BACKOFF_MS = 1_000;
const LAST_BACKOFF_MS = 30_000;
/** HTTP answers after which the same batch may be taken later; other errors are final (OTLP specification, "Failures"). */
const RETRYABLE = new Set([408, 429, 502, 503, 504]);
/** An answer 500 may be the receiver's trouble or be due to what is in the batch: after this many the batch is given up. */
const MAX_SERVER_ERRORS = 3;

/** Makes a pump. Timers are unref'd: a pump never keeps a process alive. */
export function createBatchPump<T>(options: BatchPumpOptions<T>): BatchPump<T> {
  return new Pump(options);
}

/** How an export ended; `threw`: the exporter did not get as far as sending it. */
type Outcome = ExportResult & { readonly threw?: true };

class Pump<T> implements BatchPump<T> {
  readonly #options: BatchPumpOptions<T>;
  #queue: T[] = [];
  /** What the queue weighs. */
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;
  #running: Promise<boolean> | undefined;
  #underWay = 0;
  /** Items of the next export: fewer while an item is looked for that the exporter cannot write, or the same ones are tried again. */
  #size: number;
  /** How often the items at the head of the queue were answered 500. */
  #serverErrors = 0;
  #notBefore = 0;
  #backoffMs = 0;
  #closed = false;
  exported = 0;

  constructor(options: BatchPumpOptions<T>) {
    this.#options = options;
    this.#size = options.batchSize;
  }

  get queued(): number {
    return this.#waiting + this.#underWay;
  }

  push(item: T): void {
    const weight = this.#weigh(item);
    if (this.#closed) return this.#options.onDrop("shutdown", weight);
    if (this.#waiting >= this.#options.maxQueue) return this.#options.onDrop("queue_full", weight);
    this.#queue.push(item);
    this.#waiting += weight;
    if (this.#running !== undefined) return;
    if (this.#waiting >= this.#options.batchSize && !this.#scheduled && performance.now() >= this.#notBefore) {
      this.#scheduled = true;
      setImmediate(() => this.#start());
    } else this.#schedule();
  }

  async flush(deadlineMs: number): Promise<void> {
    const until = performance.now() + deadlineMs;
    for (;;) {
      const left = until - performance.now();
      if (left <= 0 || (this.#queue.length === 0 && this.#running === undefined)) return;
      const ended = await within(this.#running ?? this.#export(), left);
      // A failed batch is back in the queue: trying it again at once would only burn the deadline.
      if (ended !== true) return;
    }
  }

  async close(deadlineMs: number): Promise<void> {
    await this.flush(deadlineMs);
    this.#closed = true;
    clearTimeout(this.#timer);
    // Nobody waits for an answer that comes later: what is under way counts as lost rather than as nothing.
    const lost = this.queued;
    this.#queue = [];
    this.#waiting = 0;
    this.#underWay = 0;
    if (lost > 0) this.#options.onDrop("shutdown", lost);
  }

  /** Sees to it that what waits leaves: at once when a batch is full, else after the delay, never before a backoff is over. */
  #schedule(): void {
    if (this.#queue.length === 0 || this.#closed || this.#scheduled || this.#timer !== undefined) return;
    const waitMs = this.#notBefore - performance.now();
    if (waitMs > 0) this.#arm(waitMs);
    else if (this.#waiting < this.#size) this.#arm(this.#options.delayMs);
    else {
      this.#scheduled = true;
      setImmediate(() => this.#start());
    }
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, delayMs);
    this.#timer.unref();
  }

  /** Exports one batch; each that ends schedules the next, so that they leave in series. */
  #start(): void {
    this.#scheduled = false;
    if (this.#running !== undefined || this.#queue.length === 0 || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // A backoff that began after this was scheduled.
    if (performance.now() < this.#notBefore) this.#schedule();
    else void this.#export();
  }

  /** Resolves to whether going on makes sense: false when the same batch waits for another try. */
  #export(): Promise<boolean> {
    const batch = this.#take();
    const running = this.#send(batch).then((result) => {
      this.#running = undefined;
      if (this.#closed) return false;
      this.#underWay = 0;
      const goOn = this.#settle(batch, result);
      this.#schedule();
      return goOn;
    });
    this.#running = running;
    return running;
  }

  /** The items at the head that weigh a batch, or all there are. */
  #take(): T[] {
    let weight = 0;
    let count = 0;
    while (count < this.#queue.length && weight < this.#size) weight += this.#weigh(this.#queue[count++]!);
    this.#waiting -= weight;
    this.#underWay = weight;
    return this.#queue.splice(0, count);
  }

  #weigh(item: T): number {
    const { weigh } = this.#options;
    return weigh === undefined ? 1 : weigh(item);
  }

  #weightOf(items: readonly T[]): number {
    return this.#options.weigh === undefined ? items.length : items.reduce((sum, item) => sum + this.#weigh(item), 0);
  }

  #send(batch: T[]): Promise<Outcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () =>
          resolve({
            code: ExportResultCode.FAILED,
            error: new Error(`no answer within ${this.#options.timeoutMs} ms`),
          }),
        this.#options.timeoutMs,
      );
      timer.unref();
      const done = (result: Outcome): void => {
        clearTimeout(timer);
        resolve(result);
      };
      try {
        // The exporter's own requests are not to be traced.
        context.with(suppressTracing(context.active()), () => this.#options.exportBatch(batch, done));
      } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        done({ code: ExportResultCode.FAILED, error: cause, threw: true });
      }
    });
  }

  #settle(batch: T[], result: Outcome): boolean {
    if (result.code === ExportResultCode.SUCCESS) {
      this.exported += this.#weightOf(batch);
      this.#options.onExported?.(batch);
      this.#turnToNext();
      this.#backoffMs = 0;
      this.#notBefore = 0;
      return true;
    }
    const error = result.error ?? new Error("export failed");
    if (result.threw === true) return this.#narrow(batch, error);
    const isRejected = this.#isGivenUp(batch, error);
    if (isRejected) this.#reject(this.#weightOf(batch));
    else this.#putBack(batch);
    this.#options.onFailure(error);
    this.#backoffMs = Math.min(this.#backoffMs === 0 ? FIRST_BACKOFF_MS : this.#backoffMs * 2, LAST_BACKOFF_MS);
    this.#notBefore = performance.now() + this.#backoffMs;
    // One batch that is refused for what is in it says nothing about the next.
    return isRejected;
  }

  /** Counts an answer 500; true when the batch is not worth another try. */
  #isGivenUp(batch: T[], error: Error): boolean {
    const { code: status } = error as { code?: unknown };
    if (typeof status !== "number" || status < 300 || RETRYABLE.has(status)) return false;
    if (status !== 500) return true;
    // Nothing may join these items: it would be given up with them without having had its tries.
    this.#size = this.#weightOf(batch);
    return ++this.#serverErrors >= MAX_SERVER_ERRORS;
  }

  #reject(count: number): void {
    this.#turnToNext();
    this.#options.onDrop("rejected", count);
  }

  /** A batch is through, one way or the other: what is known of it says nothing of the next. */
  #turnToNext(): void {
    this.#size = this.#options.batchSize;
    this.#serverErrors = 0;
  }

  /** What the exporter cannot write it never will: halves the batch until the one item that is to blame stands alone, and drops it. */
  #narrow(batch: T[], error: Error): boolean {
    if (batch.length > 1) {
      this.#putBack(batch);
      this.#size = Math.ceil(this.#weightOf(batch) / 2);
    } else {
      this.#reject(this.#weightOf(batch));
      this.#options.onFailure(error);
    }
    return true;
  }

  /** A failed batch goes back to the head; what no longer fits is dropped from the tail. */
  #putBack(batch: T[]): void {
    this.#queue = batch.concat(this.#queue);
    this.#waiting += this.#weightOf(batch);
    let over = 0;
    while (this.#queue.length > batch.length && this.#waiting > this.#options.maxQueue) {
      const weight = this.#weigh(this.#queue.pop()!);
      this.#waiting -= weight;
      over += weight;
    }
    if (over > 0) this.#options.onDrop("queue_full", over);
  }
}

/** The value of a promise, or undefined when it takes longer than `ms`. */
async function within<V>(promise: Promise<V>, ms: number): Promise<V | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
