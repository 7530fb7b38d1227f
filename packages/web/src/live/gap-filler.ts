// Brings what the live feed has left out: of a few types among very many events the server can be asked, whatever the rate.
import type { StoredEvent } from "../api/client.ts";
import { microsTimestamp, timestampMicros } from "../format/timestamp-micros.ts";
import type { EventFilter } from "./event-filter.ts";
import type { FeedClock } from "./feed-clock.ts";
import { type Ask, createHistoryReader } from "./history-reader.ts";

/** The filler. */
export interface GapFiller {
  /** Events may be missing since this moment, in microseconds since 1970. */
  miss(sinceMicros: number, count: number): void;
  close(): void;
}

/** What a filler works with. */
export interface GapFillerOptions {
  readonly filter: EventFilter;
  readonly ask: Ask;
  readonly clock: FeedClock;
  /** Events of the filter since then, those that had come included. `missing`: how many more may be missing; 0: none is. */
  readonly onFilled: (events: readonly StoredEvent[], missing: number) => void;
}

/** Makes a filler; it asks once in a while, however often something is missing. */
export function createGapFiller({ filter, ask, clock, onFilled }: GapFillerOptions): GapFiller {
  const abort = new AbortController();
  let since = Number.POSITIVE_INFINITY;
  let missing = 0;
  let callOff: (() => void) | undefined;
  const fill = async (): Promise<void> => {
    const gap = { since, missing };
    [since, missing] = [Number.POSITIVE_INFINITY, 0];
    // Nothing older than the gap is wanted.
    const startTime = maxText(filter.startTime, microsTimestamp(gap.since - LATE_MICROS));
    const reader = createHistoryReader({ ...filter, startTime }, ask);
    try {
      for (let pages = 1; ; pages++) {
        const { events, isEnd } = await reader.next(abort.signal);
        if (abort.signal.aborted) return;
        onFilled(events, isEnd || pages < MAX_PAGES ? 0 : gap.missing);
        if (isEnd || pages === MAX_PAGES) break;
      }
    } catch {
      // The connection says that the server is not there; what is missing is said here.
      if (!abort.signal.aborted) onFilled([], gap.missing);
    }
    callOff = undefined;
    if (missing > 0) later();
  };
  const later = (): void => {
    callOff = clock.after(EVERY_MS, () => void fill());
  };
  return {
    miss(sinceMicros, count) {
      since = Math.min(since, sinceMicros);
      missing += count;
      if (callOff === undefined) later();
    },
    close() {
      abort.abort();
      callOff?.();
    },
  };
}

const EVERY_MS = 1_000;
const MAX_PAGES = 5;
/** What happened before the gap may have been written in it. */
const LATE_MICROS = 2_000_000;

function maxText(a: string, b: string): string {
  return timestampMicros(a) > timestampMicros(b) ? a : b;
}
