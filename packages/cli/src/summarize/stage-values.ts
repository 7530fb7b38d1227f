// All values of one stage: every one of them while they fit, a histogram from then on.
import { LogHistogram } from "./log-histogram.ts";

/** The figures of a stage, in milliseconds. */
export interface StageFigures {
  readonly count: number;
  readonly minMs: number;
  readonly averageMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

const PERCENTS = [50, 90, 95, 99];
const CHUNK_VALUES = 16_384;

/** Collects the durations of a stage. */
export class StageValues {
  count = 0;
  #minMs = Number.POSITIVE_INFINITY;
  #maxMs = 0;
  #sumMs = 0;
  #chunks: Float64Array[] = [];
  #histogram: LogHistogram | undefined;

  /** A finite number of milliseconds, at least 0. */
  add(ms: number): void {
    if (this.#histogram !== undefined) this.#histogram.add(ms);
    else {
      const at = this.count % CHUNK_VALUES;
      if (at === 0) this.#chunks.push(new Float64Array(CHUNK_VALUES));
      this.#chunks.at(-1)![at] = ms;
    }
    this.count++;
    this.#sumMs += ms;
    if (ms < this.#minMs) this.#minMs = ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  /** Gives up the single values; what comes is only counted. */
  toHistogram(): void {
    const histogram = new LogHistogram();
    for (const values of this.#filled()) for (const ms of values) histogram.add(ms);
    this.#chunks = [];
    this.#histogram = histogram;
  }

  /** Of at least one value. Cost: copies and sorts the values. */
  figures(): StageFigures {
    // Nearest rank: the smallest value that at least so many percent of all values do not exceed.
    const ranks = PERCENTS.map((percent) => Math.max(Math.ceil((percent * this.count) / 100), 1));
    const [p50Ms, p90Ms, p95Ms, p99Ms] = this.#atRanks(ranks) as [number, number, number, number];
    const averageMs = this.#within(this.#sumMs / this.count);
    return { count: this.count, minMs: this.#minMs, averageMs, maxMs: this.#maxMs, p50Ms, p90Ms, p95Ms, p99Ms };
  }

  #atRanks(ranks: readonly number[]): number[] {
    if (this.#histogram !== undefined) return this.#histogram.atRanks(ranks).map((ms) => this.#within(ms));
    const sorted = new Float64Array(this.count);
    let at = 0;
    for (const values of this.#filled()) {
      sorted.set(values, at);
      at += values.length;
    }
    sorted.sort();
    return ranks.map((rank) => sorted[rank - 1]!);
  }

  /** An estimate lies where values lie: `min <= estimate <= max`. */
  #within(ms: number): number {
    return Math.min(Math.max(ms, this.#minMs), this.#maxMs);
  }

  *#filled(): Generator<Float64Array> {
    let left = this.count;
    for (const chunk of this.#chunks) {
      yield left >= CHUNK_VALUES ? chunk : chunk.subarray(0, left);
      left -= CHUNK_VALUES;
    }
  }
}
