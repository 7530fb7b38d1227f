// How much of a request is read, and what time it is.
import type { JsonValue } from "../store-input.ts";

/** What is done to a value before its form is lost: a secret that was cut in two is not recognised, nor one that was named in a list. */
export interface Cleaner {
  /** A text of an id, a type or a name, before it is cut. */
  text(text: string): string;
  /** A nested value, before it becomes a text. */
  value(value: JsonValue): JsonValue;
}

/** Options of the readers of OTLP. */
export interface OtlpOptions {
  /** Log records, spans or data points in one request. Range 1 to 1,000,000; default 10,000. */
  readonly maxItems?: number;
  /** How many lists and objects may be nested in a value. Range 1 to 128; default 32. */
  readonly maxDepth?: number;
  /** Redacts what a reader cuts, or makes a text of. Default: nothing is. */
  readonly cleaner?: Cleaner;
  /** The time of what came without one, in whole microseconds since 1970. Default: the wall clock. */
  readonly nowMicros?: () => number;
}

/** Options that are complete. */
export type OtlpSettings = Required<OtlpOptions>;

const DEFAULTS: OtlpSettings = Object.freeze({
  maxItems: 10_000,
  maxDepth: 32,
  cleaner: Object.freeze<Cleaner>({ text: (text) => text, value: (value) => value }),
  nowMicros: () => Date.now() * 1_000,
});
const MOST = { maxItems: 1_000_000, maxDepth: 128 } as const;

/** Completes options. Throws a RangeError that names the option, the bad value and the range when one is out of it. */
export function toOtlpSettings(options: OtlpOptions | undefined): OtlpSettings {
  if (options === undefined) return DEFAULTS;
  const settings = { ...DEFAULTS, ...options };
  for (const name of ["maxItems", "maxDepth"] as const) {
    const value = settings[name];
    if (!Number.isInteger(value) || value < 1 || value > MOST[name])
      throw new RangeError(`${name} is ${String(value)}; it must be an integer from 1 to ${MOST[name]}`);
  }
  return settings;
}
