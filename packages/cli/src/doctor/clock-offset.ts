// How far the clock of this machine is from that of a receiver, by the date in an answer.
import type { ProbeAnswer } from "./http-probe.ts";

/** A difference of clocks, in milliseconds; true is what lies between `leastMs` and `mostMs`. Positive: this machine is behind. */
export interface ClockOffset {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** Clocks may differ by so much without a word. */
export const TOLERATED_OFFSET_MS = 5_000;

/** Reads the `Date` of an answer, which has whole seconds; undefined when there is none that can be read. */
export function clockOffsetOf(
  answer: Pick<ProbeAnswer, "headers" | "sentEpochMs" | "answeredEpochMs">,
): ClockOffset | undefined {
  // RFC 9110, section 5.6.7; `Date.parse` takes much more than that.
  const text = answer.headers.date ?? "";
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const dateMs = Date.parse(text);
  if (Number.isNaN(dateMs)) return undefined;
  // It was written at some instant between the request and the answer, and has lost up to a second by being cut.
  return { leastMs: dateMs - answer.answeredEpochMs, mostMs: dateMs + 1_000 - answer.sentEpochMs };
}

/** The middle of what is possible. */
export function likelyOffsetMs({ leastMs, mostMs }: ClockOffset): number {
  return Math.round((leastMs + mostMs) / 2);
}

/** By how much the clocks differ at least. */
export function certainOffsetMs({ leastMs, mostMs }: ClockOffset): number {
  return Math.max(0, leastMs, -mostMs);
}
