// The rows of a feed as they are shown: one for each event, or one for events in a row that say the same.
import type { EventList, FeedRow } from "./event-list.ts";

/** A row as it is shown. */
export interface ShownRow {
  /** The newest of those that it stands for. */
  readonly row: FeedRow;
  /** How many it stands for. */
  readonly count: number;
}

/** What of a list is shown. */
export type ShownList = Pick<EventList, "length" | "row" | "indexOf" | "foldCount" | "foldStart" | "foldOf">;

/** The rows at one moment: another one is made when the list has changed. Index 0 is the newest. */
export interface FeedView {
  readonly length: number;
  at(index: number): ShownRow | undefined;
  /** Of the row that stands for a key; -1: none does. */
  indexOf(key: number): number;
}

/** Makes the view. Costs the same however many rows the list has. */
export function createFeedView(list: ShownList, isFolded: boolean): FeedView {
  return isFolded ? foldedView(list) : plainView(list);
}

function plainView(list: ShownList): FeedView {
  return {
    length: list.length,
    at(index) {
      const row = list.row(index);
      return row === undefined ? undefined : { row, count: 1 };
    },
    indexOf: (key) => list.indexOf(key),
  };
}

function foldedView(list: ShownList): FeedView {
  return {
    length: list.foldCount,
    at(index) {
      const start = list.foldStart(index);
      const row = start < 0 ? undefined : list.row(start);
      if (row === undefined) return undefined;
      const next = list.foldStart(index + 1);
      return { row, count: (next < 0 ? list.length : next) - start };
    },
    indexOf(key) {
      const at = list.indexOf(key);
      return at < 0 ? -1 : list.foldOf(at);
    },
  };
}
