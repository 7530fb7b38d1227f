// Whether the time of day was set: it is held against a clock that only ever goes on.
import type { AlertClock } from "./alert-clock.ts";

/** By less than this clocks are kept in time all day. */
const LEAST_STEP_MS = 2_000;

/** Watches a clock. What happens slowly, however far it leads, is no step. */
export class ClockWatch {
  readonly #clock: Pick<AlertClock, "nowMs" | "elapsedMs">;
  #aheadMs: number;
  #steps = 0;

  constructor(clock: Pick<AlertClock, "nowMs" | "elapsedMs">) {
    this.#clock = clock;
    this.#aheadMs = clock.nowMs() - clock.elapsedMs();
  }

  /** So many steps were taken. */
  get steps(): number {
    return this.#steps;
  }

  /** By how many milliseconds it was set since this was last asked, negative: back; 0: it was not. */
  takeStep(): number {
    const aheadMs = this.#clock.nowMs() - this.#clock.elapsedMs();
    const stepMs = aheadMs - this.#aheadMs;
    this.#aheadMs = aheadMs;
    if (Math.abs(stepMs) < LEAST_STEP_MS) return 0;
    this.#steps++;
    return stepMs;
  }
}
