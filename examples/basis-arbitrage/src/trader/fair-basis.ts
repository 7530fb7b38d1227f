/**
 * What the basis (spot price over perpetual price, in basis points) is taken to return to: its own average over market time, or a
 * fixed value. Integer arithmetic throughout, so that a replay finds the same value on every machine.
 */
import { ONE_BP } from "./basis-points.ts";

/** Made by `createFairBasis` or `createFixedFairBasis`. Values in basis points times 1e4. */
export interface FairBasis {
  /** `undefined` until enough market time has passed for the average to mean something. */
  readonly value: bigint | undefined;
  /** Average distance of the basis from the value: what is usual, to measure the unusual against. */
  readonly usualDeviation: bigint;
  /** True when enough market time has passed for `observe` to do something; spares working the basis out. */
  isDue(elapsedMs: number): boolean;
  /** The basis as of a market time; ignored when not due. */
  observe(basis: bigint, elapsedMs: number): void;
}

/** Milliseconds of market time. */
export interface FairBasisOptions {
  /** Time constant of the average; default 60,000. */
  readonly averagingMs?: number;
  /** No value before this much has been seen; default 2,000. */
  readonly warmUpMs?: number;
}

const DEFAULT_AVERAGING_MS = 60_000;
const DEFAULT_WARM_UP_MS = 2_000;
/** The average moves in steps of at least this much: at every tick would cost more and say no more. */
const STEP_MS = 50;
/** The average carries this many more digits than its value, so that small steps are not lost to rounding. */
const FINE = 1_000_000n;

/** An exponential average; while younger than its time constant it is the plain average, so that the start has no special weight. */
export function createFairBasis(options: FairBasisOptions = {}): FairBasis {
  return new AveragedBasis(
    positive("averagingMs", options.averagingMs ?? DEFAULT_AVERAGING_MS),
    positive("warmUpMs", options.warmUpMs ?? DEFAULT_WARM_UP_MS),
  );
}

/** A basis that is known: parity is 0. The usual deviation is still measured, from market time 0 on. */
export function createFixedFairBasis(value: bigint): FairBasis {
  return new AveragedBasis(DEFAULT_AVERAGING_MS, DEFAULT_WARM_UP_MS, value);
}

class AveragedBasis implements FairBasis {
  readonly #averagingMs: number;
  readonly #warmUpMs: number;
  readonly #fixed: bigint | undefined;
  #average = 0n;
  #deviation = 0n;
  #startedAtMs = Number.NaN;
  #steppedAtMs = Number.NaN;

  value: bigint | undefined;
  usualDeviation = ONE_BP;

  constructor(averagingMs: number, warmUpMs: number, fixed?: bigint) {
    this.#averagingMs = Math.round(averagingMs);
    this.#warmUpMs = warmUpMs;
    this.#fixed = fixed;
    this.value = fixed;
  }

  isDue(elapsedMs: number): boolean {
    return !(elapsedMs - this.#steppedAtMs < STEP_MS);
  }

  observe(basis: bigint, elapsedMs: number): void {
    if (!this.isDue(elapsedMs)) return;
    const sinceStepMs = elapsedMs - this.#steppedAtMs;
    if (Number.isNaN(sinceStepMs)) {
      this.#startedAtMs = elapsedMs;
      this.#steppedAtMs = elapsedMs;
      this.#average = basis * FINE;
      return;
    }
    const ageMs = elapsedMs - this.#startedAtMs;
    // Weight of the new value: its share of the time constant, or of the whole life while that is shorter.
    const spanMs = BigInt(Math.round(Math.max(sinceStepMs, Math.min(this.#averagingMs, ageMs))));
    const stepMs = BigInt(Math.round(sinceStepMs));
    this.#average += ((basis * FINE - this.#average) * stepMs) / spanMs;
    const centre = this.#fixed ?? this.#average / FINE;
    const distance = basis > centre ? basis - centre : centre - basis;
    this.#deviation += ((distance * FINE - this.#deviation) * stepMs) / spanMs;
    this.#steppedAtMs = elapsedMs;
    // A market that never moves would make every deviation infinitely unusual.
    this.usualDeviation = this.#deviation / FINE > 0n ? this.#deviation / FINE : 1n;
    if (this.#fixed === undefined && ageMs >= this.#warmUpMs) this.value = this.#average / FINE;
  }
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`${name} must be a positive number of milliseconds, got ${value}`);
}
