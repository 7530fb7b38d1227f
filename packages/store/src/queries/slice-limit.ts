// How many slices of time an answer has at most.
import { StoreError } from "../errors.ts";
import type { TimeRange } from "../store-queries.ts";

/** More of them than a chart has pixels are no answer but a load. */
export const MAX_SLICES = 2_000;

/** What is thrown where there are more. */
export function tooManySlices({ startTime, endTime }: TimeRange, stepSeconds: number): StoreError {
  return new StoreError(
    "invalid_query",
    `stepSeconds is ${stepSeconds}; it must be larger, or the range shorter: from ${startTime ?? "the beginning"} to ${endTime ?? "the end"} there are more than ${MAX_SLICES} slices.`,
  );
}
