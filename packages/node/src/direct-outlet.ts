// Flows and event records straight into OTLP bytes and out: the way that is taken while nothing needs them as objects.
import { createOtlpBlocks, type OtlpBlock, type OtlpEnvelope, type OtlpWriter } from "@tracebook/exporters";
import type { QueueConfig } from "./config.ts";
import type { RequestTaker } from "./request-fan.ts";

/** What an outlet is told once. */
export interface DirectOutletOptions<T> {
  readonly lane: RequestTaker;
  readonly envelope: OtlpEnvelope;
  /** Appends an item as entries of a request; returns how many. May throw for an item that cannot be read. */
  readonly append: (item: T, out: OtlpWriter) => number;
  /** How many entries an item is, without encoding it. */
  readonly entriesOf: (item: T) => number;
  readonly queue: QueueConfig;
  /** Bytes that may wait in memory for the lane. */
  readonly queueBytes: number;
  readonly onDrop: (reason: "unreadable" | "shutdown", count: number) => void;
}

/** Where items of one signal leave. Counts are of entries: spans, log records. */
export interface DirectOutlet<T> {
  /** Encodes an item. Call it after the tick. Never throws or waits. */
  push(item: T): void;
  /** Hands what was encoded to the lane, now. */
  drain(): void;
  /** Drains, and counts what comes later as dropped. */
  close(): void;
  /** Entries that wait for the others of their request. */
  readonly waiting: number;
}

/** Opens an outlet. */
export function createDirectOutlet<T>(options: DirectOutletOptions<T>): DirectOutlet<T> {
  return new Outlet(options);
}

class Outlet<T> implements DirectOutlet<T> {
  readonly #options: DirectOutletOptions<T>;
  readonly #blocks: ReturnType<typeof createOtlpBlocks>;
  #closed = false;

  constructor(options: DirectOutletOptions<T>) {
    const { queue, queueBytes, envelope } = options;
    this.#options = options;
    this.#blocks = createOtlpBlocks({
      envelope,
      maxItems: queue.batchSize,
      // Several requests must fit into the memory of the lane, or one would push out the other before it is on its way.
      maxBytes: queueBytes / 8,
      delayMs: queue.delayMs,
      onBlock: (block) => this.#hand(block),
    });
  }

  get waiting(): number {
    return this.#blocks.items;
  }

  push(item: T): void {
    const { append, entriesOf, onDrop } = this.#options;
    if (this.#closed) return onDrop("shutdown", entriesOf(item));
    const { writer } = this.#blocks;
    const start = writer.length;
    try {
      this.#blocks.added(append(item, writer));
    } catch {
      // A payload of the host's that cannot be read: this item is lost, and nothing else.
      writer.rewind(start);
      onDrop("unreadable", entriesOf(item));
    }
  }

  drain(): void {
    this.#blocks.close();
  }

  close(): void {
    this.#blocks.stop();
    this.#blocks.close();
    this.#closed = true;
  }

  #hand(block: OtlpBlock): void {
    this.#options.lane.push({
      bytes: this.#options.envelope.wrap(block),
      format: "protobuf",
      items: block.items,
      bornEpochMs: Date.now(),
      // A request that was cut off may still lie with its socket.
      release: (isFree) => {
        if (isFree) this.#blocks.recycle(block);
      },
    });
  }
}
