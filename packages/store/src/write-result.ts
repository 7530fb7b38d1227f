// What became of what a store was given.

/** How a write ended. What is counted here is on disk, or was there before. */
export interface WriteResult {
  /** Written now. */
  readonly written: number;
  /** There already: the same record, span or point came before. */
  readonly duplicates: number;
  /** Not taken, and never will be: `message` says why, of the first of them. */
  readonly rejected: number;
  readonly message: string | undefined;
  /** The id of the newest event after it; 0 when there is none. */
  readonly lastEventId: number;
}
