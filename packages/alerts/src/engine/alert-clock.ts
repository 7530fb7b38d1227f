// The time, and what is to be done later; tests bring their own.

/** A clock. */
export interface AlertClock {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Calls `run` once after `delayMs`; the function that is returned calls it off. */
  readonly schedule: (run: () => void, delayMs: number) => () => void;
}

/** The clock of the machine; what is scheduled keeps no process alive. */
export const SYSTEM_CLOCK: AlertClock = {
  nowMs: () => Date.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
