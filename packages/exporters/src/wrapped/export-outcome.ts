// What the result of an OpenTelemetry exporter means for the request whose objects it was given.
import { ExportResultCode } from "@opentelemetry/core";
import type { SendFailure, SendOutcome } from "../delivery/sender.ts";
import { createHider } from "../delivery-words.ts";

/** HTTP: "Retryable Response Codes" of the OTLP specification, and 408, a request cut short. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
/**
 * gRPC: CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS may be tried again ("Failures" of OTLP/gRPC). A
 * gRPC exporter has such a number where others have a status.
 */
const RETRYABLE_GRPC: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);
/**
 * UNKNOWN and INTERNAL are what 500 is. RESOURCE_EXHAUSTED is either a limit of the moment or a message that is too large for ever;
 * the detail that would tell them apart does not come through an exporter.
 */
const DOUBTFUL_GRPC: ReadonlySet<number> = new Set([2, 8, 13]);
const LAST_GRPC = 16;
const MAX_MESSAGE_UNITS = 200;
const hide = createHider();

/** Reads what an exporter called back with. Never throws: it runs within the exporter. */
export function outcomeOfResult(result: unknown): SendOutcome {
  try {
    const { code, error } = result as { code?: unknown; error?: unknown };
    if (code === ExportResultCode.SUCCESS) return { kind: "delivered", rejected: 0 };
    return outcomeOfError(error);
  } catch (error) {
    // No result, or one that cannot be read: what became of the request is not known.
    return outcomeOfThrow(error);
  }
}

/** For what `export` has thrown: it cannot write this batch, or not now; worth few tries. Never throws. */
export function outcomeOfThrow(error: unknown): SendOutcome {
  return { kind: "server_error", failure: { code: "EXPORTER_THREW", message: messageOf(error) } };
}

/** For what may be tried again. */
export function outcomeOfDelay(code: string, message: string): SendOutcome {
  return { kind: "retry", failure: { code, message } };
}

function outcomeOfError(error: unknown): SendOutcome {
  const code = (error as { code?: unknown } | undefined)?.code;
  const message = messageOf(error);
  if (isWithin(code, 1, LAST_GRPC)) return outcomeOfGrpc(code, message);
  if (isWithin(code, 100, 599)) return outcomeOfStatus(code, message);
  // A system error, or what only the exporter understands.
  const known = typeof code === "string" || typeof code === "number" ? hide(String(code), MAX_MESSAGE_UNITS) : "ERROR";
  return outcomeOfDelay(known, message);
}

function outcomeOfStatus(status: number, message: string): SendOutcome {
  const failure: SendFailure = { status, message };
  if (status === 500) return { kind: "server_error", failure };
  const isFinal = status >= 300 && !RETRYABLE_STATUSES.has(status);
  return { kind: isFinal ? "rejected" : "retry", failure };
}

function outcomeOfGrpc(code: number, message: string): SendOutcome {
  const failure: SendFailure = { code: `GRPC_${code}`, message };
  if (RETRYABLE_GRPC.has(code)) return { kind: "retry", failure };
  return { kind: DOUBTFUL_GRPC.has(code) ? "server_error" : "rejected", failure };
}

function isWithin(code: unknown, first: number, last: number): code is number {
  return typeof code === "number" && Number.isInteger(code) && code >= first && code <= last;
}

/** The words of an error, and the answer of the receiver that the stock OTLP exporters keep in `data`. */
function messageOf(error: unknown): string {
  try {
    const { message, data } = (error ?? {}) as { message?: unknown; data?: unknown };
    const words = [typeof error === "string" ? error : message, data].filter((word) => typeof word === "string");
    const text = words.filter((word) => word !== "").join(": ");
    return text === "" ? "the exporter gave no reason" : hide(text, MAX_MESSAGE_UNITS);
  } catch {
    return "the exporter's error cannot be read";
  }
}
