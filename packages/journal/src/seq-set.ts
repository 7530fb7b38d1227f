// A set of sequence numbers as ranges: a day of records without a gap is one pair of numbers.

/** Both ends included. */
export interface SeqRange {
  readonly first: number;
  readonly last: number;
}

/** Grows by numbers and ranges; cheap when they come in rising order. */
export class SeqSet {
  #firsts: number[] = [];
  #lasts: number[] = [];

  /** Adds a number. False when it was there already. */
  add(seq: number): boolean {
    const end = this.#lasts.length - 1;
    if (end >= 0 && seq === this.#lasts[end]! + 1) {
      this.#lasts[end] = seq;
      return true;
    }
    if (this.has(seq)) return false;
    this.addRange(seq, seq);
    return true;
  }

  /** Adds a range; ranges that overlap or touch become one. */
  addRange(first: number, last: number): void {
    let from = this.#indexOf(first);
    // A range that ends right before this one belongs to it.
    if (from > 0 && this.#lasts[from - 1]! >= first - 1) from--;
    let to = from;
    let low = first;
    let high = last;
    while (to < this.#firsts.length && this.#firsts[to]! <= last + 1) {
      low = Math.min(low, this.#firsts[to]!);
      high = Math.max(high, this.#lasts[to]!);
      to++;
    }
    this.#firsts.splice(from, to - from, low);
    this.#lasts.splice(from, to - from, high);
  }

  has(seq: number): boolean {
    const at = this.#indexOf(seq + 1) - 1;
    return at >= 0 && this.#lasts[at]! >= seq;
  }

  get first(): number | undefined {
    return this.#firsts[0];
  }

  get last(): number | undefined {
    return this.#lasts.at(-1);
  }

  /** The ranges between the ranges. */
  *gaps(): Generator<SeqRange> {
    for (let i = 1; i < this.#firsts.length; i++) yield { first: this.#lasts[i - 1]! + 1, last: this.#firsts[i]! - 1 };
  }

  *ranges(): Generator<SeqRange> {
    for (let i = 0; i < this.#firsts.length; i++) yield { first: this.#firsts[i]!, last: this.#lasts[i]! };
  }

  /** How many of the numbers from `first` to `last` are not in the set. */
  missingIn(first: number, last: number): number {
    let missing = last - first + 1;
    for (let i = Math.max(this.#indexOf(first) - 1, 0); i < this.#firsts.length && this.#firsts[i]! <= last; i++) {
      const from = Math.max(this.#firsts[i]!, first);
      const to = Math.min(this.#lasts[i]!, last);
      if (from <= to) missing -= to - from + 1;
    }
    return missing;
  }

  /** The index of the first range that begins at `seq` or after it. */
  #indexOf(seq: number): number {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#firsts[middle]! < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
