// Takes a range of time apart into whole days, hours and minutes, whose counts are kept, and what is left at its ends.
import { RESOLUTIONS } from "../resolutions.ts";

/** Both ends belong to it; undefined: open. Texts as `2026-11-20T12:34:56.789012Z`. */
export interface Range {
  readonly start: string | undefined;
  readonly end: string | undefined;
}

/** Seconds since 1970; `to` does not belong to it. */
export interface Seconds {
  readonly from: number;
  readonly to: number;
}

/** Whole buckets of one width, side by side. */
export interface Segment extends Seconds {
  readonly resolution: number;
}

/** A part that is shorter than a minute, or two of them side by side. Both ends belong to it. */
export interface Edge {
  readonly start: string;
  readonly end: string;
}

/** The parts of a range: disjoint, rising, and together the range. */
export interface RangeParts {
  /** At most five: minutes, hours, days, hours, minutes. */
  readonly segments: readonly Segment[];
  /** At most two: before the first whole minute, and after the last. */
  readonly edges: readonly Edge[];
}

const [MINUTE] = RESOLUTIONS;
const MINUTE_LENGTH = "2026-11-20T12:34".length;
const LAST_OF_MINUTE = ":59.999999Z";
const FIRST_OF_MINUTE = ":00.000000Z";

/** Takes `range` apart, as far as it is within `present`, whole days that hold everything there is. */
export function splitRange({ start, end }: Range, present: Seconds): RangeParts {
  const head = start === undefined ? present.from : minuteFrom(start);
  const tail = end === undefined ? present.to : minuteUntil(end);
  const from = Math.max(head, present.from);
  const to = Math.min(tail, present.to);
  if (start !== undefined && end !== undefined && head > tail)
    return { segments: [], edges: isWithin(tail, present) && start <= end ? [{ start, end }] : [] };
  const edges: Edge[] = [];
  if (start !== undefined && isWithin(head - MINUTE, present) && !start.endsWith(FIRST_OF_MINUTE))
    edges.push({ start, end: `${toMinuteText(head - MINUTE)}${LAST_OF_MINUTE}` });
  if (end !== undefined && isWithin(tail, present) && !end.endsWith(LAST_OF_MINUTE))
    edges.push({ start: `${toMinuteText(tail)}${FIRST_OF_MINUTE}`, end });
  return { segments: splitMinutes(from, to, RESOLUTIONS.length - 1), edges };
}

/** The whole minutes that `range` touches, as far as it is within `present`, in buckets of the first `widths` of {@link RESOLUTIONS}. */
export function splitWidenedRange(
  { start, end }: Range,
  present: Seconds,
  widths: number = RESOLUTIONS.length,
): readonly Segment[] {
  if (start !== undefined && end !== undefined && start > end) return [];
  const from = start === undefined ? present.from : Math.max(minuteOf(start), present.from);
  const to = end === undefined ? present.to : Math.min(minuteOf(end) + MINUTE, present.to);
  return splitMinutes(from, to, widths - 1);
}

/** The second at which the minute of a timestamp begins. */
export function minuteOf(timestamp: string): number {
  return Date.parse(`${timestamp.slice(0, MINUTE_LENGTH)}:00Z`) / 1000;
}

/** Whole minutes as the widest buckets there are. */
function splitMinutes(from: number, to: number, level: number): Segment[] {
  const resolution = RESOLUTIONS[level];
  if (from >= to || resolution === undefined) return [];
  if (level === 0) return [{ resolution, from, to }];
  const inner = { from: Math.ceil(from / resolution) * resolution, to: Math.floor(to / resolution) * resolution };
  if (inner.from >= inner.to) return splitMinutes(from, to, level - 1);
  return [
    ...splitMinutes(from, inner.from, level - 1),
    { resolution, ...inner },
    ...splitMinutes(inner.to, to, level - 1),
  ];
}

/** The first whole minute that is not before `start`. */
function minuteFrom(start: string): number {
  return start.endsWith(FIRST_OF_MINUTE) ? minuteOf(start) : minuteOf(start) + MINUTE;
}

/** Where the last whole minute ends that is not after `end`, which belongs to the range: at .999999 it is full. */
function minuteUntil(end: string): number {
  return end.endsWith(LAST_OF_MINUTE) ? minuteOf(end) + MINUTE : minuteOf(end);
}

function isWithin(second: number, { from, to }: Seconds): boolean {
  return from <= second && second < to;
}

function toMinuteText(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, MINUTE_LENGTH);
}
