// Records of a range, newest first, a page at a time: memory stays bounded, and others get their turn in between.
import type { Budget } from "../work/budget.ts";

/** How records are read. */
export interface NewestFirst<T> {
  /** A page of those up to `endTime`, which belongs to them, newest first. */
  readonly read: (endTime: string | undefined, limit: number, offset: number) => Promise<readonly T[]>;
  readonly timeOf: (record: T) => string;
  readonly endTime: string | undefined;
  /** Records that are looked at in all. */
  readonly most: number;
  readonly pageSize: number;
}

/** Hands every record to `take` until there is none left. Resolves with null then, else with the time back to which it came. */
export async function readNewestFirst<T>(
  { read, timeOf, endTime, most, pageSize }: NewestFirst<T>,
  budget: Budget,
  take: (record: T) => void,
): Promise<string | null> {
  let end = endTime;
  // Of the moment at which a page ended, so many were taken: the next page begins behind them.
  let atEnd = 0;
  for (let left = most; left > 0; ) {
    const size = Math.min(pageSize, left);
    const page = await read(end, size, atEnd);
    for (const record of page) {
      take(record);
      const time = timeOf(record);
      atEnd = time === end ? atEnd + 1 : 1;
      end = time;
    }
    left -= page.length;
    // Only an empty page is the last one for sure: one that would be too large ends early.
    if (page.length === 0) return null;
    if (budget.isSpent()) break;
  }
  return end ?? null;
}
