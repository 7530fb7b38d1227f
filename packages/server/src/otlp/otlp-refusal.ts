// Why a request of OTLP is refused, with the status that tells a sender whether to send it again.

/** The reasons by the name under which they are counted. The specification: 429, 502, 503 and 504 ask for the same again, all others do not. */
export const REFUSALS = {
  malformed: 400,
  cut_off: 400,
  too_slow: 408,
  too_large: 413,
  too_large_inflated: 413,
  wrong_content_type: 415,
  wrong_encoding: 415,
  no_memory: 503,
  store_busy: 503,
} as const;

/** A reason. */
export type RefusalReason = keyof typeof REFUSALS;

/** Thrown for a request that is refused. */
export class OtlpRefusal extends Error {
  readonly reason: RefusalReason;
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: RefusalReason, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "OtlpRefusal";
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
