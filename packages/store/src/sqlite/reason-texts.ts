// Sentences of rejections as keys of counts: a service that puts figures into them must not make a row of each.

/** How many sentences are told apart. */
export const MAX_REASON_TEXTS = 500;
/** What sentences beyond them are counted under. */
export const OTHER_REASONS = "(other reasons)";

const MAX_LENGTH = 200;

/** A sentence as it is counted: cut where it is long, and never half of a character, which the database would give back as another. */
export function shortenReason(reason: string): string {
  return (reason.length > MAX_LENGTH ? `${reason.slice(0, MAX_LENGTH - 3)}...` : reason).toWellFormed();
}
