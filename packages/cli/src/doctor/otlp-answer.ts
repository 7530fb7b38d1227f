// What an answer in the 200s says: taken, taken in part, or no OTLP at all.
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { Signal } from "./doctor-signals.ts";

/** The content of an answer. */
export interface OtlpReply {
  /** `strange`: JSON, but not that of OTLP; `none`: no OTLP, whatever the status says. */
  readonly kind: "otlp" | "strange" | "none";
  /** Items that were refused. */
  readonly rejected: number;
  /** What the receiver says about it; may be said with nothing refused. */
  readonly message: string;
}

/** The names that the signals have for the same thing (opentelemetry-proto, collector/*_service.proto). */
interface PartialSuccess {
  readonly rejectedSpans?: unknown;
  readonly rejectedDataPoints?: unknown;
  readonly rejectedLogRecords?: unknown;
  readonly errorMessage?: unknown;
}

const READERS = { traces: ProtobufTraceSerializer, metrics: ProtobufMetricsSerializer, logs: ProtobufLogsSerializer };
const TAKEN: OtlpReply = Object.freeze({ kind: "otlp", rejected: 0, message: "" });
const NO_OTLP: OtlpReply = Object.freeze({ kind: "none", rejected: 0, message: "" });
const STRANGE: OtlpReply = Object.freeze({ kind: "strange", rejected: 0, message: "" });

/** Reads the body of an answer. An empty one is OTLP: nothing is refused. Never throws. */
export function readOtlpReply(signal: Signal, contentType: string, body: Buffer): OtlpReply {
  const text = body.toString("utf8").trimStart();
  if (/html/i.test(contentType) || text.startsWith("<")) return NO_OTLP;
  if (body.length === 0) return TAKEN;
  try {
    if (/json/i.test(contentType) || text.startsWith("{")) return readJson(JSON.parse(text));
    if (contentType !== "" && !/protobuf|octet-stream/i.test(contentType)) return NO_OTLP;
    return toReply(READERS[signal].deserializeResponse(body).partialSuccess);
  } catch {
    return NO_OTLP;
  }
}

function readJson(answer: unknown): OtlpReply {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return NO_OTLP;
  const { partialSuccess, partial_success: snake, ...rest } = answer as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return STRANGE;
  return toReply(partialSuccess ?? snake);
}

function toReply(given: unknown): OtlpReply {
  if (typeof given !== "object" || given === null) return TAKEN;
  const { rejectedSpans, rejectedDataPoints, rejectedLogRecords, errorMessage } = given as PartialSuccess;
  // JSON has 64-bit numbers as text.
  const rejected = Number(rejectedSpans ?? rejectedDataPoints ?? rejectedLogRecords ?? 0);
  return {
    kind: "otlp",
    rejected: rejected > 0 && Number.isFinite(rejected) ? Math.trunc(rejected) : 0,
    message: typeof errorMessage === "string" ? errorMessage : "",
  };
}
