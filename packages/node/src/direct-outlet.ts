// Flows and event records straight into OTLP bytes and out: the way that is taken while nothing needs them as objects.
import {
  createOtlpBlocks,
  type OtlpBlock,
  type OtlpBytesExporter,
  type OtlpEnvelope,
  type OtlpWriter,
} from "@tracebook/exporters";
import { createBatchPump, type PumpDropReason } from "./batch-pump.ts";
import type { QueueConfig } from "./config.ts";

/** What an outlet is told once. */
export interface DirectOutletOptions<T> {
  readonly envelope: OtlpEnvelope;
  /** Appends an item as entries of a request; returns how many. May throw for an item that cannot be read. */
  readonly append: (item: T, out: OtlpWriter) => number;
  /** How many entries an item is, without encoding it. */
  readonly entriesOf: (item: T) => number;
  readonly exporter: OtlpBytesExporter;
  readonly queue: QueueConfig;
  readonly onDrop: (reason: PumpDropReason | "unreadable", count: number) => void;
  readonly onFailure: (error: Error) => void;
}

/** Where items of one signal leave. Counts are of entries: spans, log records. */
export interface DirectOutlet<T> {
  /** Encodes an item and queues it. Call it after the tick. Never throws or waits. */
  push(item: T): void;
  /** Exports all that waits; resolves when done or after `deadlineMs` milliseconds. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  /** Flushes, then counts what is left as dropped, and stops. */
  close(deadlineMs: number): Promise<void>;
  readonly exported: number;
  /** Entries that wait or are under way: accepted = exported + queued + dropped, at any time. */
  readonly queued: number;
}

/** Opens an outlet. */
export function createDirectOutlet<T>(options: DirectOutletOptions<T>): DirectOutlet<T> {
  return new Outlet(options);
}

class Outlet<T> implements DirectOutlet<T> {
  readonly #options: DirectOutletOptions<T>;
  readonly #blocks: ReturnType<typeof createOtlpBlocks>;
  readonly #pump: ReturnType<typeof createBatchPump<OtlpBlock>>;
  readonly #tries = new WeakMap<OtlpBlock, number>();

  constructor(options: DirectOutletOptions<T>) {
    const { queue, envelope, exporter, onDrop, onFailure } = options;
    this.#options = options;
    this.#blocks = createOtlpBlocks({
      envelope,
      maxItems: queue.batchSize,
      delayMs: queue.delayMs,
      onBlock: (block) => this.#pump.push(block),
    });
    this.#pump = createBatchPump<OtlpBlock>({
      weigh: (block) => block.items,
      exportBatch: (blocks, done) => {
        for (const block of blocks) this.#tries.set(block, (this.#tries.get(block) ?? 0) + 1);
        exporter.export(blocks, done);
      },
      onExported: (blocks) => this.#recycle(blocks),
      maxQueue: queue.maxSize,
      // A block is a request; it is never put together with another one.
      batchSize: 1,
      delayMs: 0,
      timeoutMs: queue.timeoutMs,
      onDrop,
      onFailure: (error) => onFailure(error),
    });
  }

  get exported(): number {
    return this.#pump.exported;
  }

  get queued(): number {
    return this.#pump.queued + this.#blocks.items;
  }

  push(item: T): void {
    const { append, entriesOf, queue, onDrop } = this.#options;
    if (this.queued >= queue.maxSize) return onDrop("queue_full", entriesOf(item));
    const { writer } = this.#blocks;
    const start = writer.length;
    try {
      const entries = append(item, writer);
      this.#blocks.added(entries);
    } catch {
      // A payload of the host's that cannot be read: this item is lost, and nothing else.
      writer.rewind(start);
      onDrop("unreadable", entriesOf(item));
    }
  }

  async flush(deadlineMs: number): Promise<void> {
    this.#blocks.close();
    await this.#pump.flush(deadlineMs);
  }

  async close(deadlineMs: number): Promise<void> {
    this.#blocks.stop();
    this.#blocks.close();
    await this.#pump.close(deadlineMs);
  }

  /** A block that was tried again may still be held by the socket of the try before, which timed out and goes on sending. */
  #recycle(blocks: readonly OtlpBlock[]): void {
    for (const block of blocks) if (this.#tries.get(block) === 1) this.#blocks.recycle(block);
  }
}
