// The newest events in memory: what a page polls first needs no database.
import type { StoredEvent, StoreQueries } from "@tracebook/store";

/** So many are kept. */
export const RECENT_EVENTS = 100;
const PAUSE_MS = 100;

/** Keeps the newest events. */
export class RecentEvents {
  readonly #store: Pick<StoreQueries, "recentEvents">;
  #events: readonly StoredEvent[] = [];
  #isStale = true;
  #reading: Promise<void> | undefined;
  #pause: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(store: Pick<StoreQueries, "recentEvents">) {
    this.#store = store;
  }

  /** What is kept now, newest first. */
  get(limit: number): readonly StoredEvent[] {
    return this.#events.slice(0, limit);
  }

  /** Something was written: what is kept is read anew, at once, and then no more than ten times a second. */
  markStale(): void {
    this.#isStale = true;
    if (this.#pause !== undefined || this.#isClosed) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#isStale) this.markStale();
    }, PAUSE_MS).unref();
    // Who asks next hears of it, should it have failed.
    void this.current().catch(() => {});
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#pause);
  }

  /** What is kept, with all that was written before the call. Reads only when something was; those who ask meanwhile share the reading. */
  async current(): Promise<readonly StoredEvent[]> {
    // It may have begun before what was written last; what comes behind it has not.
    if (this.#reading !== undefined) await this.#reading.catch(() => {});
    if (this.#isStale || this.#reading !== undefined) await this.#readOnce();
    return this.#events;
  }

  #readOnce(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    // What is written while this is under way makes it stale again.
    this.#isStale = false;
    try {
      this.#events = await this.#store.recentEvents(RECENT_EVENTS);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }
}
