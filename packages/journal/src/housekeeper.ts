// Calls for housekeeping at the right times: soon after the start, every hour, and when a file was closed.
import { type HousekeepingResult, keepHouse } from "./housekeeping.ts";
import type { ResolvedOptions } from "./journal-options.ts";

/** The housekeeping of an open journal. */
export interface Housekeeper {
  /** Asks for a round within a second or so. */
  soon(): void;
  /** Stops a running round at the next file and waits for that. */
  close(): Promise<void>;
}

const EVERY_MS = 3_600_000;
const SOON_MS = 1_000;

/** Starts housekeeping: the first round comes a second after the start. Its timers keep no process alive. */
export function createHousekeeper(options: ResolvedOptions): Housekeeper {
  const controller = new AbortController();
  let running: Promise<HousekeepingResult> | undefined;
  /** The timer runs: whoever asks meanwhile is served by the same round, and does not put it off. */
  let isDue = true;
  let isAsked = false;
  const round = (): void => {
    isDue = false;
    isAsked = running !== undefined;
    if (isAsked || controller.signal.aborted) return;
    const { clock } = options;
    running = keepHouse({ ...options, nowMicros: clock.epochMicros(clock.nowMs()) }, controller.signal);
    void running.then(({ isDone, problems }) => {
      running = undefined;
      // One line a round: what fails for one file fails for its neighbours.
      if (isDone && problems[0] !== undefined) options.onProblem(problems[0]);
      if (isAsked) soon();
    });
  };
  const timer = setTimeout(round, SOON_MS).unref();
  const hourly = setInterval(round, EVERY_MS).unref();
  const soon = (): void => {
    if (isDue || controller.signal.aborted) return;
    isDue = true;
    timer.refresh();
  };
  return {
    soon,
    async close() {
      controller.abort();
      clearTimeout(timer);
      clearInterval(hourly);
      await running;
    },
  };
}
