/** When a recorded message is due, at the replay's speed. */
import type { Clock } from "./clock.ts";

/** How fast a recording is played: 1 as it happened, 10 ten times as fast, `max` without waiting at all. */
export type ReplaySpeed = number | "max";

/** The pace of one replay. Made by `createPacer`. */
export interface Pacer {
  /** Milliseconds until a message received at this time is due; 0 or less is now. The first message is always due. */
  delayMs(receivedNs: bigint): number;
  /** Puts everything that follows off: the replay stood still for this long. */
  postpone(durationMs: number): void;
}

/** A pacer that starts with the first message it is asked about. */
export function createPacer(speed: ReplaySpeed, clock: Clock): Pacer {
  let startNs: bigint | undefined;
  let startMs = 0;
  return {
    delayMs(receivedNs) {
      if (speed === "max") return 0;
      if (startNs === undefined) {
        startNs = receivedNs;
        startMs = clock.monotonicMs();
      }
      return startMs + Number(receivedNs - startNs) / 1e6 / speed - clock.monotonicMs();
    },
    postpone(durationMs) {
      startMs += durationMs;
    },
  };
}
