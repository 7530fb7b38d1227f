// Events in the order of their time, bounded: new ones come in at the top, pages of history at the bottom.
import type { StoredEvent } from "../api/client.ts";
import { timestampMicros } from "../format/timestamp-micros.ts";
import { sizeOfEvent } from "./event-size.ts";
import { foldKeyOf } from "./fold-key.ts";
import type { TextNumbers } from "./text-numbers.ts";

/** A row of the feed: an event, or a number of events that did not come. */
export interface FeedRow {
  /** Of this row alone: the event's id; below 0 for what has none. */
  readonly key: number;
  /** Where it stands, in microseconds since 1970. */
  readonly at: number;
  /** Undefined: a gap. */
  readonly event: StoredEvent | undefined;
  /** How many events are missing here. */
  readonly skipped: number;
  readonly size: number;
  /** The same number for events that say the same; 0: it is always shown by itself. */
  readonly fold: number;
}

/** The list. Index 0 is the newest row. */
export interface EventList {
  readonly length: number;
  /** Rows that were let go, since the list is bounded: the oldest ones. */
  readonly dropped: number;
  row(index: number): FeedRow | undefined;
  has(key: number): boolean;
  /** -1: it is not there. Looks from the newest row on. */
  indexOf(key: number): number;
  /** The indexes, rising, at which rows begin that do not say the same as the one above them. Cost: a look at every row. */
  foldStarts(): readonly number[];
  /** Puts in what is new, and before it a gap for what was skipped. */
  addNew(events: readonly StoredEvent[], skipped: number): void;
  /** Puts in a page of history. */
  addOlder(events: readonly StoredEvent[]): void;
  /** Puts in rows of another list. */
  addRows(rows: readonly FeedRow[]): void;
  /** Gives all rows away, the oldest first. */
  takeAll(): readonly FeedRow[];
}

/** Bounds of a list. */
export interface EventListOptions {
  /** At most so many rows. */
  readonly maxRows: number;
  /** At most so many characters in all, roughly. */
  readonly maxSize: number;
  /** Gives a number below 0 that no row has, in this list or in one that it exchanges rows with. */
  readonly newKey: () => number;
  /** The time of now in microseconds since 1970. */
  readonly nowMicros: () => number;
  /** Numbers of what is folded, shared by lists that exchange rows. */
  readonly folds: TextNumbers;
}

/** Makes an empty list. */
export function createEventList(options: EventListOptions): EventList {
  return new BoundedList(options);
}

/** What comes later than this after events of a later time is put where it arrived: clocks differ, and old records are imported. */
const MAX_LATE_MICROS = 60_000_000;
/** Gaps closer together than this are one. */
const ONE_GAP_MICROS = 1_000_000;

class BoundedList implements EventList {
  readonly #maxRows: number;
  readonly #maxSize: number;
  /** The oldest first: what is new goes to the end. */
  #rows: FeedRow[] = [];
  readonly #ids = new Set<number>();
  readonly #newKey: () => number;
  readonly #nowMicros: () => number;
  readonly #folds: TextNumbers;
  #size = 0;
  #dropped = 0;

  constructor({ maxRows, maxSize, newKey, nowMicros, folds }: EventListOptions) {
    this.#maxRows = maxRows;
    this.#maxSize = maxSize;
    this.#newKey = newKey;
    this.#nowMicros = nowMicros;
    this.#folds = folds;
  }

  get length(): number {
    return this.#rows.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  row(index: number): FeedRow | undefined {
    return this.#rows[this.#rows.length - 1 - index];
  }

  has(key: number): boolean {
    return this.#ids.has(key);
  }

  indexOf(key: number): number {
    const at = this.#rows.findLastIndex((row) => row.key === key);
    return at < 0 ? -1 : this.#rows.length - 1 - at;
  }

  foldStarts(): readonly number[] {
    const rows = this.#rows;
    const starts: number[] = [];
    let above = 0;
    for (let i = rows.length - 1; i >= 0; i--) {
      const { fold } = rows[i] as FeedRow;
      if (fold === 0 || fold !== above) starts.push(rows.length - 1 - i);
      above = fold;
    }
    return starts;
  }

  addNew(events: readonly StoredEvent[], skipped: number): void {
    const newest = this.#rows.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    const rows: FeedRow[] = [];
    const first = events[0] === undefined ? Number.NaN : this.#momentOf(events[0]);
    if (skipped > 0) this.#addGap(skipped, first >= newest - MAX_LATE_MICROS ? first : Math.max(newest, 0));
    for (const event of events) {
      const own = this.#momentOf(event);
      // Without a time of its own, or far too late: where it arrived.
      const isInPlace = own >= newest - MAX_LATE_MICROS;
      rows.push(this.#eventRow(event, isInPlace ? own : Math.max(newest, rows.at(-1)?.at ?? 0)));
    }
    this.addRows(rows);
  }

  addOlder(events: readonly StoredEvent[]): void {
    const oldest = this.#rows[0]?.at ?? 0;
    this.addRows(
      events.map((event) => {
        const own = this.#momentOf(event);
        return this.#eventRow(event, Number.isNaN(own) ? oldest : own);
      }),
    );
  }

  addRows(rows: readonly FeedRow[]): void {
    const fresh = rows.filter(({ key }) => !this.#ids.has(key) && this.#ids.add(key)).sort(inOrder);
    if (fresh.length === 0) return;
    this.#rows = merge(this.#rows, fresh);
    for (const { size } of fresh) this.#size += size;
    this.#letGo();
  }

  takeAll(): readonly FeedRow[] {
    const rows = this.#rows;
    this.#rows = [];
    this.#ids.clear();
    this.#size = 0;
    this.#dropped = 0;
    return rows;
  }

  #addGap(skipped: number, at: number): void {
    const last = this.#rows.findLast(({ event }) => event === undefined);
    if (last === undefined || at - last.at >= ONE_GAP_MICROS)
      return this.addRows([{ key: this.#newKey(), at, event: undefined, skipped, size: 0, fold: 0 }]);
    this.#rows[this.#rows.lastIndexOf(last)] = { ...last, skipped: last.skipped + skipped };
  }

  /** Never later than now: a clock that is ahead would keep its events above all others. NaN: it has none. */
  #momentOf({ timestamp }: StoredEvent): number {
    return Math.min(timestampMicros(timestamp), this.#nowMicros());
  }

  #eventRow(event: StoredEvent, at: number): FeedRow {
    const key = event.id > 0 ? event.id : this.#newKey();
    return { key, at, event, skipped: 0, size: sizeOfEvent(event), fold: this.#foldOf(event) };
  }

  #foldOf(event: StoredEvent): number {
    const key = foldKeyOf(event);
    return key === "" ? 0 : this.#folds.numberOf(key);
  }

  #letGo(): void {
    let count = Math.max(0, this.#rows.length - this.#maxRows);
    let size = this.#size;
    for (let i = 0; i < this.#rows.length && (i < count || size > this.#maxSize); i++) {
      size -= this.#rows[i]?.size ?? 0;
      count = Math.max(count, i + 1);
    }
    if (count === 0) return;
    for (const { key } of this.#rows.splice(0, count)) this.#ids.delete(key);
    this.#size = size;
    this.#dropped += count;
  }
}

function inOrder(a: FeedRow, b: FeedRow): number {
  return a.at - b.at || a.key - b.key;
}

/** Two lists in order as one. Mostly all of one is before all of the other, and then nothing is compared but the ends. */
function merge(rows: FeedRow[], fresh: readonly FeedRow[]): FeedRow[] {
  const [first] = fresh;
  const last = fresh.at(-1);
  if (first === undefined || last === undefined) return rows;
  if (rows[0] !== undefined && inOrder(last, rows[0]) < 0) return [...fresh, ...rows];
  let from = rows.length;
  while (from > 0 && inOrder(rows[from - 1] as FeedRow, first) > 0) from--;
  const overlap = rows.splice(from);
  let at = 0;
  for (const row of fresh) {
    while (at < overlap.length && inOrder(overlap[at] as FeedRow, row) <= 0) rows.push(overlap[at++] as FeedRow);
    rows.push(row);
  }
  while (at < overlap.length) rows.push(overlap[at++] as FeedRow);
  return rows;
}
