// Where the rows of an export come from, whichever kind of table it is.
import type { TimeRange } from "../store-queries.ts";
import type { DaySpan } from "./day-span.ts";
import type { ExportPage } from "./export-columns.ts";

/** The rows of a table. */
export interface ExportSource {
  /** All of it is exported, whatever the range that is asked for. */
  readonly isWhole: boolean;
  /** The days that have rows, rising; those without cost nothing, however many. */
  days(range: TimeRange): AsyncIterable<string>;
  /** Oldest first; `after` is what the page before gave as `next`. */
  rows(span: DaySpan, limit: number, after?: string): Promise<ExportPage>;
  /** Stays the same as long as the rows do: see `StoreQueries.exportState`. */
  state(span: DaySpan): Promise<string>;
  /** Whether rows of a day may be gone from it, and not only from the store: then what was exported is no longer true. */
  isMoving(date: string, state: string | undefined): Promise<boolean>;
}
