// The timers of a run: its end, the end of its load, outages, a line now and then.
import type { LaunchOptions } from "./launch-options.ts";

/** What happens when it is time for it. */
export interface RunEvents {
  status(): void;
  quiet(): void;
  outage(durationMs: number): void;
  end(): void;
}

const STATUS_EVERY_MS = 5_000;
/** A timer takes no more milliseconds than fit into 31 bits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Starts the clock; returns the way to stop it. */
export function startRunClock(options: LaunchOptions, events: RunEvents): () => void {
  const { seconds, loadSeconds, outageEverySeconds, outageSeconds } = options;
  const timers = [setInterval(() => events.status(), STATUS_EVERY_MS)];
  const after = (delaySeconds: number | undefined, run: () => void): void => {
    if (delaySeconds !== undefined && delaySeconds * 1e3 <= MAX_TIMER_MS)
      timers.push(setTimeout(run, delaySeconds * 1e3));
  };
  after(seconds, () => events.end());
  after(loadSeconds, () => events.quiet());
  if (outageEverySeconds !== undefined && outageEverySeconds * 1e3 <= MAX_TIMER_MS)
    timers.push(setInterval(() => events.outage(outageSeconds * 1e3), outageEverySeconds * 1e3));
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}
