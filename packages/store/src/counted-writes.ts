// What goes to the thread that writes: what waits for it is bounded, and what came of it is counted.
import { StoreError } from "./errors.ts";
import type { ImportResult, Store } from "./store.ts";
import type { ThreadLink } from "./thread-link.ts";
import type { WriteResult } from "./write-result.ts";

/** Where it goes, and how much of it may wait. */
export interface WriteBounds {
  /** The database, as it is named to people: without what is secret of its address. */
  readonly place: string;
  readonly maxPendingBytes: number;
  /** Is told what came of each write that went there; undefined: it was written. */
  readonly onOutcome?: ((error: unknown) => void) | undefined;
}

/** Since the store was opened: see `StoreHealth`. */
export interface WriteCounts {
  readonly written: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly failedWrites: number;
  readonly pendingBytes: number;
}

/** About what an event, a span or a point takes on its way to the writer. */
const ITEM_BYTES = 512;

/** The writes of one store. */
export class CountedWrites {
  readonly #thread: Pick<ThreadLink<never, never>, "call">;
  readonly #bounds: WriteBounds;
  readonly #listeners = new Set<(result: WriteResult) => void>();
  readonly #counts = { written: 0, duplicates: 0, rejected: 0, failedWrites: 0, pendingBytes: 0 };

  constructor(thread: Pick<ThreadLink<never, never>, "call">, bounds: WriteBounds) {
    this.#thread = thread;
    this.#bounds = bounds;
  }

  takeOtlp(...[signal, body, format, options]: Parameters<Store["takeOtlp"]>): Promise<WriteResult> {
    const isOurs = options?.isHandedOver === true && body.buffer instanceof ArrayBuffer;
    // Whose body it is may use it again, and it may be a view of a buffer that is much larger. (The slice of a Buffer is no copy.)
    const own = isOurs ? (body as Uint8Array<ArrayBuffer>) : new Uint8Array(body);
    return this.#write("takeOtlp", [signal, own, format], own.byteLength, [own.buffer]);
  }

  writeItems(method: "writeEvents" | "writeSpans" | "writePoints", items: readonly unknown[]): Promise<WriteResult> {
    return this.#write(method, [items], items.length * ITEM_BYTES);
  }

  importJournal(...[dir, options = {}]: Parameters<Store["importJournal"]>): Promise<ImportResult> {
    return this.#thread.call("importJournal", [dir, options]);
  }

  onWritten(listener: (result: WriteResult) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  counts(): WriteCounts {
    return { ...this.#counts };
  }

  /** Nobody is told of anything any more. */
  close(): void {
    this.#listeners.clear();
  }

  async #write(
    method: string,
    args: readonly unknown[],
    bytes: number,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<WriteResult> {
    const counts = this.#counts;
    const { place, maxPendingBytes } = this.#bounds;
    if (counts.pendingBytes + bytes > maxPendingBytes && counts.pendingBytes > 0) {
      counts.failedWrites++;
      throw new StoreError("store_overloaded", `${counts.pendingBytes} bytes wait to be written to ${place}.`);
    }
    counts.pendingBytes += bytes;
    try {
      const result = await this.#thread.call<WriteResult>(method, args, transfer);
      counts.written += result.written;
      counts.duplicates += result.duplicates;
      counts.rejected += result.rejected;
      this.#bounds.onOutcome?.(undefined);
      if (result.written > 0) this.#tell(result);
      return result;
    } catch (error) {
      counts.failedWrites++;
      this.#bounds.onOutcome?.(error);
      throw error;
    } finally {
      counts.pendingBytes -= bytes;
    }
  }

  #tell(result: WriteResult): void {
    for (const listener of this.#listeners) {
      try {
        listener(result);
      } catch {
        // It is theirs.
      }
    }
  }
}
