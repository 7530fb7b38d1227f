// Events of a sliding window, counted by the second.
import type { RuleWindow } from "./rule-window.ts";

/** Counts what came within the last so many seconds. */
export class CountWindow implements RuleWindow<number> {
  readonly seconds: number;
  readonly ages: readonly number[];
  /** Rising; the first `#start` are gone. */
  #at: number[] = [];
  #counts: number[] = [];
  #start = 0;
  #total = 0;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.ages = [seconds];
  }

  get total(): number {
    return this.#total;
  }

  get isEmpty(): boolean {
    return this.#start === this.#at.length;
  }

  add(second: number, count: number): boolean {
    this.#total += count;
    let place = this.#at.length;
    while (place > this.#start && this.#at[place - 1]! > second) place--;
    if (place > this.#start && this.#at[place - 1] === second) {
      this.#counts[place - 1]! += count;
      return false;
    }
    this.#at.splice(place, 0, second);
    this.#counts.splice(place, 0, count);
    return true;
  }

  dropBefore(second: number): void {
    while (this.#start < this.#at.length && this.#at[this.#start]! < second)
      this.#total -= this.#counts[this.#start++]!;
    // Half of it is gone: what is left moves up, so that each entry is moved about once.
    if (this.#start < 64 || this.#start * 2 < this.#at.length) return;
    this.#at = this.#at.slice(this.#start);
    this.#counts = this.#counts.slice(this.#start);
    this.#start = 0;
  }
}

/** Knows only whether anything came within the last so many seconds. */
export class PresenceWindow implements RuleWindow<unknown> {
  readonly seconds: number;
  readonly ages: readonly number[];
  #last = Number.NEGATIVE_INFINITY;
  #isPresent = false;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.ages = [seconds];
  }

  get isPresent(): boolean {
    return this.#isPresent;
  }

  get isEmpty(): boolean {
    return !this.#isPresent;
  }

  add(second: number): boolean {
    this.#isPresent = true;
    if (second <= this.#last) return false;
    this.#last = second;
    return true;
  }

  dropBefore(second: number): void {
    if (this.#last < second) this.#isPresent = false;
  }
}
