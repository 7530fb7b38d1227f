// The pieces of SQL that say which events a question is about: few, and all of them written here.
import type { EventScope } from "../../queries/event-scope.ts";
import { DESCRIBED } from "../record-schema.ts";
import type { Parameters } from "./statements.ts";

/** The index that is walked. */
export type EventIndex =
  | "idx_timestamp"
  | "idx_event_type"
  | "idx_symbol"
  | "idx_run_id"
  | "idx_events_user"
  | "idx_events_described";

/** Before and after each timestamp: the open ends. */
export const FIRST_TIMESTAMP = "";
export const LAST_TIMESTAMP = "~";

/** `AND ...` for the filters that are given, of a table with the columns of `telemetry_events`, or of the counts of it. */
export function conditionsOf({ eventType, symbol, runId, userId, eventCategory }: EventScope): string {
  return [
    // One of a user is described by that; of a category, it is the text that the index asks for.
    userId === undefined ? "" : "AND user_id = $userId",
    eventCategory === undefined ? "" : "AND event_category = $eventCategory",
    eventCategory !== undefined && userId === undefined ? `AND ${DESCRIBED}` : "",
    eventType === undefined ? "" : "AND event_type = $eventType",
    symbol === undefined ? "" : "AND symbol = $symbol",
    runId === undefined ? "" : "AND run_id = $runId",
  ].join(" ");
}

/** The values of {@link conditionsOf}, and the range. */
export function parametersOf({ start, end, ...filters }: EventScope): Parameters {
  return { ...filters, start: start ?? FIRST_TIMESTAMP, end: end ?? LAST_TIMESTAMP };
}

/** The column by which an index has the time: S4's questions for a user name another. */
export function timeOf(index: EventIndex): "timestamp" | "event_timestamp" {
  return index === "idx_events_user" ? "event_timestamp" : "timestamp";
}

/**
 * An index whose entries answer all filters without their rows: that of runs has all of them, that of symbols has the type. Events of a user
 * are few: those of another type, symbol or run among them have their rows read. Of a category all are looked at that are described at all,
 * in an index that has the type too.
 */
export function coveringIndexOf({ eventType, symbol, runId, userId, eventCategory }: EventScope): EventIndex {
  if (userId !== undefined) return "idx_events_user";
  if (eventCategory !== undefined) return "idx_events_described";
  if (runId !== undefined) return "idx_run_id";
  if (symbol !== undefined) return "idx_symbol";
  return eventType === undefined ? "idx_timestamp" : "idx_event_type";
}
