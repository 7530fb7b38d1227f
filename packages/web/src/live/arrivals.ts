// What comes by the live feed, handed on at a calm pace however fast it comes.
import type { StoredEvent } from "../api/client.ts";
import type { FeedClock } from "./feed-clock.ts";
import type { LiveBatch } from "./live-message.ts";

/** What has come and waits to be handed on. */
export interface Arrivals {
  add(batch: LiveBatch): void;
  /** Forgets what waits. */
  clear(): void;
}

/** How arrivals are handed on. */
export interface ArrivalsOptions {
  readonly clock: FeedClock;
  /** At most once in so many milliseconds; after a pause at once. */
  readonly everyMs: number;
  /** More than this cannot wait (a tab in the background gets few timers): the oldest are given up and counted as skipped. */
  readonly maxEvents: number;
  readonly onFlush: (events: readonly StoredEvent[], skipped: number) => void;
}

/** Makes it. */
export function createArrivals({ clock, everyMs, maxEvents, onFlush }: ArrivalsOptions): Arrivals {
  let events: StoredEvent[] = [];
  let skipped = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let callOff: (() => void) | undefined;
  const flush = (): void => {
    const flushed = { events, skipped };
    events = [];
    skipped = 0;
    callOff = undefined;
    lastMs = clock.nowMs();
    onFlush(flushed.events, flushed.skipped);
  };
  return {
    add(batch) {
      for (const event of batch.events) events.push(event);
      skipped += batch.skipped;
      if (events.length > maxEvents) skipped += events.splice(0, events.length - maxEvents).length;
      callOff ??= clock.after(Math.min(everyMs, Math.max(0, lastMs + everyMs - clock.nowMs())), flush);
    },
    clear() {
      callOff?.();
      callOff = undefined;
      events = [];
      skipped = 0;
    },
  };
}
