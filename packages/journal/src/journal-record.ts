// One line of a journal, as readers get it.
import { isUtf8 } from "node:buffer";
import type { SkipReason } from "./read-report.ts";

/** A record that was read from a journal. */
export interface JournalRecord {
  /** Rises by one per instance. */
  readonly seq: number;
  readonly instance_id: string;
  readonly event_type: string;
  /** `2026-11-20T12:34:56.789012Z`. */
  readonly timestamp: string;
  readonly run_id: string;
  /** 32 hex digits, when the record belongs to a trace. */
  readonly trace_id?: string;
  /** 16 hex digits. */
  readonly span_id?: string;
  readonly symbol?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A line that was understood, or the reason why it was not. */
export type ParsedLine<T> = { readonly value: T } | { readonly reason: SkipReason };

const OPTIONAL_TEXTS = ["trace_id", "span_id", "symbol"] as const;
const LINE_START = '{"seq":';
const CARRIAGE_RETURN = 13;
const CLOSING_BRACE = 0x7d;

/** Reads the JSON object of a line. `isTerminated` is false for a last line without a newline. */
export function parseJsonLine(bytes: Buffer, isTerminated: boolean): ParsedLine<Record<string, unknown>> {
  if (!isUtf8(bytes)) return { reason: isCut(bytes, isTerminated) ? "torn" : "not_utf8" };
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { value: value as Record<string, unknown> };
    return { reason: "not_a_record" };
  } catch {
    return { reason: isCut(bytes, isTerminated) ? "torn" : "not_json" };
  }
}

/** A line that was cut by a crash begins like every line and is not closed like one; the next writer gave it a newline. */
function isCut(bytes: Buffer, isTerminated: boolean): boolean {
  if (!isTerminated) return true;
  if (!LINE_START.startsWith(bytes.toString("latin1", 0, LINE_START.length))) return false;
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.at(-2) : bytes.at(-1);
  return end !== CLOSING_BRACE || isBeginning(bytes.toString("utf8"));
}

/**
 * True for the beginning of an object. A cut may fall right behind a brace, of something inside of the record or in a text: then
 * what is missing at the end is all that is missing.
 */
function isBeginning(text: string): boolean {
  const open: string[] = [];
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === "\\") at++;
    else if (letter === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (letter === "{") open.push("}");
    else if (letter === "[") open.push("]");
    else if (letter === "}" || letter === "]") open.pop();
  }
  if (!isInString && open.length === 0) return false;
  try {
    JSON.parse(`${text}${isInString ? '"' : ""}${open.reverse().join("")}`);
    return true;
  } catch {
    return false;
  }
}

/** The same object as a record, if it has all that a record has. */
export function toJournalRecord(value: Record<string, unknown>): JournalRecord | undefined {
  const { seq, instance_id, event_type, timestamp, run_id, data } = value;
  if (!Number.isSafeInteger(seq) || (seq as number) < 1) return undefined;
  if (typeof instance_id !== "string" || instance_id === "") return undefined;
  if (typeof event_type !== "string" || event_type === "") return undefined;
  if (typeof timestamp !== "string" || typeof run_id !== "string") return undefined;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  for (const name of OPTIONAL_TEXTS) if (value[name] !== undefined && typeof value[name] !== "string") return undefined;
  return value as unknown as JournalRecord;
}
