// What a sender of OTLP is answered, in the format that it sent: an export response, or a google.rpc.Status.
import type { OtlpFormat, OtlpSignal } from "@tracebook/store";

const TYPES: Readonly<Record<OtlpFormat, string>> = { protobuf: "application/x-protobuf", json: "application/json" };
const REJECTED: Readonly<Record<OtlpSignal, string>> = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
};

/** The codes of gRPC that stand for a status of HTTP. */
const GRPC_CODES: Readonly<Record<number, number>> = { 400: 3, 408: 4, 413: 8, 415: 3, 429: 8, 503: 14 };
const GRPC_INTERNAL = 13;

/** The format of a Content-Type; undefined: none that OTLP has. */
export function formatOf(contentType: string | null): OtlpFormat | undefined {
  const essence = (contentType ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (essence === TYPES.protobuf) return "protobuf";
  return essence === TYPES.json ? "json" : undefined;
}

/** An `Export...ServiceResponse`; `partial_success` only where something was not taken. */
export function exportAnswer(
  signal: OtlpSignal,
  format: OtlpFormat,
  rejected: number,
  message: string | undefined,
): Response {
  if (rejected === 0 && message === undefined) return answer(200, format, format === "json" ? "{}" : new Uint8Array(0));
  const errorMessage = message ?? "";
  // As JSON a 64-bit number is text.
  if (format === "json")
    return answer(
      200,
      format,
      JSON.stringify({ partialSuccess: { [REJECTED[signal]]: String(rejected), errorMessage } }),
    );
  // partial_success = 1, and in it rejected = 1 and error_message = 2, of all three signals.
  return answer(200, format, bytesField(1, concat(varintField(1, rejected), textField(2, errorMessage))));
}

/** A `google.rpc.Status` with the status of HTTP that says whether to send it again. */
export function statusAnswer(
  status: number,
  format: OtlpFormat,
  message: string,
  retryAfterSeconds?: number,
): Response {
  const code = GRPC_CODES[status] ?? GRPC_INTERNAL;
  const body =
    format === "json" ? JSON.stringify({ code, message }) : concat(varintField(1, code), textField(2, message));
  const response = answer(status, format, body);
  if (retryAfterSeconds !== undefined) response.headers.set("retry-after", String(retryAfterSeconds));
  return response;
}

function answer(status: number, format: OtlpFormat, body: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { status, headers: { "content-type": TYPES[format] } });
}

function varintField(field: number, value: number): Uint8Array<ArrayBuffer> {
  return value === 0 ? new Uint8Array(0) : concat(Uint8Array.of(field * 8), varint(value));
}

function textField(field: number, text: string): Uint8Array<ArrayBuffer> {
  return text === "" ? new Uint8Array(0) : bytesField(field, new TextEncoder().encode(text));
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array.of(field * 8 + 2), varint(bytes.byteLength), bytes);
}

function varint(value: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.of(...bytes, rest);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}
