// What the minutes of an hour of a series come to, as the row that a store keeps of them in `metric_hours`.

/** What a minute has: its value, and of a histogram its 95th percentile. Null: nothing came to it. */
export interface HourMinute {
  readonly value: number | null;
  readonly percentile95: number | null;
}

/** The lists of a row: a place for each minute as far as the last one that has something. They are parts of a JSON array, without its brackets. */
export interface HourLists {
  readonly valueList: string;
  /** Null where no minute has a percentile. */
  readonly percentileList: string | null;
}

/** The row. Without samples there is no sum, no least and no largest value. */
export interface HourValues extends HourLists {
  readonly samples: number;
  readonly valueSum: number;
  readonly valueMin: number | null;
  readonly valueMax: number | null;
  /** The largest percentile of its minutes. */
  readonly largest95: number | null;
}

/** A row that has nothing yet. */
export const EMPTY_HOUR: HourLists = { valueList: "", percentileList: null };

/** What is beyond it is taken for it: infinity is in no JSON, and PostgreSQL refuses a sum that grows to it. */
export const LARGEST_VALUE = 1e300;
const NONE = "null";
const MINUTE_S = 60;
const HOUR_S = 3_600;

/** The second at which the hour of a second begins. */
export function hourOf(second: number): number {
  return Math.floor(second / HOUR_S) * HOUR_S;
}

/** The place of a minute in its hour, 0 to 59. */
export function placeOf(second: number): number {
  return Math.floor((second - hourOf(second)) / MINUTE_S);
}

/**
 * The row in which minutes, by their places, have other values than before. It is worked out from all of its minutes each time: a minute
 * that is replaced, or comes late, leaves nothing of what was there. Cost: some 10 us for a full hour.
 */
export function withMinutes(before: HourLists, minutes: ReadonlyMap<number, HourMinute>): HourValues {
  const values = toPlaces(before.valueList);
  const percentiles = toPlaces(before.percentileList ?? "");
  for (const [place, { value, percentile95 }] of minutes) {
    values[place] = numberOf(value);
    percentiles[place] = value === null ? null : numberOf(percentile95);
  }
  const present = Array.from(values).filter((value) => typeof value === "number");
  const largest = Array.from(percentiles).filter((value) => typeof value === "number");
  return {
    samples: present.length,
    valueSum: present.reduce((sum, value) => sum + value, 0),
    valueMin: least(present),
    valueMax: largestOf(present),
    largest95: largestOf(largest),
    valueList: toList(values),
    percentileList: largest.length === 0 ? null : toList(percentiles),
  };
}

/** The row without what it had before a place; undefined when nothing is left of it. */
export function withoutMinutes(before: HourLists, end: number): HourValues | undefined {
  const none: HourMinute = { value: null, percentile95: null };
  const row = withMinutes(before, new Map(Array.from({ length: end }, (_, place) => [place, none])));
  return row.samples === 0 ? undefined : row;
}

/** Values as part of a JSON array. */
export function toList(values: readonly (number | null | undefined)[]): string {
  const end = values.findLastIndex((value) => typeof value === "number") + 1;
  return Array.from(values.slice(0, end), (value) => (typeof value === "number" ? String(value) : NONE)).join(",");
}

function toPlaces(list: string): (number | null)[] {
  return list === "" ? [] : list.split(",").map((text) => (text === NONE ? null : Number(text)));
}

/** A value that can be written, and added to others: null for one that is no number. */
function numberOf(value: number | null): number | null {
  if (value === null || Number.isNaN(value)) return null;
  return Math.min(Math.max(value, -LARGEST_VALUE), LARGEST_VALUE);
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((one, other) => Math.min(one, other));
}

function largestOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((one, other) => Math.max(one, other));
}
