/**
 * Estimates how far the local wall clock stands from the venue's, from the event times in its messages.
 *
 * A message cannot arrive before it was sent, so `received - event time = offset + one-way delay`, delay >= 0: the smallest
 * difference seen is an upper bound on the offset, and as tight as the fastest message was fast. Differences are gathered in
 * windows, so that drift leaves the estimate, and a window far from the others (one corrupt event time makes one) is set aside.
 */

/** The offset to one venue. `local - venue`, so -1250 says that the local clock is 1.25 s behind. */
export interface ClockEstimate {
  readonly offsetMs: number;
  /** Half-width of the range the offset is in, around `offsetMs`. */
  readonly uncertaintyMs: number;
  /** Event times the estimate rests on, those of windows long forgotten included. */
  readonly samples: number;
  /** `event_time`: the floor of the one-way delay is assumed; `event_time_and_round_trip`: it is bounded by a measured round trip. */
  readonly source: "event_time" | "event_time_and_round_trip";
  /** How many messages seemed to arrive before they were sent: proof that the clocks disagree. Counted, never clipped. */
  readonly negativeLagCount: number;
}

/** All times in milliseconds. */
export interface ClockEstimatorOptions {
  /** Length of a window, by receive time; default 10,000. */
  readonly windowMs?: number;
  /** Windows remembered; default 12: at 5 ppm of drift and two minutes the estimate is off by 0.6 ms at most. */
  readonly windows?: number;
  /** What the fastest message may have taken when no round trip is known; default 50. */
  readonly assumedOneWayMs?: number;
}

/** Takes samples in tens of nanoseconds, without allocating. Made by `createClockEstimator`. */
export interface ClockEstimator {
  /** One message. Without an event time there is no sample; a value that is no finite number is ignored. */
  addSample(eventTimeMs: number | undefined, receivedEpochMs: number): void;
  /** One measured request to the same venue over the same path; the shortest one bounds the one-way delay. */
  addRoundTrip(roundTripMs: number): void;
  /** The estimate as of now; `undefined` before the first sample. */
  estimate(): ClockEstimate | undefined;
  /** The delay of a message with the estimated offset taken out; raw, so it may be negative. `undefined` before the first sample. */
  correctedLagMs(eventTimeMs: number, receivedEpochMs: number): number | undefined;
}

const DEFAULT_WINDOW_MS = 10_000;
const DEFAULT_WINDOWS = 12;
const DEFAULT_ASSUMED_ONE_WAY_MS = 50;
/** Event times are whole milliseconds: the venue's clock may have read up to one more. */
const EVENT_TIME_STEP_MS = 1;
/** A window this far from the median of all is an error in the data, whatever the spread. */
const OUTLIER_FLOOR_MS = 100;
const OUTLIER_SPREADS = 5;

/** An estimator for one venue and path; `RangeError` when a number is not positive. */
export function createClockEstimator(options: ClockEstimatorOptions = {}): ClockEstimator {
  const windowMs = positive("windowMs", options.windowMs ?? DEFAULT_WINDOW_MS);
  const windows = Math.floor(positive("windows", options.windows ?? DEFAULT_WINDOWS));
  const assumedOneWayMs = positive("assumedOneWayMs", options.assumedOneWayMs ?? DEFAULT_ASSUMED_ONE_WAY_MS);
  return new WindowedMinimum(windowMs, Math.max(1, windows), assumedOneWayMs);
}

class WindowedMinimum implements ClockEstimator {
  readonly #windowMs: number;
  readonly #assumedOneWayMs: number;
  /** Closed windows, overwritten in turn; the open one is kept apart. */
  readonly #closed: Float64Array;
  #closedCount = 0;
  #openedAtMs = Number.NaN;
  #openMinimum = Number.POSITIVE_INFINITY;
  #shortestRoundTripMs = Number.POSITIVE_INFINITY;
  #samples = 0;
  #negativeLagCount = 0;
  /** The offset as of the last estimate, so that a corrected lag costs no sorting. */
  #offsetMs: number | undefined;

  constructor(windowMs: number, windows: number, assumedOneWayMs: number) {
    this.#windowMs = windowMs;
    this.#assumedOneWayMs = assumedOneWayMs;
    this.#closed = new Float64Array(windows);
  }

  addSample(eventTimeMs: number | undefined, receivedEpochMs: number): void {
    if (eventTimeMs === undefined) return;
    const lagMs = receivedEpochMs - eventTimeMs;
    if (!Number.isFinite(lagMs)) return;
    const age = receivedEpochMs - this.#openedAtMs;
    // Also closes when the wall clock stepped back; NaN at the very first sample compares false twice.
    if (age >= this.#windowMs || age < 0) this.#closeWindow();
    if (this.#openMinimum === Number.POSITIVE_INFINITY) this.#openedAtMs = receivedEpochMs;
    this.#samples++;
    if (lagMs < 0) this.#negativeLagCount++;
    if (lagMs < this.#openMinimum) this.#openMinimum = lagMs;
  }

  addRoundTrip(roundTripMs: number): void {
    if (roundTripMs >= 0 && roundTripMs < this.#shortestRoundTripMs) this.#shortestRoundTripMs = roundTripMs;
  }

  estimate(): ClockEstimate | undefined {
    const range = this.#range();
    if (range === undefined) return undefined;
    const measured = this.#shortestRoundTripMs !== Number.POSITIVE_INFINITY;
    // A round trip bounds the delay from both sides: the offset is in [minimum - round trip, minimum].
    const offsetMs = measured ? range.minimum - this.#shortestRoundTripMs / 2 : range.minimum;
    const delayMs = measured ? this.#shortestRoundTripMs / 2 : this.#assumedOneWayMs;
    this.#offsetMs = offsetMs;
    return {
      offsetMs,
      uncertaintyMs: delayMs + range.spread + EVENT_TIME_STEP_MS,
      samples: this.#samples,
      source: measured ? "event_time_and_round_trip" : "event_time",
      negativeLagCount: this.#negativeLagCount,
    };
  }

  correctedLagMs(eventTimeMs: number, receivedEpochMs: number): number | undefined {
    const offsetMs = this.#offsetMs ?? this.estimate()?.offsetMs;
    return offsetMs === undefined ? undefined : receivedEpochMs - eventTimeMs - offsetMs;
  }

  #closeWindow(): void {
    if (this.#openMinimum === Number.POSITIVE_INFINITY) return;
    this.#closed[this.#closedCount++ % this.#closed.length] = this.#openMinimum;
    this.#openMinimum = Number.POSITIVE_INFINITY;
    this.#offsetMs = undefined;
  }

  /** The smallest window minimum that agrees with the others, and how far those lie apart. */
  #range(): { minimum: number; spread: number } | undefined {
    const minima = [...this.#closed.subarray(0, Math.min(this.#closedCount, this.#closed.length))];
    if (this.#openMinimum !== Number.POSITIVE_INFINITY) minima.push(this.#openMinimum);
    if (minima.length === 0) return undefined;
    // Of two middle values the later one: a single corrupt event time makes a minimum too early, hardly anything one too late.
    const centre = ranked(minima, minima.length >> 1);
    const distances = minima.map((value) => Math.abs(value - centre));
    const allowed = Math.max(OUTLIER_FLOOR_MS, OUTLIER_SPREADS * ranked(distances, (distances.length - 1) >> 1));
    const agreeing = minima.filter((value) => Math.abs(value - centre) <= allowed);
    const minimum = Math.min(...agreeing);
    return { minimum, spread: Math.max(...agreeing) - minimum };
  }
}

function ranked(values: readonly number[], rank: number): number {
  return Float64Array.from(values).sort()[rank] ?? Number.NaN;
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`${name} must be a positive number of milliseconds or windows, got ${value}`);
}
