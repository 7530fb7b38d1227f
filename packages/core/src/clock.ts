// Time: a monotonic clock for durations and order, anchored to the wall clock for timestamps.

/** Where the time comes from. Inject one to make a run deterministic. */
export interface Clock {
  /** Monotonic time in milliseconds since an arbitrary origin; never goes back. Cost: one clock read (about 45 ns). */
  nowMs(): number;
  /** The wall-clock time, in whole microseconds since 1970 (UTC), of a monotonic instant of this clock. No clock read. */
  epochMicros(monotonicMs: number): number;
  /** The same for the first `count` of `times`, in place: no garbage, which a returned number may be. Default: one by one. */
  toEpochMicros?(times: Float64Array, count: number): void;
}

/** Replaces the first `count` monotonic times by wall-clock times in microseconds. */
export function toEpochMicros(clock: Clock, times: Float64Array, count: number): void {
  if (clock.toEpochMicros !== undefined) clock.toEpochMicros(times, count);
  else for (let i = 0; i < count; i++) times[i] = clock.epochMicros(times[i]!);
}

/** A clock that follows the machine's clocks and notices when the wall clock steps. */
export interface SystemClock extends Clock {
  /**
   * Compares the wall clock with the anchor and moves the anchor when they differ.
   *
   * Returns the step in milliseconds when it reached `stepThresholdMs` (positive: the wall clock went forward), otherwise 0;
   * smaller differences (slewing) are followed silently. Call it about once a second.
   */
  check(): number;
}

/** Options of {@link createSystemClock}. */
export interface SystemClockOptions {
  /** Reads monotonic milliseconds. Default: `performance.now`. */
  readonly monotonicMs?: () => number;
  /** Reads wall-clock milliseconds since 1970. Default: `performance.timeOrigin + performance.now()` at the start, `Date.now` after it. */
  readonly wallMs?: () => number;
  /** A difference of at least this many milliseconds is a step. Default 100; range 1 to 60000. */
  readonly stepThresholdMs?: number;
}

/** Makes the clock of a live process: monotonic readings, anchored to the wall clock, re-anchored by `check()`. */
export function createSystemClock(options: SystemClockOptions = {}): SystemClock {
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const wallMs = options.wallMs ?? Date.now;
  const threshold = options.stepThresholdMs ?? 100;
  // The difference between the two clocks, in microseconds. Date.now() is whole milliseconds: add half of one, the expected rest.
  const read = (): number => Math.round((wallMs() - monotonicMs()) * 1000) + 500;
  let offsetMicros =
    options.wallMs === undefined && options.monotonicMs === undefined
      ? Math.round(performance.timeOrigin * 1000)
      : read();
  return {
    nowMs: monotonicMs,
    epochMicros: (ms) => Math.round(offsetMicros + ms * 1000),
    toEpochMicros(times, count) {
      for (let i = 0; i < count; i++) times[i] = Math.round(offsetMicros + times[i]! * 1000);
    },
    check() {
      const now = read();
      const differenceMs = (now - offsetMicros) / 1000;
      // Under two milliseconds is the grain of Date.now() and scheduling, not a difference of clocks.
      if (Math.abs(differenceMs) < 2) return 0;
      offsetMicros = now;
      return Math.abs(differenceMs) >= threshold ? differenceMs : 0;
    },
  };
}

/** A clock that stands still until it is told the time: for replays and tests. */
export interface ManualClock extends Clock {
  /** Sets the time to `epochMicros`; going back is ignored, as monotonic time never does. */
  advanceTo(epochMicros: number): void;
}

/** Makes a clock that shows `epochMicros` (microseconds since 1970) until it is advanced. */
export function createManualClock(epochMicros: number): ManualClock {
  const origin = epochMicros;
  let now = epochMicros;
  return {
    nowMs: () => (now - origin) / 1000,
    epochMicros: (ms) => Math.round(origin + ms * 1000),
    toEpochMicros(times, count) {
      for (let i = 0; i < count; i++) times[i] = Math.round(origin + times[i]! * 1000);
    },
    advanceTo(to) {
      if (to > now) now = to;
    },
  };
}

/**
 * Formats microseconds since 1970 as `2026-11-20T12:34:56.789012Z`: always six digits and `Z`, so that text sorts as time.
 *
 * Instants outside the years 0 to 9999 are clamped to them, and NaN is 1970. Cost: about a microsecond; the journal keeps the text of
 * the running second instead.
 */
export function toTimestamp(epochMicros: number): string {
  const bounded = Math.floor(Math.min(Math.max(epochMicros || 0, MIN_MICROS), MAX_MICROS));
  const second = Math.floor(bounded / 1e6);
  const micros = bounded - second * 1e6;
  return `${new Date(second * 1000).toISOString().slice(0, 20)}${String(micros).padStart(6, "0")}Z`;
}

const MIN_MICROS = new Date("0000-01-01T00:00:00Z").getTime() * 1000;
/** The last number below the year 10000: numbers are 32 microseconds apart by then, and .999999 would round up into it. */
const MAX_MICROS = new Date("9999-12-31T23:59:59Z").getTime() * 1000 + 999_968;

/**
 * Reads a timestamp as {@link toTimestamp} writes it (and any ISO 8601 instant with a zone) to microseconds since 1970.
 *
 * Returns undefined for text that is not an instant.
 */
export function parseTimestamp(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return undefined;
  const seconds = Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(seconds)) return undefined;
  return seconds * 1000 + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
}
