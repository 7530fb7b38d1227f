// One metric divided by another, over the same sliding window.
import type { MetricSample } from "@tracebook/store";
import { divide, type WindowValue } from "./exact-value.ts";
import type { ValueWindow } from "./rule-window.ts";
import { isMatch, type SampleMatch } from "./sample-match.ts";

/** A side of the division. */
interface Side {
  readonly match: SampleMatch;
  readonly window: ValueWindow;
}

/** Holds the windows of both; a sample may be of both. */
export class RatioWindow implements ValueWindow {
  readonly seconds: number;
  readonly ages: readonly number[];
  readonly #dividend: Side;
  readonly #divisor: Side;
  readonly #isZeroAbsent: boolean;

  /** Both windows look back as far. `isZeroAbsent`: a dividend that is not there is 0. */
  constructor(dividend: Side, divisor: Side, isZeroAbsent: boolean) {
    this.#dividend = dividend;
    this.#divisor = divisor;
    this.#isZeroAbsent = isZeroAbsent;
    this.seconds = dividend.window.seconds;
    this.ages = dividend.window.ages;
  }

  get isEmpty(): boolean {
    return this.#dividend.window.isEmpty && this.#divisor.window.isEmpty;
  }

  add(at: number, sample: MetricSample): boolean {
    let isNew = false;
    for (const { match, window } of [this.#dividend, this.#divisor])
      if (isMatch(match, sample) && window.add(at, sample)) isNew = true;
    return isNew;
  }

  dropBefore(at: number): void {
    this.#dividend.window.dropBefore(at);
    this.#divisor.window.dropBefore(at);
  }

  /** The quotient; undefined where the divisor is absent or 0. Throws when there are too many values to hold. */
  value(): WindowValue | undefined {
    const divisor = this.#divisor.window.value();
    const dividend = this.#dividend.window.value() ?? (this.#isZeroAbsent ? 0 : undefined);
    return divisor === undefined || dividend === undefined ? undefined : divide(dividend, divisor);
  }
}
