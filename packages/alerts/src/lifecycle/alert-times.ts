// Seconds and milliseconds as the texts that alerts bear.

/** `2026-11-20T12:34:56.000000Z` for a second since 1970. */
export function secondText(second: number): string {
  return timeText(second * 1_000);
}

/** `2026-11-20T12:34:56.789000Z` for milliseconds since 1970. */
export function timeText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 23)}000Z`;
}

/** The whole second that has begun at the time of a text. */
export function secondOf(text: string): number {
  return Math.floor(Date.parse(text) / 1_000);
}

/** The first whole second that is not before the time of a text. */
export function secondFrom(text: string): number {
  return Math.ceil(Date.parse(text) / 1_000);
}
