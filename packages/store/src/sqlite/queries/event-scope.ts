// The pieces of SQL that say which events a question is about: few, and all of them written here.
import type { EventScope } from "../../queries/event-scope.ts";
import type { Parameters } from "./statements.ts";

/** The index that is walked. */
export type EventIndex = "idx_timestamp" | "idx_event_type" | "idx_symbol" | "idx_run_id";

/** Before and after each timestamp: the open ends. */
export const FIRST_TIMESTAMP = "";
export const LAST_TIMESTAMP = "~";

/** `AND ...` for the filters that are given, of a table with the columns of `telemetry_events`, or of the counts of it. */
export function conditionsOf({ eventType, symbol, runId }: EventScope): string {
  return [
    eventType === undefined ? "" : "AND event_type = $eventType",
    symbol === undefined ? "" : "AND symbol = $symbol",
    runId === undefined ? "" : "AND run_id = $runId",
  ].join(" ");
}

/** The values of {@link conditionsOf}, and the range. */
export function parametersOf({ start, end, eventType, symbol, runId }: EventScope): Parameters {
  return { eventType, symbol, runId, start: start ?? FIRST_TIMESTAMP, end: end ?? LAST_TIMESTAMP };
}

/** An index whose entries answer all filters without their rows: that of runs has all of them, that of symbols has the type. */
export function coveringIndexOf({ eventType, symbol, runId }: EventScope): EventIndex {
  if (runId !== undefined) return "idx_run_id";
  if (symbol !== undefined) return "idx_symbol";
  return eventType === undefined ? "idx_timestamp" : "idx_event_type";
}
