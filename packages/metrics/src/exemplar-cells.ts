// The exemplars of one histogram series: for each bucket the trace of a value that fell into it, as numbers until someone asks.
import { traceIdToHex, wordsToHex } from "@tracebook/core/extension";

/** A value and the trace it came from. */
export interface Exemplar {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** As it was recorded, in the unit of the metric. */
  readonly value: number;
  /** When the value was measured: wall-clock milliseconds since 1970. */
  readonly timeEpochMs: number;
}

/** Where a value comes from: the ids of its trace and span as signed 32-bit words, as an ended flow has them. */
export interface ExemplarOrigin {
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  readonly span0: number;
  readonly span1: number;
}

/** A bucket takes a new exemplar at most this often: nobody scrapes faster, and a busy bucket should cost one comparison. */
const MIN_GAP_MS = 100;
/** Numbers a bucket: value, time. */
const NUMBERS = 2;
/** Words a bucket: four of the trace id, two of the span id. */
const WORDS = 6;

/** One exemplar a bucket, the last one that was not too soon after the one before; 40 bytes each. */
export class ExemplarCells {
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;

  constructor(buckets: number) {
    // A time of NaN is no exemplar: no difference to it is small.
    this.#numbers = new Float64Array(NUMBERS * buckets).fill(Number.NaN);
    this.#words = new Int32Array(WORDS * buckets);
  }

  /** Remembers a value of a bucket; the same as {@link noteAt}. */
  note(bucket: number, value: number, timeEpochMs: number, origin: ExemplarOrigin): void {
    this.noteAt(bucket, Float64Array.of(value, timeEpochMs), 0, 1, origin);
  }

  /** Remembers the value `values[at]` of a bucket, measured at `values[timeAt]`, wall-clock milliseconds since 1970. Cost: a comparison, and eight array writes when the bucket's exemplar is old. No garbage. */
  noteAt(bucket: number, values: Float64Array, at: number, timeAt: number, origin: ExemplarOrigin): void {
    const numbers = this.#numbers;
    const to = bucket * NUMBERS;
    const timeEpochMs = values[timeAt]!;
    // Either way: after a step of the wall clock backwards, exemplars must not stand still until it has caught up.
    const gapMs = timeEpochMs - numbers[to + 1]!;
    if (gapMs < MIN_GAP_MS && gapMs > -MIN_GAP_MS) return;
    numbers[to] = values[at]!;
    numbers[to + 1] = timeEpochMs;
    const words = this.#words;
    const from = bucket * WORDS;
    words[from] = origin.trace0;
    words[from + 1] = origin.trace1;
    words[from + 2] = origin.trace2;
    words[from + 3] = origin.trace3;
    words[from + 4] = origin.span0;
    words[from + 5] = origin.span1;
  }

  /** The exemplar of each bucket; undefined for a bucket that has none. Makes strings. */
  list(): (Exemplar | undefined)[] {
    const buckets = this.#numbers.length / NUMBERS;
    return Array.from({ length: buckets }, (_, bucket) => {
      const value = this.#numbers[bucket * NUMBERS]!;
      const timeEpochMs = this.#numbers[bucket * NUMBERS + 1]!;
      if (Number.isNaN(timeEpochMs)) return undefined;
      const [a = 0, b = 0, c = 0, d = 0, high = 0, low = 0] = this.#words.subarray(
        bucket * WORDS,
        (bucket + 1) * WORDS,
      );
      return { traceId: traceIdToHex(a, b, c, d), spanId: wordsToHex(high, low), value, timeEpochMs };
    });
  }
}
