// What had to be dropped and has not been declared on the record yet.
import type { RecordClass } from "@tracebook/core/extension";

/** Dropped numbers of one class and reason: `count` of those from `firstSeq` to `lastSeq`; all, unless ranges were merged. */
export interface DroppedRange {
  firstSeq: number;
  lastSeq: number;
  count: number;
  readonly recordClass: RecordClass;
  readonly reason: string;
}

/** Beyond this many ranges of a class and reason the two that lie closest become one: a declaration must stay small. */
const MAX_RANGES = 64;

/** Collects dropped numbers into ranges. Numbers of one class and reason come in rising order, as queues drop their oldest. */
export class DropLedger {
  readonly #groups = new Map<string, DroppedRange[]>();
  isEmpty = true;

  add(seq: number, recordClass: RecordClass, reason: string): void {
    const key = `${recordClass} ${reason}`;
    let ranges = this.#groups.get(key);
    if (ranges === undefined) {
      ranges = [];
      this.#groups.set(key, ranges);
    }
    this.isEmpty = false;
    const last = ranges.at(-1);
    if (last !== undefined && seq === last.lastSeq + 1) {
      last.lastSeq = seq;
      last.count++;
      return;
    }
    ranges.push({ firstSeq: seq, lastSeq: seq, count: 1, recordClass, reason });
    if (ranges.length > MAX_RANGES) mergeClosest(ranges);
  }

  /** Takes all ranges, by first number. */
  take(): DroppedRange[] {
    const ranges = [...this.#groups.values()].flat();
    this.#groups.clear();
    this.isEmpty = true;
    return ranges.sort((a, b) => a.firstSeq - b.firstSeq);
  }
}

function mergeClosest(ranges: DroppedRange[]): void {
  let at = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < ranges.length; i++) {
    const gap = ranges[i]!.firstSeq - ranges[i - 1]!.lastSeq;
    if (gap < smallest) {
      smallest = gap;
      at = i;
    }
  }
  const [merged] = ranges.splice(at, 1);
  const into = ranges[at - 1]!;
  into.firstSeq = Math.min(into.firstSeq, merged!.firstSeq);
  into.lastSeq = Math.max(into.lastSeq, merged!.lastSeq);
  into.count += merged!.count;
}
