// Values that a question was asked with: those that cannot be one are refused by name, before the database sees them.
import { StoreError } from "../errors.ts";

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const SECONDS_LENGTH = "2026-11-20T12:34:56".length;
const TRACE_ID = /^[0-9a-f]{32}$/i;
/** Steps of a series are of whole buckets. */
const BUCKET_SECONDS = 60;

/** A whole number from `least` to `most`. */
export function wholeNumber(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw invalid(name, value, `a whole number from ${least} ${most === Number.MAX_SAFE_INTEGER ? "on" : `to ${most}`}`);
}

/** A text that may be missing; an empty one counts as missing, as a field of a form that was left empty. */
export function optionalText(name: string, value: string | undefined): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string") return value;
  throw invalid(name, value, "a text");
}

/** A text that is not empty, of at most `longest` characters. */
export function requiredText(name: string, value: string, longest: number): string {
  if (typeof value === "string" && value !== "" && value.length <= longest) return value;
  throw invalid(name, value, `a text of 1 to ${longest} characters`);
}

/** A timestamp that may be missing. */
export function optionalTimestamp(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && TIMESTAMP.test(value) && isInstant(value)) return value;
  throw invalid(name, value, "a time as 2026-11-20T12:34:56.789012Z");
}

/** The 32 hex digits of a trace, in lower case. */
export function traceIdOf(name: string, value: string): string {
  if (typeof value === "string" && TRACE_ID.test(value)) return value.toLowerCase();
  throw invalid(name, value, "32 hex digits");
}

/** The width of a slice. */
export function stepOf(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0 && value % BUCKET_SECONDS === 0) return value;
  throw invalid(name, value, `a multiple of ${BUCKET_SECONDS} from ${BUCKET_SECONDS} on`);
}

/** A number from 0 on that may be missing. */
export function optionalAmount(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return value;
  throw invalid(name, value, "a number from 0 on");
}

/** Refuses the 30th of February, which `Date` takes for the 2nd of March, and second 60. */
function isInstant(text: string): boolean {
  const seconds = text.slice(0, SECONDS_LENGTH);
  const millis = Date.parse(`${seconds}Z`);
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(seconds);
}

function invalid(name: string, value: unknown, allowed: string): StoreError {
  const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : String(value);
  return new StoreError("invalid_query", `${name} is ${shown}; it must be ${allowed}.`);
}
