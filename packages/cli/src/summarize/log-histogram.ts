// A histogram of fixed size for as many values as there may be.

/** Buckets per doubling: each is 0.54 % wide, and its geometric middle is within 0.28 % of every value in it. */
const PER_DOUBLING = 128;
/** 2^-40 ms is below a femtosecond, 2^44 ms are 500 years. */
const LEAST_EXPONENT = -40;
const MOST_EXPONENT = 44;
const BUCKETS = (MOST_EXPONENT - LEAST_EXPONENT) * PER_DOUBLING;

/** Counts values of at least 0 in buckets that grow with the value; bucket 0 holds zeros and what is too small to tell from them. */
export class LogHistogram {
  readonly #counts = new Float64Array(BUCKETS + 1);
  #count = 0;

  add(value: number): void {
    this.#counts[bucketOf(value)]!++;
    this.#count++;
  }

  /** The values at these ranks (from 1, rising), each within 0.3 %; zeros are exact. */
  atRanks(ranks: readonly number[]): number[] {
    const values: number[] = [];
    let bucket = 0;
    let below = this.#counts[0]!;
    for (const rank of ranks) {
      while (below < Math.min(rank, this.#count)) below += this.#counts[++bucket]!;
      values.push(middleOf(bucket));
    }
    return values;
  }
}

function bucketOf(value: number): number {
  if (value < 2 ** LEAST_EXPONENT) return 0;
  return Math.min(Math.floor((Math.log2(value) - LEAST_EXPONENT) * PER_DOUBLING) + 1, BUCKETS);
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** ((bucket - 0.5) / PER_DOUBLING + LEAST_EXPONENT);
}
