// Sends one signal to where the service would send its own, and says what became of it.
import { gzipSync } from "node:zlib";
import {
  type DeliveryFailure,
  type DeliveryFailureKind,
  explainDeliveryFailure,
  readOtlpReply,
  type SendFailure,
  toSendFailure,
} from "@tracebook/exporters";
import { deliveryFactsOf, maskUrl, type OtlpTarget } from "@tracebook/node/doctor";
import { printable } from "../printable.ts";
import { readVersion } from "../version.ts";
import type { Check } from "./check.ts";
import { type ClockOffset, clockOffsetOf } from "./clock-offset.ts";
import type { Signal } from "./doctor-signals.ts";
import { type ProbeAnswer, type ProbeFailure, probeHttp } from "./http-probe.ts";
import type { NameLookup } from "./name-lookup.ts";
import { askPortLanguage, languageOfBytes } from "./port-language.ts";
import type { TlsTrust } from "./service-environment.ts";

/** A destination and what is sent there. */
export interface Destination {
  readonly signal: Signal;
  readonly target: OtlpTarget;
  readonly body: Uint8Array;
  /** Where the values are from: `sources` of the configuration. */
  readonly sources: Readonly<Record<string, string>>;
  readonly trust: TlsTrust;
  readonly names: NameLookup;
  readonly timeoutMs: number;
}

/** What became of it, besides the finding. */
export interface DestinationResult {
  readonly signal: Signal;
  readonly check: Check;
  /** `strange_answer`: a status of the 200s, and JSON that is not OTLP's. */
  readonly outcome: "accepted" | "strange_answer" | DeliveryFailureKind;
  readonly httpStatus: number | undefined;
  readonly durationMs: number;
  readonly retryAfterMs: number | undefined;
  readonly rejected: number;
  readonly clockOffset: ClockOffset | undefined;
}

const ITEM = { traces: "a span", metrics: "a metric", logs: "a log record" } as const;
const ITEMS = { traces: "spans", metrics: "data points", logs: "log records" } as const;

/** Sends the signal once. Never rejects; takes `timeoutMs` at most. */
export async function checkDestination(destination: Destination): Promise<DestinationResult> {
  try {
    return await send(destination);
  } catch (error) {
    // Its code or its kind, not its message: nobody has looked for secrets in that.
    const { code, name } = error as NodeJS.ErrnoException;
    return describeFailure(destination, { message: `${code ?? name ?? "unknown error"}` }, 0);
  }
}

async function send(destination: Destination): Promise<DestinationResult> {
  const { target, body, trust, names, timeoutMs } = destination;
  const startedMs = performance.now();
  const isGzip = target.compression === "gzip";
  const bytes = isGzip ? gzipSync(body) : body;
  const result = await probeHttp({
    url: target.url,
    method: "POST",
    headers: {
      "user-agent": `tracebook-doctor/${readVersion()}`,
      ...target.headers,
      "content-type": target.protocol === "http/json" ? "application/json" : "application/x-protobuf",
      "content-length": String(bytes.length),
      ...(isGzip ? { "content-encoding": "gzip" } : undefined),
    },
    body: bytes,
    timeoutMs,
    trust,
    names,
  });
  if (result.kind === "answer") return describeAnswer(destination, result);
  const leftMs = timeoutMs - (performance.now() - startedMs);
  const language = await findLanguage(target.url, result, leftMs, names);
  return describeFailure(destination, { code: language ?? result.code, message: result.message }, result.durationMs);
}

/** Who is spoken to in the wrong protocol hangs up or answers gibberish; then it is worth asking in others. */
async function findLanguage(
  url: string,
  failure: ProbeFailure,
  leftMs: number,
  names: NameLookup,
): Promise<string | undefined> {
  const isPuzzling = /^(?:ECONNRESET|EPIPE|ECONNABORTED|EPROTO|HPE_\w+|ERR_SSL_\w+)$/.test(failure.code);
  // Who sends an alert speaks TLS, and has said what is the matter.
  const isAlert = /_ALERT_/.test(failure.code) || /SSL alert number \d/.test(failure.message);
  if (!isPuzzling || isAlert) return undefined;
  const seen = failure.firstBytes === undefined ? undefined : languageOfBytes(failure.firstBytes);
  const language = seen ?? (await askPortLanguage(url, leftMs, names));
  // HTTP where HTTP was spoken (and over TLS it was, when what came can be read): the failure has another reason.
  const isNews = language !== "HTTP_ANSWER" || (url.startsWith("https:") && seen === undefined);
  return isNews ? language : undefined;
}

function describeAnswer(destination: Destination, answer: ProbeAnswer): DestinationResult {
  const facts = toSendFailure(answer, answer.answeredEpochMs);
  return {
    ...judge(destination, answer, facts),
    httpStatus: answer.status,
    retryAfterMs: facts.retryAfterMs,
    clockOffset: clockOffsetOf(answer),
  };
}

function judge(destination: Destination, answer: ProbeAnswer, facts: SendFailure): DestinationResult {
  const { status, body, durationMs, isComplete, incompleteCode } = answer;
  if (status < 200 || status >= 300) return describeFailure(destination, facts, durationMs);
  const { kind, rejected, message } = readOtlpReply(destination.signal, facts.contentType ?? "", body);
  if (kind === "page") return describeFailure(destination, facts, durationMs);
  // The service would count it as not delivered, and send it again for ever.
  if (!isComplete)
    return describeFailure(destination, { code: incompleteCode, message: "", isCutOff: true }, durationMs);
  if (kind === "none") return describeFailure(destination, facts, durationMs);
  if (kind === "strange" || (rejected === 0 && message === "")) return describeTaken(destination, kind, durationMs);
  return describeFailure(destination, { ...facts, message, rejected }, durationMs);
}

function describeTaken(
  { signal, target }: Destination,
  kind: "otlp" | "strange",
  durationMs: number,
): DestinationResult {
  const place = printable(maskUrl(target.url), 512);
  if (kind === "strange") {
    return resultOf(signal, "strange_answer", durationMs, {
      status: "warning",
      what: `${place} answers with JSON that is not OTLP's`,
      remedy: "look for the signal in the backend: this may be another service",
    });
  }
  const what = `${place} took ${ITEM[signal]} in ${Math.max(1, Math.round(durationMs))} ms`;
  return resultOf(signal, "accepted", durationMs, { status: "ok", what });
}

function describeFailure(
  destination: Destination,
  failure: Omit<DeliveryFailure, "url" | "protocol">,
  durationMs: number,
): DestinationResult {
  const { signal, target, sources, timeoutMs } = destination;
  const known = { ...deliveryFactsOf(signal, target, sources), timeoutMs, items: ITEMS[signal] };
  const { kind, what, remedy } = explainDeliveryFailure({ ...known, ...failure });
  const status = kind === "accepted_with_message" ? "warning" : "failed";
  const result = resultOf(signal, kind, durationMs, { status, what, remedy });
  return { ...result, rejected: failure.rejected ?? 0 };
}

function resultOf(
  signal: Signal,
  outcome: DestinationResult["outcome"],
  durationMs: number,
  finding: Pick<Check, "status" | "what" | "remedy">,
): DestinationResult {
  return {
    signal,
    check: { id: `otlp_${signal}`, subject: signal, ...finding },
    outcome,
    durationMs,
    httpStatus: undefined,
    retryAfterMs: undefined,
    rejected: 0,
    clockOffset: undefined,
  };
}
