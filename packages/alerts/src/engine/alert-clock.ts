// The time, and what is to be done later; tests bring their own.

/** A clock. */
export interface AlertClock {
  /** Milliseconds since 1970; somebody may set it, back or forth. */
  readonly nowMs: () => number;
  /** Milliseconds since some instant; they only ever go on, whatever becomes of the time of day. */
  readonly elapsedMs: () => number;
  /** Calls `run` once after `delayMs`; the function that is returned calls it off. */
  readonly schedule: (run: () => void, delayMs: number) => () => void;
}

/** The clock of the machine; what is scheduled keeps no process alive. */
export const SYSTEM_CLOCK: AlertClock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
