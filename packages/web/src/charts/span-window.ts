// The part of a trace that its waterfall shows, as it stands in the address: `1200000-3400000`, nanoseconds since the trace began.
import type { SpanNode } from "./span-tree.ts";

/** From a nanosecond to another, since the trace began. */
export interface SpanWindow {
  readonly from: number;
  readonly to: number;
}

/** No window is narrower. */
const LEAST = 10;

/** Reads a window; undefined where it makes no sense for a trace of this duration. */
export function parseWindow(text: string | undefined, duration: number): SpanWindow | undefined {
  const parts = /^(\d{1,16})-(\d{1,16})$/.exec(text ?? "");
  if (parts === null) return undefined;
  const from = Number(parts[1]);
  const to = Math.min(duration, Number(parts[2]));
  return to - from >= LEAST ? { from, to } : undefined;
}

/** Writes a window, within the trace; undefined when it shows all of it. */
export function windowText({ from, to }: SpanWindow, duration: number): string | undefined {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(duration, Math.ceil(to));
  if (last - first < LEAST || (first === 0 && last === duration)) return undefined;
  return `${first}-${last}`;
}

/** The window around a span, with a tenth of room at each side. */
export function windowAround({ start, end }: Pick<SpanNode, "start" | "end">): SpanWindow {
  const room = Math.max(LEAST, (end - start) * 0.1);
  return { from: start - room, to: end + room };
}

/** The window made smaller (below 1) or larger around its middle. */
export function scaledWindow({ from, to }: SpanWindow, factor: number): SpanWindow {
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  return { from: middle - half, to: middle + half };
}
