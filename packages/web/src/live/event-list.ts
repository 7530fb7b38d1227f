// Events in the order of their time, bounded: new ones come in at the top, pages of history at the bottom.
import type { StoredEvent } from "../api/client.ts";
import { timestampMicros } from "../format/timestamp-micros.ts";
import { sizeOfEvent } from "./event-size.ts";
import { createFoldBounds, type FoldBounds } from "./fold-bounds.ts";
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
  /** -1: it is not there. Looks by halves. */
  indexOf(key: number): number;
  /** How many rows there would be if those in a row that say the same were one. */
  readonly foldCount: number;
  /** The index of the newest row of a fold, which are counted from the newest on; -1: there is no such fold. */
  foldStart(fold: number): number;
  /** The fold of the row at an index. */
  foldOf(index: number): number;
  /** Puts in what is new, and before it a gap for what was skipped. */
  addNew(events: readonly StoredEvent[], skipped: number): void;
  /** Puts in a page of history. */
  addOlder(events: readonly StoredEvent[]): void;
  /** Takes all rows of another list that was made by `createEventList`. Cost: by the shorter one, where the other is above this one. */
  absorb(other: EventList): void;
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
  /** Where each stands that is there, by its key. */
  #places = new Map<number, number>();
  readonly #newKey: () => number;
  readonly #nowMicros: () => number;
  readonly #folds: TextNumbers;
  #bounds: FoldBounds = createFoldBounds();
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
    return this.#places.has(key);
  }

  indexOf(key: number): number {
    const at = this.#places.get(key);
    if (at === undefined) return -1;
    let [low, high] = [0, this.#rows.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = this.#rows[middle] as FeedRow;
      if (row.at < at || (row.at === at && row.key < key)) low = middle + 1;
      else high = middle;
    }
    return this.#rows.length - 1 - low;
  }

  get foldCount(): number {
    return this.#bounds.count;
  }

  foldStart(fold: number): number {
    const newest = this.#bounds.newestOf(fold);
    return newest < 0 ? -1 : this.#rows.length - 1 - newest;
  }

  foldOf(index: number): number {
    return this.#bounds.foldOf(this.#rows.length - 1 - index);
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
    this.#addRows(rows);
  }

  addOlder(events: readonly StoredEvent[]): void {
    const oldest = this.#rows[0]?.at ?? 0;
    this.#addRows(
      events.map((event) => {
        const own = this.#momentOf(event);
        return this.#eventRow(event, Number.isNaN(own) ? oldest : own);
      }),
    );
  }

  absorb(other: EventList): void {
    if (!(other instanceof BoundedList)) throw new TypeError("absorb() takes a list that createEventList() has made");
    const [theirs, ours] = [other.#rows, this.#rows];
    const [first] = theirs;
    const last = ours.at(-1);
    const room = Math.max(0, this.#maxRows - theirs.length);
    const isAbove = first !== undefined && (last === undefined || inOrder(last, first) < 0);
    if (isAbove && theirs.length > Math.min(room, ours.length))
      this.#standBelow(other, room === 0 ? [] : ours.slice(-room));
    else this.#addRows(theirs);
    this.#dropped += other.#dropped;
    other.#clear();
  }

  /** Becomes the other one, with what is left of its own rows below. */
  #standBelow(other: BoundedList, own: readonly FeedRow[]): void {
    const kept = own.filter(({ key }) => !other.#places.has(key));
    for (const { key, at } of kept) other.#places.set(key, at);
    other.#bounds.unshift(
      kept.map(({ fold }) => fold),
      other.#rows[0]?.fold ?? 0,
    );
    this.#dropped += this.#rows.length - own.length;
    this.#size = other.#size + kept.reduce((sum, { size }) => sum + size, 0);
    this.#rows = kept.concat(other.#rows);
    this.#places = other.#places;
    this.#bounds = other.#bounds;
    this.#letGo();
  }

  #clear(): void {
    this.#rows = [];
    this.#places = new Map();
    this.#bounds = createFoldBounds();
    this.#size = 0;
    this.#dropped = 0;
  }

  #addRows(rows: readonly FeedRow[]): void {
    const places = this.#places;
    const fresh = sorted(rows.filter(({ key, at }) => !places.has(key) && places.set(key, at)));
    const [first] = fresh;
    const last = fresh.at(-1);
    const oldest = this.#rows[0];
    if (first === undefined || last === undefined) return;
    for (const { size } of fresh) this.#size += size;
    if (oldest !== undefined && inOrder(last, oldest) < 0) {
      this.#bounds.unshift(
        fresh.map(({ fold }) => fold),
        oldest.fold,
      );
      this.#rows = fresh.concat(this.#rows);
    } else {
      const from = merge(this.#rows, fresh);
      this.#bounds.truncate(from, this.#rows[from - 1]?.fold ?? 0);
      for (let i = from; i < this.#rows.length; i++) this.#bounds.push((this.#rows[i] as FeedRow).fold);
    }
    this.#letGo();
  }

  #addGap(skipped: number, at: number): void {
    let place = this.#rows.length - 1;
    while (place >= 0 && this.#rows[place]?.event !== undefined && at - (this.#rows[place]?.at ?? 0) < ONE_GAP_MICROS)
      place--;
    const last = this.#rows[place];
    if (last === undefined || last.event !== undefined || at - last.at >= ONE_GAP_MICROS)
      return this.#addRows([{ key: this.#newKey(), at, event: undefined, skipped, size: 0, fold: 0 }]);
    this.#rows[place] = { ...last, skipped: last.skipped + skipped };
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
    for (const { key } of this.#rows.splice(0, count)) this.#places.delete(key);
    this.#bounds.dropOldest(count);
    this.#size = size;
    this.#dropped += count;
  }
}

function inOrder(a: FeedRow, b: FeedRow): number {
  return a.at - b.at || a.key - b.key;
}

/** Mostly they come in order: looking costs less than sorting. */
function sorted(rows: FeedRow[]): FeedRow[] {
  return rows.every((row, i) => i === 0 || inOrder(rows[i - 1] as FeedRow, row) < 0) ? rows : rows.sort(inOrder);
}

/** Puts rows in order into others. Mostly they are above all of them, and then only the ends are compared. Gives the first place that changed. */
function merge(rows: FeedRow[], fresh: readonly FeedRow[]): number {
  const first = fresh[0] as FeedRow;
  let from = rows.length;
  while (from > 0 && inOrder(rows[from - 1] as FeedRow, first) > 0) from--;
  const overlap = rows.splice(from);
  let at = 0;
  for (const row of fresh) {
    while (at < overlap.length && inOrder(overlap[at] as FeedRow, row) <= 0) rows.push(overlap[at++] as FeedRow);
    rows.push(row);
  }
  while (at < overlap.length) rows.push(overlap[at++] as FeedRow);
  return from;
}
