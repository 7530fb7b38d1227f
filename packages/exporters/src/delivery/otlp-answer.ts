// What an OTLP receiver's answer means: taken, taken in part, later, or never (OTLP specification 1.x, "OTLP/HTTP Response").
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { parseRetryAfter } from "./retry-after.ts";
import type { OtlpFormat, OtlpSignal, SendFailure, SendOutcome } from "./sender.ts";

/** An answer as it came. */
export interface OtlpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Its first bytes; the rest is of no interest. */
  readonly body: Uint8Array;
}

/** What the responses of all signals have in common, under the names of each. */
interface PartialSuccess {
  readonly rejectedSpans?: number;
  readonly rejectedLogRecords?: number;
  readonly rejectedDataPoints?: number;
  readonly errorMessage?: string;
}
interface ResponseReader {
  deserializeResponse(data: Uint8Array): { readonly partialSuccess?: PartialSuccess };
}

const READERS: Readonly<Record<OtlpFormat, Readonly<Record<OtlpSignal, ResponseReader>>>> = {
  protobuf: { traces: ProtobufTraceSerializer, logs: ProtobufLogsSerializer, metrics: ProtobufMetricsSerializer },
  json: { traces: JsonTraceSerializer, logs: JsonLogsSerializer, metrics: JsonMetricsSerializer },
};

/** Statuses after which the same request may be taken later ("Failures", "Retryable Response Codes"), and 408, a request cut short. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
const MAX_MESSAGE_UNITS = 200;

/** Reads an answer to a request of `items` items. */
export function readOtlpAnswer(signal: OtlpSignal, answer: OtlpAnswer, items: number): SendOutcome {
  const { status, headers } = answer;
  const contentType = textOf(headers["content-type"])?.toLowerCase();
  if (status >= 200 && status < 300) {
    // A login page or another web server: what it got, it has thrown away.
    if (contentType?.startsWith("text/html") === true)
      return { kind: "retry", failure: { status, contentType, message: "a web page instead of an answer" } };
    return { kind: "delivered", ...readPartialSuccess(signal, contentType, answer.body, items) };
  }
  const failure: SendFailure = {
    status,
    contentType,
    location: textOf(headers["location"]),
    message: messageOf(answer.body, contentType),
  };
  if (status === 500) return { kind: "server_error", failure };
  if (!RETRYABLE.has(status)) return { kind: "rejected", failure };
  return { kind: "retry", failure, retryAfterMs: parseRetryAfter(textOf(headers["retry-after"]), Date.now()) };
}

function readPartialSuccess(
  signal: OtlpSignal,
  contentType: string | undefined,
  body: Uint8Array,
  items: number,
): { rejected: number; message?: string | undefined } {
  const isJson = contentType?.includes("json") === true;
  // Any other text would be read as protobuf of some sort.
  if (body.length === 0 || (!isJson && contentType?.includes("protobuf") === false)) return { rejected: 0 };
  const format = isJson ? "json" : "protobuf";
  try {
    const { partialSuccess } = READERS[format][signal].deserializeResponse(body);
    if (partialSuccess === undefined) return { rejected: 0 };
    const { rejectedSpans, rejectedLogRecords, rejectedDataPoints, errorMessage } = partialSuccess;
    // JSON carries an int64 as text.
    const said = Number(rejectedSpans ?? rejectedLogRecords ?? rejectedDataPoints ?? 0);
    const rejected = said > 0 ? Math.min(Math.trunc(said), items) : 0;
    return { rejected, message: typeof errorMessage === "string" ? shortened(errorMessage) : undefined };
  } catch {
    // The status says that it was taken; a body that cannot be read says nothing against it.
    return { rejected: 0 };
  }
}

/** The words in an answer: of a text as they are, of a protobuf `Status` those that can be printed. */
function messageOf(body: Uint8Array, contentType: string | undefined): string {
  if (body.length === 0) return "";
  if (contentType?.startsWith("text/html") === true) return "a web page";
  return shortened(Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8"));
}

function shortened(text: string): string {
  const printable = text.replace(/[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]+/g, " ").trim();
  return printable.length > MAX_MESSAGE_UNITS ? `${printable.slice(0, MAX_MESSAGE_UNITS)}...` : printable;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
