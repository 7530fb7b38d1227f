// The distribution of one series: explicit buckets, and fine exponential ones for percentiles and OpenTelemetry's other histogram.
import { exponentialIndex, MAX_INDEX, MIN_INDEX, middleOf, SCALE, ZERO_INDEX } from "./exponential-index.ts";

/** What is known of a distribution, in the unit of its values. Percentiles are within 1.1 % of the nearest-rank ones; the rest is exact. */
export interface HistogramSummary {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly avg: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** A base-2 exponential histogram of non-negative values, as OTLP carries it: bucket i holds (base^i, base^(i+1)], base = 2^(2^-scale). */
export interface ExponentialSnapshot {
  readonly scale: number;
  /** Values of 0, and those too small to tell from it (up to 2^-40). */
  readonly zeroCount: number;
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] };
}

/** OpenTelemetry's default for the number of buckets of an exponential histogram. */
const MAX_BUCKETS = 160;

/** The explicit buckets of a metric, worked out once for all its series. */
export interface BucketShape {
  /** Upper bounds, inclusive, and infinity. */
  readonly bounds: Float64Array;
  /** By exponential index, from {@link ZERO_INDEX}: the first bucket that a value with this index can be in. */
  readonly firstBucket: Uint8Array;
}

/** Works out buckets for rising `bounds`, at most 254. */
export function createBucketShape(bounds: readonly number[]): BucketShape {
  const indexes = bounds.map(exponentialIndex);
  const firstBucket = new Uint8Array(MAX_INDEX - ZERO_INDEX + 1);
  let bucket = 0;
  for (let index = ZERO_INDEX; index <= MAX_INDEX; index++) {
    // Indexes rise with values: a bound with a smaller index lies below every value with this one.
    while (bucket < indexes.length && indexes[bucket]! < index) bucket++;
    firstBucket[index - ZERO_INDEX] = bucket;
  }
  return { bounds: Float64Array.from([...bounds, Infinity]), firstBucket };
}

const OCTAVE = 1 << SCALE;
// The layout of the cells: four totals, one count an explicit bucket, then the window of fine buckets.
const SUM = 0;
const MIN = 1;
const MAX = 2;
const ZEROS = 3;
const COUNTS = 4;

/**
 * Counts values into explicit buckets and into a window of fine ones that grows to where the values are: about 2.5 kB for ten
 * powers of two, 23 kB at the very most. All numbers lie in one array, which makes recording twice as fast as with one array
 * for each purpose. Counts are doubles, exact to 2^53: a 32-bit count of a busy bucket overflows within weeks.
 */
export class Distribution {
  readonly #shape: BucketShape;
  /** Where the window begins in the cells. */
  readonly #start: number;
  #cells: Float64Array;
  /** The exponential indexes of the window: from `first` to before `end`. */
  #first = 0;
  #end = 0;

  constructor(shape: BucketShape) {
    this.#shape = shape;
    this.#start = COUNTS + shape.bounds.length;
    this.#cells = new Float64Array(this.#start);
    this.#cells[MIN] = Infinity;
  }

  /** Counts `value`; false, and nothing counted, for what is not a finite number of at least 0 or would make the sum overflow. */
  record(value: number): boolean {
    if (typeof value !== "number" || value < 0) return false;
    const cells = this.#cells;
    const sum = cells[SUM]! + value;
    // NaN, Infinity and an overflow of the sum in one comparison.
    if (!(sum < Infinity)) return false;
    cells[SUM] = sum;
    if (value < cells[MIN]!) cells[MIN] = value;
    if (value > cells[MAX]!) cells[MAX] = value;
    const index = exponentialIndex(value);
    const { bounds, firstBucket } = this.#shape;
    let bucket = firstBucket[index - ZERO_INDEX]!;
    // Fine buckets are narrower than explicit ones: this loop runs once at most, but for bounds closer than 2 %.
    while (value > bounds[bucket]!) bucket++;
    cells[COUNTS + bucket]! += 1;
    if (index >= this.#first && index < this.#end) cells[this.#start + index - this.#first]! += 1;
    else this.#outside(index);
    return true;
  }

  /** The explicit bucket of a value; `bounds.length` stands for what is no value at all. Counts nothing. */
  bucketOf(value: number): number {
    const { bounds, firstBucket } = this.#shape;
    if (!(value >= 0 && value < Infinity)) return bounds.length;
    let bucket = firstBucket[exponentialIndex(value) - ZERO_INDEX]!;
    while (value > bounds[bucket]!) bucket++;
    return bucket;
  }

  /** The same for a value in an array: a number that is handed over may be garbage, a place never is. */
  recordAt(values: Float64Array, at: number): boolean {
    return this.record(values[at]!);
  }

  get count(): number {
    let count = 0;
    for (let i = COUNTS; i < this.#start; i++) count += this.#cells[i]!;
    return count;
  }

  get sum(): number {
    return this.#cells[SUM]!;
  }

  /** Infinity before the first value. A recorded -0 is 0. */
  get min(): number {
    return this.#cells[MIN]! + 0;
  }

  get max(): number {
    return this.#cells[MAX]!;
  }

  /** One count an explicit bucket, the last one for values above all bounds. */
  counts(): number[] {
    const counts: number[] = [];
    for (let i = COUNTS; i < this.#start; i++) counts.push(this.#cells[i]!);
    return counts;
  }

  /** The value at or below which `percent` (0 to 100) of all values lie; undefined when there is none yet. */
  percentile(percent: number): number | undefined {
    const count = this.count;
    if (count === 0) return undefined;
    const rank = Math.min(Math.max(Math.ceil((percent * count) / 100), 1), count);
    if (rank === count) return this.max;
    let seen = this.#cells[ZEROS]!;
    if (rank === 1 || seen >= rank) return this.min;
    for (let index = this.#first; index < this.#end; index++) {
      seen += this.#cells[this.#start + index - this.#first]!;
      // The extremes are known exactly, so an estimate never leaves them.
      if (seen >= rank) return Math.min(Math.max(middleOf(index), this.min), this.max);
    }
    return this.max;
  }

  /** Everything at once; undefined when nothing was recorded. */
  summary(): HistogramSummary | undefined {
    const { count, sum, min, max } = this;
    if (count === 0) return undefined;
    const at = (percent: number): number => this.percentile(percent) ?? max;
    return { count, sum, min, avg: sum / count, p50: at(50), p90: at(90), p95: at(95), p99: at(99), max };
  }

  /** The distribution in at most `maxBuckets` exponential buckets: the scale goes down until they suffice. */
  exponential(maxBuckets: number = MAX_BUCKETS): ExponentialSnapshot {
    const cells = this.#cells;
    const zeroCount = cells[ZEROS]!;
    // Such that the cell of index i is at base + i.
    const base = this.#start - this.#first;
    let low = this.#first;
    let high = this.#end - 1;
    while (low <= high && cells[base + low] === 0) low++;
    while (high > low && cells[base + high] === 0) high--;
    if (low > high) return { scale: SCALE, zeroCount, positive: { offset: 0, bucketCounts: [] } };
    let shift = 0;
    while ((high >> shift) - (low >> shift) >= maxBuckets) shift++;
    const offset = low >> shift;
    const bucketCounts: number[] = [];
    let bucket = offset;
    let count = 0;
    for (let i = low; i <= high; i++) {
      if (i >> shift !== bucket) {
        bucketCounts.push(count);
        bucket++;
        count = 0;
      }
      count += cells[base + i]!;
    }
    bucketCounts.push(count);
    return { scale: SCALE - shift, zeroCount, positive: { offset, bucketCounts } };
  }

  /** Counts an index that is not in the window: nothing to speak of, or a reason to widen it. */
  #outside(index: number): void {
    if (index === ZERO_INDEX) this.#cells[ZEROS]! += 1;
    else {
      this.#widenTo(index);
      this.#cells[this.#start + index - this.#first]! += 1;
    }
  }

  /** Widens the window by whole octaves, one to spare on the side that was too short. */
  #widenTo(index: number): void {
    const isEmpty = this.#end === this.#first;
    const isBelow = isEmpty || index < this.#first;
    const isAbove = isEmpty || index >= this.#end;
    const octave = Math.floor(index / OCTAVE) * OCTAVE;
    const first = isBelow ? Math.max(MIN_INDEX, octave - OCTAVE) : this.#first;
    const end = isAbove ? Math.min(MAX_INDEX + 1, octave + 2 * OCTAVE) : this.#end;
    const cells = new Float64Array(this.#start + end - first);
    cells.set(this.#cells.subarray(0, this.#start));
    if (!isEmpty) cells.set(this.#cells.subarray(this.#start), this.#start + this.#first - first);
    this.#cells = cells;
    this.#first = first;
    this.#end = end;
  }
}
