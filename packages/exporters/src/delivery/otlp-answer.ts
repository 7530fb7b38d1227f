// What an OTLP receiver's answer means: taken, taken in part, later, or never (OTLP specification 1.x, "OTLP/HTTP Response").
import { readOtlpReply } from "./otlp-reply.ts";
import { MAX_RETRY_AFTER_MS, parseRetryAfter } from "./retry-after.ts";
import type { OtlpSignal, SendFailure, SendOutcome } from "./sender.ts";

/** An answer as it came. */
export interface OtlpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Its first bytes; the rest is of no interest. */
  readonly body: Uint8Array;
}

/** Statuses after which the same request may be taken later ("Failures", "Retryable Response Codes"), and 408, a request cut short. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
/** Web servers come to the point of an error page late: in Apache's it stands behind some 250 characters of markup. */
const MAX_MESSAGE_UNITS = 500;

/** Reads an answer to a request of `items` items. */
export function readOtlpAnswer(signal: OtlpSignal, answer: OtlpAnswer, items: number): SendOutcome {
  const { status, body } = answer;
  const failure = toSendFailure(answer, Date.now());
  if (status >= 200 && status < 300) {
    const { kind, rejected, message } = readOtlpReply(signal, failure.contentType ?? "", body);
    // A login page or another web server: what it got, it has thrown away.
    if (kind === "page") return { kind: "retry", failure };
    // Otherwise the status says that it was taken, and a body that is no OTLP says nothing against it.
    return {
      kind: "delivered",
      rejected: Math.min(rejected, items),
      message: message === "" ? undefined : shortened(message),
    };
  }
  if (status === 500) return { kind: "server_error", failure };
  if (!RETRYABLE.has(status)) return { kind: "rejected", failure };
  const asked = failure.retryAfterMs;
  return { kind: "retry", failure, retryAfterMs: asked && Math.min(asked, MAX_RETRY_AFTER_MS) };
}

/** What there is to be told of an answer that is no good news: all of it but what `readOtlpReply` reads. */
export function toSendFailure({ status, headers, body }: OtlpAnswer, nowEpochMs: number): SendFailure {
  return {
    status,
    contentType: textOf(headers["content-type"]),
    location: textOf(headers["location"]),
    message: shortened(Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8")),
    retryAfterMs: parseRetryAfter(textOf(headers["retry-after"]), nowEpochMs),
  };
}

/** The words in an answer: of a text as they are, of a protobuf `Status` those that can be printed. */
function shortened(text: string): string {
  const printable = text.replace(/[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffc]+/g, " ").trim();
  return printable.length > MAX_MESSAGE_UNITS ? `${printable.slice(0, MAX_MESSAGE_UNITS)}...` : printable;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
