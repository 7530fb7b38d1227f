// Where rows that say the same end and others begin, kept up to date as rows come and go: asking costs the same however many there are.

/** The bounds. Rows are counted from the oldest on, from 0; folds from the newest on. */
export interface FoldBounds {
  /** How many folds there are. */
  readonly count: number;
  /** The newest row of a fold; -1: there is no such fold. */
  newestOf(fold: number): number;
  /** The fold of a row that is there. Looks by halves. */
  foldOf(row: number): number;
  /** Puts in a row above all others. Rows with the same number are one fold; one with 0 is a fold by itself. */
  push(number: number): void;
  /** Puts in rows below all others, the oldest first. `above`: the number of the oldest row until now; 0: there was none. */
  unshift(numbers: readonly number[], above: number): void;
  /** Forgets all rows from `row` on. `last`: the number of the row before it; 0: there is none. */
  truncate(row: number, last: number): void;
  /** Forgets the oldest rows. */
  dropOldest(rows: number): void;
}

/** Makes bounds of no rows. */
export function createFoldBounds(): FoldBounds {
  return new Bounds();
}

/** So many places at the beginning may lie idle before they are given back. */
const MAX_IDLE = 1_024;

class Bounds implements FoldBounds {
  /** The newest row of each fold, rising, and counted so that rows that go at the bottom change nothing: from `#base`. */
  #ends: number[] = [];
  /** The first of `#ends` that is still there. */
  #head = 0;
  #base = 0;
  #length = 0;
  #last = 0;

  get count(): number {
    return this.#ends.length - this.#head;
  }

  newestOf(fold: number): number {
    const end = fold < 0 || fold >= this.count ? undefined : this.#ends[this.#ends.length - 1 - fold];
    return end === undefined ? -1 : end - this.#base;
  }

  foldOf(row: number): number {
    const place = row + this.#base;
    let [low, high] = [this.#head, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) < place) low = middle + 1;
      else high = middle;
    }
    return this.#ends.length - 1 - low;
  }

  push(number: number): void {
    const place = this.#base + this.#length;
    const isSame = number !== 0 && number === this.#last && this.count > 0;
    if (isSame) this.#ends[this.#ends.length - 1] = place;
    else this.#ends.push(place);
    this.#length++;
    this.#last = number;
  }

  unshift(numbers: readonly number[], above: number): void {
    const ends: number[] = [];
    this.#base -= numbers.length;
    for (const [i, number] of numbers.entries()) {
      const next = i + 1 < numbers.length ? (numbers[i + 1] as number) : above;
      if (number === 0 || number !== next) ends.push(this.#base + i);
    }
    if (this.#length === 0) this.#last = numbers.at(-1) ?? 0;
    this.#length += numbers.length;
    this.#ends = ends.concat(this.#head === 0 ? this.#ends : this.#ends.slice(this.#head));
    this.#head = 0;
  }

  truncate(row: number, last: number): void {
    if (row >= this.#length) return;
    const place = row + this.#base;
    while (this.count > 0 && (this.#ends.at(-1) as number) >= place) this.#ends.pop();
    // The fold of the row before may have gone on.
    if (row > 0 && (this.count === 0 || this.#ends.at(-1) !== place - 1)) this.#ends.push(place - 1);
    this.#length = row;
    this.#last = last;
  }

  dropOldest(rows: number): void {
    const dropped = Math.min(rows, this.#length);
    this.#base += dropped;
    this.#length -= dropped;
    while (this.#head < this.#ends.length && (this.#ends[this.#head] as number) < this.#base) this.#head++;
    if (this.#head <= MAX_IDLE || this.#head < this.#ends.length / 2) return;
    this.#ends = this.#ends.slice(this.#head);
    this.#head = 0;
  }
}
