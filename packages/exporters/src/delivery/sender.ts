// What carries an OTLP request to where it belongs, and how that ended.

/** How the bytes of a request are written. */
export type OtlpFormat = "protobuf" | "json";

/** The signals of OpenTelemetry that have a request of their own. */
export type OtlpSignal = "traces" | "logs" | "metrics";

/** One export request, ready to be sent. Its bytes are not changed until `send` has resolved. */
export interface OtlpRequest {
  /** An `ExportTraceServiceRequest`, `ExportLogsServiceRequest` or `ExportMetricsServiceRequest`, uncompressed. */
  readonly bytes: Uint8Array;
  readonly format: OtlpFormat;
  /** Spans, log records or data points in it. */
  readonly items: number;
}

/** Why a request did not get through: what is known of it, nothing secret. */
export interface SendFailure {
  /** The HTTP status, when there was an answer. */
  readonly status?: number | undefined;
  /**
   * The code of a system error, such as `ECONNREFUSED`; or, when the time was up, how far it had come: `NO_ADDRESS`, `NO_CONNECTION`, or
   * `TIMEOUT` when there was no answer, or not all of one.
   */
  readonly code?: string | undefined;
  /** Without a whole answer: it had begun. */
  readonly isCutOff?: boolean | undefined;
  /** What the receiver or the system said; at most some hundred characters. */
  readonly message: string;
  readonly contentType?: string | undefined;
  /** Where a redirect, which is not followed, would have led. */
  readonly location?: string | undefined;
  /** The wait that the receiver asked for, in milliseconds, however long. */
  readonly retryAfterMs?: number | undefined;
  /** Of a request that was taken: the number of items that were not. */
  readonly rejected?: number | undefined;
}

/** How a request ended. */
export type SendOutcome =
  /** The receiver has taken it, all but `rejected` items, of which it says in `message` what was wrong with them. */
  | { readonly kind: "delivered"; readonly rejected: number; readonly message?: string | undefined }
  /** Not now: the same request may be taken later, not before `retryAfterMs` milliseconds if the receiver named a time. */
  | { readonly kind: "retry"; readonly failure: SendFailure; readonly retryAfterMs?: number | undefined }
  /** An answer 500: may be the receiver's trouble, or due to what is in the request; worth few tries. */
  | { readonly kind: "server_error"; readonly failure: SendFailure }
  /** Never: another try would end the same way. */
  | { readonly kind: "rejected"; readonly failure: SendFailure };

/** Sends requests to one destination. Several may be under way. */
export interface OtlpSender {
  /** Where the requests go, fit to be shown. */
  readonly destination: string;
  /** Sends a request. Never rejects; ends by itself within the timeout the sender was made with, counted from when it is begun. */
  send(request: OtlpRequest): Promise<SendOutcome>;
  /** Ends what is under way, as `retry`, and lets go of sockets. */
  close(): void;
}
