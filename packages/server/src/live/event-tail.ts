// What is being written, read once for all who watch.
import type { StoredEvent, StoreQueries, WriteResult } from "@tracebook/store";
import { findNewestId } from "./newest-id.ts";

/** Events that were written, rising by id. */
export interface TailBatch {
  readonly events: readonly StoredEvent[];
  /** The last id that was looked at. */
  readonly lastId: number;
  /** Events that were passed over, because more is written than can be read. */
  readonly passedOver: number;
}

/** What the tail works with. */
export interface TailOptions {
  readonly store: Pick<StoreQueries, "recentEvents">;
  /** Takes what was read. */
  readonly onBatch: (batch: TailBatch) => void;
  /** The database is another one, which ends here: the old one was set aside, and ids begin anew. */
  readonly onReplaced: (newestId: number) => void;
  /** Whether anybody watches: else nothing is read, only counted. */
  readonly hasReaders: () => boolean;
  /** Time between two readings, in milliseconds; the first comes at once. */
  readonly paceMs: number;
  /** So far behind, in ids, that reading up is given up. */
  readonly maxBehind: number;
}

const PAGE = 500;
/** Kept in view when the tail jumps. */
const JUMP_KEEPS = 500;

/** Reads behind the last id that it has seen, as often as something is written. */
export class EventTail {
  readonly #options: TailOptions;
  #lastId = 0;
  /** The newest id that is known of. */
  #newestId = 0;
  #isDoubtful = false;
  #isReading = false;
  #isDue = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** The id up to which everything was handed on, or passed by with nobody watching. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Something was written here. */
  hear({ lastEventId }: Pick<WriteResult, "lastEventId">): void {
    // The writer's word may come after a reading that has seen more: whether ids really fell is asked then.
    if (lastEventId < this.#lastId) this.#isDoubtful = true;
    this.#newestId = Math.max(this.#newestId, lastEventId);
    this.#wake();
  }

  /** Looks whether something was written elsewhere, into the same file. */
  async look(): Promise<void> {
    if (this.#options.hasReaders()) this.#wake();
    else await this.skipToNewest();
  }

  /** Goes to the newest event, unless somebody has begun to watch meanwhile, to whom nothing may be lost. */
  async skipToNewest(): Promise<void> {
    const newest = await this.#findNewest(this.#lastId);
    if (!this.#options.hasReaders()) this.#passTo(newest);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #passTo(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
    this.#newestId = Math.max(this.#newestId, id);
  }

  #findNewest(known: number): Promise<number> {
    const { store } = this.#options;
    return findNewestId(known, async (id) => (await store.recentEvents(1, id)).length > 0);
  }

  #wake(): void {
    if (this.#isClosed) return;
    if (!this.#options.hasReaders() && !this.#isDoubtful) {
      this.#lastId = Math.max(this.#lastId, this.#newestId);
      return;
    }
    this.#isDue = true;
    if (this.#timer !== undefined || this.#isReading) return;
    void this.#round();
  }

  /** Reads what there is, then leaves the store to others for a while. */
  async #round(): Promise<void> {
    this.#isReading = true;
    this.#isDue = false;
    try {
      if (this.#isDoubtful) await this.#settleDoubt();
      await this.#read();
    } catch {
      // The store says so in its health; the next write, or the next look, tries again.
    }
    this.#isReading = false;
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isDue) this.#wake();
    }, this.#options.paceMs).unref();
  }

  async #settleDoubt(): Promise<void> {
    const { store, onReplaced } = this.#options;
    const isThere = this.#lastId === 0 || (await store.recentEvents(1, this.#lastId - 1)).length > 0;
    this.#isDoubtful = false;
    if (isThere) return;
    const newest = await this.#findNewest(0);
    [this.#lastId, this.#newestId] = [newest, newest];
    onReplaced(newest);
  }

  async #read(): Promise<void> {
    const { store, onBatch, hasReaders, maxBehind } = this.#options;
    let passedOver = 0;
    while (hasReaders() && !this.#isClosed) {
      if (this.#newestId - this.#lastId > maxBehind) {
        const to = this.#newestId - JUMP_KEEPS;
        passedOver += to - this.#lastId;
        this.#lastId = to;
      }
      const events = await store.recentEvents(PAGE, this.#lastId);
      const last = events.at(-1);
      if (last === undefined) return;
      this.#lastId = last.id;
      this.#newestId = Math.max(this.#newestId, last.id);
      onBatch({ events, lastId: last.id, passedOver });
      passedOver = 0;
      // A page of much data ends early: there is more behind it, as far as is known.
      if (events.length < PAGE && this.#lastId >= this.#newestId) return;
    }
  }
}
