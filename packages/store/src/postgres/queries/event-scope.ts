// The pieces of SQL that say which events a question is about: few, and all of them written here.
import type { EventScope } from "../../queries/event-scope.ts";
import type { Range } from "../../queries/range-parts.ts";
import { toInstant } from "../copy-text.ts";
import { equalTo } from "./sql-texts.ts";
import type { Parameters } from "./statements.ts";

/** Before and after each instant: the open ends. */
const FIRST_TIME = "-infinity";
const LAST_TIME = "infinity";
/** Of a filter, by their names. */
const COLUMNS = {
  eventType: "event_type",
  symbol: "symbol",
  runId: "run_id",
  userId: "user_id",
  eventCategory: "event_category",
} as const;
/** A `Date` reaches as far as this. */
const MAX_SECOND = 8.64e12;

/** The ends of a range as `$start` and `$end`. */
export function boundsOf({ start, end }: Range): { readonly start: string; readonly end: string } {
  return { start: toInstant(start ?? FIRST_TIME), end: toInstant(end ?? LAST_TIME) };
}

/** A second since 1970 as PostgreSQL reads it; what is after the year 9999 has no such text. */
export function secondInstant(second: number): string {
  if (!(Math.abs(second) < MAX_SECOND)) return second < 0 ? FIRST_TIME : LAST_TIME;
  const text = new Date(second * 1000).toISOString();
  return text.startsWith("+") ? LAST_TIME : toInstant(text);
}

/** `AND ...` for the filters that are given, of a table with the columns of `telemetry_events`, or of the counts of it. */
export function conditionsOf({ start: _start, end: _end, ...filters }: EventScope): string {
  return equalTo(filters, COLUMNS);
}

/** The values of {@link conditionsOf}, and the range. */
export function parametersOf(scope: EventScope): Parameters {
  return { ...scope, ...boundsOf(scope) };
}
