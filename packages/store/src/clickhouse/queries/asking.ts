// What every question needs: ranges and filters as conditions, and the parts of a range whose counts are kept.
import type { EventScope } from "../../queries/event-scope.ts";
import {
  type Edge,
  type Range,
  type Seconds,
  type Segment,
  splitRange,
  splitWidenedRange,
} from "../../queries/range-parts.ts";
import type { Parameters } from "../connection.ts";
import { toMicros } from "../micros.ts";

/** A condition, and the values of it. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** The years 0 to 9999, in whole days: an open end. */
const EVER: Seconds = { from: -62_167_219_200, to: 253_402_300_800 };

/** That a column is within a range. */
export function inRange(column: string, { start, end }: Range): string {
  const bounds = [
    ...(start === undefined ? [] : [`${column} >= ${toMicros(start)}`]),
    ...(end === undefined ? [] : [`${column} <= ${toMicros(end)}`]),
  ];
  return bounds.length === 0 ? "1" : bounds.join(" AND ");
}

/** That columns are as the values of the same name; what is undefined does not matter. */
export function areAs(values: Readonly<Record<string, string | undefined>>): Condition {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    sql: given.map(([column]) => `${column} = {${column}:String}`).join(" AND ") || "1",
    parameters: Object.fromEntries(given.map(([column, value]) => [column, value.replaceAll("\0", "\ufffd")])),
  };
}

/** That an event is of a scope. */
export function ofScope({ eventType, symbol, runId, userId, eventCategory, ...range }: EventScope): Condition {
  const { sql, parameters } = areAs({
    event_type: eventType,
    symbol,
    run_id: runId,
    user_id: userId,
    event_category: eventCategory,
  });
  return { sql: `${inRange("time_micros", range)} AND ${sql}`, parameters };
}

/** A range as whole buckets and what is left at its ends, each as a condition. */
export function partsOf(range: Range): { readonly buckets: string; readonly edges: string } {
  const { segments, edges } = splitRange(range, EVER);
  return { buckets: inBuckets(segments), edges: inEdges(edges) };
}

/** The same, of counts by the minute. */
export function minutesOf(range: Range): { readonly buckets: string; readonly edges: string } {
  const { segments, edges } = splitRange(range, EVER);
  return { buckets: inBuckets(segments.map((segment) => ({ ...segment, resolution: 60 }))), edges: inEdges(edges) };
}

/** The whole minutes that a range touches, as buckets of the first `widths` of the resolutions. */
export function wholeMinutesOf(range: Range, widths?: number): string {
  return inBuckets(splitWidenedRange(range, EVER, widths));
}

/** The second at which the slice of a bucket begins. */
export function sliceOf(stepSeconds: number): string {
  return `bucket - positiveModulo(bucket, ${stepSeconds})`;
}

function inBuckets(segments: readonly Segment[]): string {
  if (segments.length === 0) return "0";
  const parts = segments.map(
    ({ resolution, from, to }) => `(resolution = ${resolution} AND bucket >= ${from} AND bucket < ${to})`,
  );
  return `(${parts.join(" OR ")})`;
}

function inEdges(edges: readonly Edge[]): string {
  if (edges.length === 0) return "0";
  return `(${edges.map((edge) => `(${inRange("time_micros", edge)})`).join(" OR ")})`;
}
