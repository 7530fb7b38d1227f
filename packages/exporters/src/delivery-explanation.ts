// A failed delivery as it is known, and as it is explained.
import type { ShownUrl } from "./delivery-words.ts";

/** What is known of a request that was not delivered, or of which only a part was taken. */
export interface DeliveryFailure {
  /** The full URL of the request. Credentials, query and key-like parts of its path are never shown. */
  readonly url: string;
  readonly protocol: "http/protobuf" | "http/json";
  /** The HTTP status, when there was an answer. */
  readonly status?: number | undefined;
  /**
   * Without an answer: the code of the error (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, `HPE_INVALID_CONSTANT`, ...); or what a sender found
   * out by itself: `TIMEOUT` (no answer in time, or not all of it), `NO_CONNECTION` (no connection in time), `NO_ADDRESS` (no address
   * for the name in time), and what the other side spoke instead: `HTTP2_ANSWER`, `TLS_ANSWER`, `HTTP_ANSWER`.
   */
  readonly code?: string | undefined;
  /** Without a whole answer: it had begun. */
  readonly isCutOff?: boolean | undefined;
  /** What the receiver or the system said. It is quoted after secrets were taken out, at most 160 characters of it. */
  readonly message?: string | undefined;
  readonly contentType?: string | undefined;
  /** The wait that the receiver asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Where a redirect, which is not followed, leads. */
  readonly location?: string | undefined;
  /** Of a request that was taken: the number of items that were not; 0 for one that was taken whole, with a remark in `message`. */
  readonly rejected?: number | undefined;
  /** What these items are called, in the plural, such as `spans`. Default `items`. */
  readonly items?: string | undefined;
  /** How long was waited, in milliseconds; for `TIMEOUT`, `NO_CONNECTION` and `NO_ADDRESS`. */
  readonly timeoutMs?: number | undefined;
  /** Texts that must not be shown: the values of the request's headers. What is secret in `url` need not be repeated. */
  readonly secrets?: readonly string[] | undefined;
  /** Where the values come from, to be named in the remedy. Default: the variables of `TELEMETRY_*` and `OTEL_*`. */
  readonly settings?: DeliverySettings | undefined;
}

/** The variables, or options in code, that a remedy names. */
export interface DeliverySettings {
  /** Default `TELEMETRY_OTLP_ENDPOINT`. */
  readonly endpoint?: string | undefined;
  /** Default `TELEMETRY_OTLP_HEADERS`. */
  readonly headers?: string | undefined;
  /** Default `OTEL_EXPORTER_OTLP_PROTOCOL`. */
  readonly protocol?: string | undefined;
  /** Default `OTEL_EXPORTER_OTLP_COMPRESSION`. */
  readonly compression?: string | undefined;
}

/** The sorts of failure; names for programs, stable. */
export type DeliveryFailureKind =
  | "connection_refused"
  | "host_unknown"
  | "name_service_silent"
  | "unreachable"
  | "connection_forbidden"
  | "never_connects"
  | "never_answers"
  | "connection_closed"
  | "grpc_port"
  | "not_http"
  | "unreadable_answer"
  | "tls_expected"
  | "tls_not_spoken"
  | "certificate_untrusted"
  | "certificate_expired"
  | "certificate_not_yet_valid"
  | "certificate_wrong_host"
  | "client_certificate_wanted"
  | "tls_failed"
  | "no_descriptors_left"
  | "redirect"
  | "bad_request"
  | "wrong_protocol"
  | "wrong_compression"
  | "unauthorized"
  | "forbidden"
  | "proxy_login"
  | "wrong_path"
  | "too_large"
  | "rate_limited"
  | "unavailable"
  | "gateway"
  | "server_error"
  | "unexpected_status"
  | "not_otlp"
  | "partly_rejected"
  | "accepted_with_message"
  | "unknown";

/** A failure in plain language; `${what}: ${remedy}` is one printable line without secrets. */
export interface DeliveryExplanation {
  readonly kind: DeliveryFailureKind;
  /** What is the matter and where, such as `nothing listens at http://127.0.0.1:4318`. */
  readonly what: string;
  /** What to do, such as `start the Collector there, or correct TELEMETRY_OTLP_ENDPOINT`. */
  readonly remedy: string;
}

/** Puts an explanation together. */
export function explained(kind: DeliveryFailureKind, what: string, remedy: string): DeliveryExplanation {
  return { kind, what, remedy };
}

/** A failure with everything that explaining it needs, in words that may be shown. */
export interface FailureInWords
  extends Omit<DeliveryFailure, "settings" | "secrets" | "message" | "contentType" | "items">,
    ShownUrl {
  readonly settings: Readonly<Record<keyof DeliverySettings, string>>;
  /** Quoted and shortened, with a colon and a blank before it; empty when nothing was said. */
  readonly saying: string;
  /** For looking at, not for showing. */
  readonly message: string;
  readonly contentType: string;
  /** What came is a web page or the like: its text is for browsers, and its words are no reason for anything but TLS. */
  readonly isMarkup: boolean;
  readonly items: string;
  readonly hide: (text: string, maxUnits?: number) => string;
}
