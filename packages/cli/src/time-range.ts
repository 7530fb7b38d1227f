// The range of time of a question: instants as people write them, in the form that journals and stores have.
import { toTimestamp } from "@tracebook/core";
import { parseAge } from "./age.ts";
import { CliError } from "./cli-error.ts";
import { parseInstant } from "./instant.ts";

/** A range. */
export interface TimeSpan {
  /** The first instant of it; undefined: from the beginning. */
  readonly from: string | undefined;
  /** The first instant behind it; undefined: to the end. */
  readonly to: string | undefined;
}

/** What help says of `--from` and `--to`. */
export const FROM_DOC = "from this instant on: ISO 8601, without a zone UTC; or so long ago: 24h, 7d";
export const TO_DOC = "before this instant, in the same form";

const MICROS_PER_MS = 1_000;
const EXAMPLES =
  "For example 2026-11-20, 2026-11-20T12:30, 2026-11-20T12:30:00.5+01:00, or 24h (ago); without a zone it is UTC.";

/** Reads `--from` and `--to`. Throws `CliError` for what is no instant, and where nothing lies between them. */
export function readTimeSpan(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): TimeSpan {
  const first = from === undefined ? undefined : toMicros("from", from, nowMs);
  const end = to === undefined ? undefined : toMicros("to", to, nowMs);
  if (first !== undefined && end !== undefined && first >= end)
    throw new CliError("--from is not before --to: nothing lies between them");
  return { from: written(first), to: written(end) };
}

/** The same for a store, where both ends belong to a range. */
export function toStoreRange({ from, to }: TimeSpan): { startTime: string | undefined; endTime: string | undefined } {
  return { startTime: from, endTime: to === undefined ? undefined : before(to) };
}

/** The range of the same length that ends where this one begins. */
export function rangeBefore({ from, to }: Required<{ from: string; to: string }>): { from: string; to: string } {
  const [start, end] = [parseInstant(from)!, parseInstant(to)!];
  return { from: toTimestamp(start - (end - start)), to: from };
}

function toMicros(option: string, text: string, nowMs: number): number {
  const age = parseAge(text);
  const micros = age === undefined ? parseInstant(text) : (nowMs - age) * MICROS_PER_MS;
  if (micros !== undefined) return micros;
  throw new CliError(`--${option} is "${text}"; it must be an instant or an age`, EXAMPLES);
}

function written(micros: number | undefined): string | undefined {
  return micros === undefined ? undefined : toTimestamp(micros);
}

/** A microsecond earlier: the resolution of timestamps. */
function before(timestamp: string): string {
  return toTimestamp(parseInstant(timestamp)! - 1);
}
