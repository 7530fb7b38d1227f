// A range of time, as questions have it.

/** A range of time. Both ends belong to it; texts as `2026-11-20T12:34:56.789012Z`, normalised by the caller. Undefined: open. */
export interface TimeRange {
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
}
