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
export type ShownList = Pick<EventList, "length" | "row" | "indexOf" | "foldStarts">;

/** The rows at one moment: another one is made when the list has changed. Index 0 is the newest. */
export interface FeedView {
  readonly length: number;
  at(index: number): ShownRow | undefined;
  /** Of the row that stands for a key; -1: none does. */
  indexOf(key: number): number;
}

/** Makes the view. Cost when folded: a look at every row of the list. */
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
  const { length } = list;
  const starts = list.foldStarts();
  return {
    length: starts.length,
    at(index) {
      const start = starts[index];
      const row = start === undefined ? undefined : list.row(start);
      if (start === undefined || row === undefined) return undefined;
      return { row, count: (starts[index + 1] ?? length) - start };
    },
    indexOf(key) {
      const at = list.indexOf(key);
      return at < 0 ? -1 : lastAtMost(starts, at);
    },
  };
}

/** The index of the last number that is not above `value`, in rising numbers; -1: there is none. */
function lastAtMost(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
