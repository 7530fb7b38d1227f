// Marks on the bar of a span: what happened in it, no more of them than can be told apart.
import type { SpanWindow } from "./span-window.ts";

/** Something that happened in a span. */
export interface SpanTick {
  /** Nanoseconds since the trace began. */
  readonly at: number;
  readonly isError: boolean;
}

/** Places on a bar that can be told apart. */
const PLACES = 300;

/** One of all marks that fall on the same place of the window; errors win. Marks outside are left out. */
export function distinctTicks(ticks: readonly SpanTick[], { from, to }: SpanWindow): readonly SpanTick[] {
  const byPlace = new Map<number, SpanTick>();
  for (const tick of ticks) {
    const place = Math.floor(((tick.at - from) / (to - from)) * PLACES);
    if (place < 0 || place > PLACES) continue;
    if (tick.isError || !byPlace.has(place)) byPlace.set(place, tick);
  }
  return [...byPlace.values()];
}
