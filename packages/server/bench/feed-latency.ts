// How long after they happened events were in the page.
import type { SeenRows } from "./page-probe.ts";
import { type TimeFigures, timeFigures } from "./times.ts";

/** An event as it is stored. */
export interface StoredTime {
  readonly id: number;
  readonly timeMs: number;
}

/** From an event's happening to its row. */
export interface FeedLatency {
  /** Of the events whose rows were drawn: the newest ones of each time that the list changed. */
  readonly drawnRows: TimeFigures | undefined;
  /** Of all events: until the first row was drawn that is theirs or stands above theirs, since a list changes at once. */
  readonly allEvents: TimeFigures | undefined;
}

/** Works it out; `stored` by rising id. Events from before the first drawn row are left out: nobody looked yet. */
export function feedLatency(seen: SeenRows, stored: readonly StoredTime[]): FeedLatency {
  const byId = seen.toSorted((a, b) => a[0] - b[0]);
  const firstId = byId[0]?.[0] ?? Number.POSITIVE_INFINITY;
  // From the newest on: the earliest moment at which a row of this id or a higher one was there.
  const earliest = byId.map(([, atMs]) => atMs);
  for (let i = earliest.length - 2; i >= 0; i--) earliest[i] = Math.min(earliest[i]!, earliest[i + 1]!);
  const drawn: number[] = [];
  const all: number[] = [];
  let at = 0;
  for (const { id, timeMs } of stored) {
    if (id < firstId) continue;
    while (at < byId.length && byId[at]![0] < id) at++;
    if (at === byId.length) break;
    all.push(earliest[at]! - timeMs);
    if (byId[at]![0] === id) drawn.push(byId[at]![1] - timeMs);
  }
  return { drawnRows: timeFigures(drawn), allEvents: timeFigures(all) };
}
