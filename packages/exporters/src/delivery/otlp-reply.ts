// The body of an answer in the 200s: what was refused and why, or that it is no OTLP at all.
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { OtlpSignal } from "./sender.ts";

/** What such a body says. */
export interface OtlpReply {
  /**
   * `otlp`: an export response, or an empty body, which says that all was taken; `strange`: JSON with nothing of OTLP in it; `page`: a
   * web page; `none`: nothing of the kind.
   */
  readonly kind: "otlp" | "strange" | "page" | "none";
  /** Items that were refused; a whole number, 0 or more. */
  readonly rejected: number;
  /** What the receiver says about it, as it came; may be said with nothing refused. Empty when it says nothing. */
  readonly message: string;
}

interface ResponseReader {
  deserializeResponse(data: Uint8Array): { readonly partialSuccess?: object };
}

const READERS: Readonly<Record<OtlpSignal, ResponseReader>> = {
  traces: ProtobufTraceSerializer,
  metrics: ProtobufMetricsSerializer,
  logs: ProtobufLogsSerializer,
};

/** The names that the signals have for the same thing, and JSON for each (opentelemetry-proto; ProtoJSON takes the proto's names, too). */
const REJECTED = ["rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"] as const;
const REJECTED_IN_PROTO = ["rejected_spans", "rejected_data_points", "rejected_log_records"] as const;

/**
 * Reads the body of an answer in the 200s to a request of a signal. `contentType` is the header, empty when there is none. Never throws.
 *
 * @example
 * readOtlpReply("logs", "application/json", Buffer.from('{"partialSuccess":{"rejectedLogRecords":"2"}}')).rejected; // 2
 */
export function readOtlpReply(signal: OtlpSignal, contentType: string, body: Uint8Array): OtlpReply {
  const format = formatOf(contentType, body);
  if (format === "page") return replyOf("page");
  if (body.length === 0) return replyOf("otlp");
  try {
    if (format === "json") return readJson(new TextDecoder().decode(body));
    if (format === "protobuf") return readPartialSuccess(READERS[signal].deserializeResponse(body).partialSuccess);
  } catch {
    // No message of this format.
  }
  return replyOf("none");
}

/** The type that is given counts: a protobuf message may have the bytes of any text, such as "\n<" or "\n{". */
function formatOf(contentType: string, [first]: Uint8Array): "page" | "json" | "protobuf" | undefined {
  if (/html/i.test(contentType)) return "page";
  if (/json/i.test(contentType)) return "json";
  if (/protobuf|octet-stream/i.test(contentType)) return "protobuf";
  if (contentType !== "") return undefined;
  return first === 0x7b ? "json" : "protobuf";
}

function readJson(text: string): OtlpReply {
  if (text.trim() === "") return replyOf("otlp");
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return replyOf("none");
  const { partialSuccess, partial_success: inProto, ...others } = answer as Record<string, unknown>;
  const partial = partialSuccess ?? inProto;
  if (partial === undefined && Object.keys(others).length > 0) return replyOf("strange");
  return readPartialSuccess(partial);
}

function readPartialSuccess(partial: unknown): OtlpReply {
  if (typeof partial !== "object" || partial === null) return replyOf("otlp");
  const fields = partial as Readonly<Record<string, unknown>>;
  const counted = [...REJECTED, ...REJECTED_IN_PROTO].map((name) => fields[name]).find((count) => count != null);
  // JSON has 64-bit numbers as text.
  const rejected = Number(counted ?? 0);
  const message = fields["errorMessage"] ?? fields["error_message"];
  return replyOf(
    "otlp",
    rejected > 0 && Number.isFinite(rejected) ? Math.trunc(rejected) : 0,
    typeof message === "string" ? message : "",
  );
}

function replyOf(kind: OtlpReply["kind"], rejected = 0, message = ""): OtlpReply {
  return { kind, rejected, message };
}
