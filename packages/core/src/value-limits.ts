// How large a recorded value may be, and how text that is larger is cut.
import type { Redactor } from "./redaction.ts";

/** Bounds of one recorded value. Sizes are UTF-8 bytes. */
export interface ValueLimits {
  /** Largest string, its cut mark included. Range 64 to 65,536. */
  readonly stringBytes: number;
  /** Largest event: everything of one value, written as JSON. Range 2,048 to 1,048,576. */
  readonly eventBytes: number;
  /** How many containers may be nested; a deeper one becomes `[depth]`. Range 1 to 32. */
  readonly depth: number;
  /** How many items of one array, set, map or object are kept. Range 1 to 4,096. */
  readonly items: number;
  /** Longest property name, its cut mark included. Range 64 to 256. */
  readonly keyBytes: number;
}

/** The limits in force unless others are given: 4 KiB a string, 64 KiB an event, depth 8, 256 items, names of 256 bytes. */
export const VALUE_LIMITS: ValueLimits = Object.freeze({
  stringBytes: 4096,
  eventBytes: 65_536,
  depth: 8,
  items: 256,
  keyBytes: 256,
});

/** What was changed on the way to the record; whoever passes it reads it. */
export interface ValueCounters {
  /** Strings, containers and depths that were cut. */
  truncated: number;
  /** Values, or parts of texts, that were replaced because they hold a secret. */
  redacted: number;
}

const RANGES: Readonly<Record<keyof ValueLimits, readonly [number, number]>> = {
  stringBytes: [64, 65_536],
  eventBytes: [2048, 1_048_576],
  depth: [1, 32],
  items: [1, 4096],
  keyBytes: [64, 256],
};

/**
 * Completes limits with {@link VALUE_LIMITS}.
 *
 * Throws a RangeError that names the field, the bad value and the range when one is not an integer in its range.
 */
export function toValueLimits(limits: Partial<ValueLimits> = {}): ValueLimits {
  const complete = { ...VALUE_LIMITS, ...limits };
  for (const name of Object.keys(RANGES) as (keyof ValueLimits)[]) {
    const [low, high] = RANGES[name];
    const value: unknown = complete[name];
    if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
      throw new RangeError(`limits.${name} is ${String(value)}; it must be an integer from ${low} to ${high}`);
    }
  }
  return Object.freeze(complete);
}

// Secrets that begin before a cut are only recognised whole: this much more is read, scrubbed, and then thrown away.
const LOOK_AHEAD = 4096;
// `…[cut 9007199254740991]` is 25 bytes.
const CUT_MARK_BYTES = 25;

/**
 * The text as it may be stored under the name `key`: redacted, well-formed, at most `maxBytes` of UTF-8.
 *
 * Text that is too long is cut on a code point boundary and ends in `…[cut N]`, N being the UTF-16 units that are missing.
 * Cost: linear in `maxBytes`, whatever the length of the text; text that is short and innocent is returned as it is.
 */
export function boundText(
  text: string,
  key: string | undefined,
  maxBytes: number,
  redactor: Redactor,
  counters: ValueCounters,
): string {
  const isCut = text.length > maxBytes + LOOK_AHEAD;
  const read = isCut ? text.slice(0, maxBytes + LOOK_AHEAD) : text;
  const redacted = key === undefined ? redactor.text(read) : redactor.textUnder(key, read);
  if (redacted !== read) counters.redacted++;
  if (!isCut) return cutText(redacted, maxBytes, counters);
  const sure = Math.max(redacted.length - LOOK_AHEAD, 0);
  counters.truncated++;
  return cutAt(
    redacted,
    prefixOf(redacted, sure, maxBytes - CUT_MARK_BYTES),
    redacted.length + text.length - read.length,
  );
}

/** The text, well-formed, cut to `maxBytes` of UTF-8 if it is longer, its mark `…[cut N]` included. */
export function cutText(text: string, maxBytes: number, counters: ValueCounters): string {
  if (text.length * 3 <= maxBytes || prefixOf(text, text.length, maxBytes) === text.length) return text.toWellFormed();
  counters.truncated++;
  return cutAt(text, prefixOf(text, text.length, maxBytes - CUT_MARK_BYTES), text.length);
}

function cutAt(text: string, end: number, units: number): string {
  return `${text.slice(0, end).toWellFormed()}…[cut ${units - end}]`;
}

/** How many UTF-16 units of `text`, at most `units`, fit into `maxBytes` of UTF-8 without splitting a code point. */
function prefixOf(text: string, units: number, maxBytes: number): number {
  let bytes = 0;
  let i = 0;
  while (i < units) {
    const code = text.codePointAt(i) as number;
    const width = code > 0xffff ? 2 : 1;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > maxBytes || i + width > units) break;
    i += width;
  }
  return i;
}
