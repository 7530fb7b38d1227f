// Where a reader of the feed is, as the text that it keeps.

/** The last event and the last sample it has seen, by the numbers that rise with every row. */
export interface FeedPosition {
  readonly event: number;
  readonly sample: number;
}

/** Rows of each kind that one piece looks at. */
const MAX_ROWS = 20_000;

/** `event.sample`. */
export function toCursor({ event, sample }: FeedPosition): string {
  return `${event}.${sample}`;
}

/** The position of a cursor; what is no number is the beginning. */
export function fromCursor(cursor: string): FeedPosition {
  const [event = 0, sample = 0] = cursor.split(".").map(Number);
  return { event: Number.isSafeInteger(event) ? event : 0, sample: Number.isSafeInteger(sample) ? sample : 0 };
}

/** Where a piece that begins at `from` ends. Rows may have been removed at the end: a position never goes back. */
export function endOfPiece(from: FeedPosition, last: FeedPosition): FeedPosition {
  return {
    event: Math.max(from.event, Math.min(last.event, from.event + MAX_ROWS)),
    sample: Math.max(from.sample, Math.min(last.sample, from.sample + MAX_ROWS)),
  };
}
