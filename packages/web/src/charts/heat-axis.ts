// Which values and times stand beside a heatmap, so that no word lies on another.
import type { HeatRow } from "./heat-grid.ts";

/** Seconds between two words of the axis of time. */
const STEPS = [60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000];

/** The bounds between rows that have room: their value and where they are (0 at the bottom, 1 at the top), at least `apart` pixels apart. */
export function axisEdges(
  rows: readonly HeatRow[],
  height: number,
  apart: number,
): readonly { readonly value: number; readonly place: number }[] {
  const edges: { value: number; place: number }[] = [];
  for (const { to, top } of rows) {
    if (to === undefined) continue;
    const last = edges.at(-1);
    if (last === undefined || (top - last.place) * height >= apart) edges.push({ value: to, place: top });
  }
  return edges;
}

/** Round times from `from` to `to` (seconds since 1970), no more than `most`. */
export function axisTimes(from: number, to: number, most: number): readonly number[] {
  const step =
    STEPS.find((seconds) => (to - from) / seconds <= most) ?? Math.ceil((to - from) / most / 864_000) * 864_000;
  const times: number[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) times.push(time);
  return times;
}
