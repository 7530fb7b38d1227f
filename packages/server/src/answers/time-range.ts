// The range of time that a question is about.
import { parseTimestamp, toTimestamp } from "@tracebook/core";
import { ProblemError } from "../http/problem.ts";

const DAY_MICROS = 86_400 * 1_000_000;

/** The ends of a range as they were given. */
export interface GivenRange {
  readonly start_time?: string | undefined;
  readonly end_time?: string | undefined;
}

/** A range that has both ends, both of which belong to it. */
export interface WholeRange {
  readonly startTime: string;
  readonly endTime: string;
}

/** The range as it was given, open where it was left open. Throws for one that ends before it begins. */
export function openRange({ start_time: startTime, end_time: endTime }: GivenRange) {
  requireOrder(startTime, endTime);
  return { startTime, endTime };
}

/** The range, up to now unless told otherwise, and a day long. Throws for one that ends before it begins. */
export function lastDay(given: GivenRange, nowMs: number): WholeRange {
  return lastDays(given, nowMs, 1);
}

/** The same, so many days long. */
export function lastDays({ start_time: start, end_time: end }: GivenRange, nowMs: number, days: number): WholeRange {
  const now = toTimestamp(nowMs * 1_000);
  const endTime = end ?? (start !== undefined && start > now ? start : now);
  const startTime = start ?? shift(endTime, -days * DAY_MICROS);
  requireOrder(startTime, endTime);
  return { startTime, endTime };
}

/** The range of the same length that ends just before this one begins. */
export function rangeBefore({ startTime, endTime }: WholeRange): WholeRange {
  const length = micros(endTime) - micros(startTime);
  const end = shift(startTime, -1);
  return { startTime: shift(end, -length), endTime: end };
}

/** As the API gives it. */
export function shownRange({ startTime, endTime }: WholeRange): { readonly start: string; readonly end: string } {
  return { start: startTime, end: endTime };
}

function shift(timestamp: string, byMicros: number): string {
  return toTimestamp(Math.max(micros(timestamp) + byMicros, 0));
}

function micros(timestamp: string): number {
  return parseTimestamp(timestamp) ?? 0;
}

function requireOrder(startTime: string | undefined, endTime: string | undefined): void {
  if (startTime === undefined || endTime === undefined || startTime <= endTime) return;
  throw new ProblemError(
    "invalid_parameter",
    `start_time is ${startTime}: it must not be after end_time, ${endTime}.`,
    {
      parameter: "start_time",
    },
  );
}
