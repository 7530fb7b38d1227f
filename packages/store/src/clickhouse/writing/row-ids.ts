// Ids of rows: they rise with the order of writing, and say when that was.
import { FIRST_ID_MILLIS, IDS_PER_MILLI } from "../schema/pieces.ts";

/** The first id of a millisecond. */
export function idAt(epochMs: number): number {
  return Math.max(epochMs - FIRST_ID_MILLIS, 0) * IDS_PER_MILLI;
}

/** Gives ids, each larger than all that it has given. */
export class RowIds {
  readonly #nowMs: () => number;
  #last: number;

  /** `last` is the largest that there is. */
  constructor(last: number, nowMs: () => number = Date.now) {
    this.#last = last;
    this.#nowMs = nowMs;
  }

  /** The largest that was given, or was there. */
  get last(): number {
    return this.#last;
  }

  /** The clock may stand still or go back: ids do not. */
  next(): number {
    this.#last = Math.max(this.#last + 1, idAt(this.#nowMs()));
    return this.#last;
  }
}
