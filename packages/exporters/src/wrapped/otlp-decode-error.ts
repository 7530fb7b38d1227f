// Why bytes are no OTLP request.

/** The kinds of damage by code, with what each means. */
const OTLP_DECODE_ERRORS = {
  truncated: "The bytes end too early, or a length in them is wrong.",
  malformed: "The bytes are not in the wire format of Protocol Buffers, or not those of this signal.",
  too_deep: "Values are nested deeper than any receiver takes them.",
} as const;

/** The literal `code` of an {@link OtlpDecodeError}. */
export type OtlpDecodeErrorCode = keyof typeof OTLP_DECODE_ERRORS;

/** Thrown for bytes that cannot be read; the message names the place, never what stands there. */
export class OtlpDecodeError extends Error {
  readonly code: OtlpDecodeErrorCode;

  constructor(code: OtlpDecodeErrorCode, message: string) {
    super(`${message} ${OTLP_DECODE_ERRORS[code]}`);
    this.name = "OtlpDecodeError";
    this.code = code;
  }
}
