// What is said between a store and the threads in which its database is read and written.
import { StoreError, type StoreErrorCode } from "../errors.ts";
import { OTLP_ERRORS, OtlpError, type OtlpErrorCode } from "../otlp/otlp-error.ts";
import type { OpenOptions } from "./open-database.ts";
import type { WriterCounts } from "./writer-counts.ts";

/** Which of the two threads it is, and what it works on. */
export interface WorkerPlan {
  readonly role: "reader" | "writer";
  readonly open: OpenOptions;
  /** Folder of the journal that a damaged database is rebuilt from. */
  readonly journalDir: string | undefined;
  /** Size of the file that gives way when the disk is full; 0: none. */
  readonly reserveBytes: number;
  /** Names whose values are secrets, beside those that are known. */
  readonly redactKeys: readonly string[];
}

/** The methods that write, of which several may be one transaction; all others are called one by one. */
const WRITE_METHODS = ["takeOtlp", "writeEvents", "writeSpans", "writePoints"] as const;

/** A method that writes. */
export type WriteMethod = (typeof WRITE_METHODS)[number];

/** True for a call of one of the {@link WriteMethod}s. */
export function isWrite({ method }: WorkerCall): boolean {
  return (WRITE_METHODS as readonly string[]).includes(method);
}

/** A call. */
export interface WorkerCall {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** An error that crossed over: errors lose their class on the way. */
export interface CarriedError {
  readonly family: "store" | "otlp" | "other";
  readonly code: string;
  readonly text: string;
}

/** What comes back: an answer, or something nobody asked for. */
export type WorkerReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CarriedError }
  | { readonly notice: WorkerNotice };

/** What the writer tells by itself. */
export type WorkerNotice =
  /** Something was redacted, cut or refused: how much since the store was opened. */
  | { readonly kind: "counts"; readonly counts: WriterCounts }
  /** The database could not be used, was renamed, and a new one begun. */
  | { readonly kind: "set_aside"; readonly why: "corrupt" | "newer"; readonly path: string; readonly problem: string }
  /** The log was damaged, and SQLite has dropped what it held without a word; the rest of the database is as it was. */
  | { readonly kind: "log_lost" }
  /** It has what the journal has, again. */
  | { readonly kind: "rebuilt"; readonly records: number; readonly skipped: number }
  | { readonly kind: "rebuild_failed"; readonly problem: string };

/** Makes an error fit for the way. */
export function carryError(error: unknown): CarriedError {
  if (error instanceof StoreError) return { family: "store", code: error.code, text: error.problem };
  if (error instanceof OtlpError)
    return { family: "otlp", code: error.code, text: error.message.slice(0, -` ${OTLP_ERRORS[error.code]}`.length) };
  return { family: "other", code: "", text: error instanceof Error ? error.message : String(error) };
}

/** The error again. */
export function toError({ family, code, text }: CarriedError): Error {
  if (family === "store") return new StoreError(code as StoreErrorCode, text);
  if (family === "otlp") return new OtlpError(code as OtlpErrorCode, text);
  return new StoreError("store_failed", text);
}
