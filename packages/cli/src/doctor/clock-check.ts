// The clock of this machine beside those of the receivers.
import type { Check } from "./check.ts";
import { type ClockOffset, certainOffsetMs, likelyOffsetMs, TOLERATED_OFFSET_MS } from "./clock-offset.ts";
import { showAge } from "./quantity.ts";

/** A clock that was read: whose, and how far off. */
export interface ClockReading {
  readonly host: string;
  readonly offset: ClockOffset;
}

/** The finding about clocks; none when nobody said what time it is. */
export function checkClocks(readings: readonly ClockReading[]): Check[] {
  const worst = readings.toSorted((a, b) => certainOffsetMs(b.offset) - certainOffsetMs(a.offset))[0];
  if (worst === undefined) return [];
  const { host, offset } = worst;
  const base = { id: "clock", subject: "clock" } as const;
  if (certainOffsetMs(offset) <= TOLERATED_OFFSET_MS)
    return [{ ...base, status: "ok", what: `agrees with that of ${host}, as far as can be told` }];
  const likelyMs = likelyOffsetMs(offset);
  const direction = likelyMs > 0 ? "behind" : "ahead of";
  return [
    {
      ...base,
      status: "warning",
      what: `the clock of this machine is ${showAge(Math.abs(likelyMs))} ${direction} that of ${host}`,
      remedy: "set the wrong one right (chronyc tracking, timedatectl): traces and logs would stand at the wrong time",
    },
  ];
}
