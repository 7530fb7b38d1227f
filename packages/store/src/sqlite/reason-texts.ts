// Sentences of rejections as keys of counts: a service that puts figures into them must not make a row of each.
import type { DatabaseSync, StatementSync } from "node:sqlite";

const MAX_REASONS = 500;
const MAX_LENGTH = 200;
/** What sentences beyond the limit are counted under. */
export const OTHER_REASONS = "(other reasons)";

/** Tells the sentences that may be counted apart from those that are too many. */
export class ReasonTexts {
  readonly #known = new Set<string>();
  readonly #load: StatementSync;
  #isLoaded = false;

  constructor(database: DatabaseSync) {
    this.#load = database.prepare(
      "SELECT DISTINCT reason FROM reason_rollups WHERE resolution = 86400 AND event_type = 'signal_rejected' LIMIT ?",
    );
  }

  /** The sentence, or the common one when there are too many. */
  bounded(reason: string): string {
    if (!this.#isLoaded) this.#fill();
    const text = shortenReason(reason);
    if (this.#known.has(text)) return text;
    if (this.#known.size >= MAX_REASONS) return OTHER_REASONS;
    this.#known.add(text);
    return text;
  }

  /** Reads them again at the next call. */
  clear(): void {
    this.#known.clear();
    this.#isLoaded = false;
  }

  #fill(): void {
    for (const row of this.#load.iterate(MAX_REASONS)) this.#known.add((row as { reason: string }).reason);
    this.#isLoaded = true;
  }
}

/** A sentence as it is counted: cut where it is long, and never half of a character, which the database would give back as another. */
export function shortenReason(reason: string): string {
  return (reason.length > MAX_LENGTH ? `${reason.slice(0, MAX_LENGTH - 3)}...` : reason).toWellFormed();
}
