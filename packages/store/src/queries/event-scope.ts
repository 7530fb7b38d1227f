// Which events a question is about, its values looked at.
import type { EventFilter, TimeRange } from "../store-queries.ts";
import { optionalText, optionalTimestamp } from "./query-values.ts";
import type { Range } from "./range-parts.ts";

/** A filter whose values were looked at; what is undefined does not matter. */
export interface EventScope extends Range {
  readonly eventType: string | undefined;
  readonly symbol: string | undefined;
  readonly runId: string | undefined;
  readonly userId: string | undefined;
  readonly eventCategory: string | undefined;
}

/** Reads a range; throws `invalid_query`. */
export function rangeOf({ startTime, endTime }: TimeRange): Range {
  return { start: optionalTimestamp("startTime", startTime), end: optionalTimestamp("endTime", endTime) };
}

/** Reads a filter; throws `invalid_query`. */
export function scopeOf(filter: EventFilter): EventScope {
  return {
    ...rangeOf(filter),
    eventType: optionalText("eventType", filter.eventType),
    symbol: optionalText("symbol", filter.symbol),
    runId: optionalText("runId", filter.runId),
    userId: optionalText("userId", filter.userId),
    eventCategory: optionalText("eventCategory", filter.eventCategory),
  };
}

/** Whether a filter asks for what events say of themselves, by which no counts are kept: their entries in an index are counted. */
export function isOfDescribed({ userId, eventCategory }: EventScope): boolean {
  return userId !== undefined || eventCategory !== undefined;
}
