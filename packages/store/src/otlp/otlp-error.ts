// What is thrown for the body of a request that cannot be read.

/** The errors of reading OTLP by code, with what to do about each. */
export const OTLP_ERRORS = {
  malformed_otlp:
    "Send an export request of OTLP 1.x: protobuf as `application/x-protobuf`, or OTLP/JSON as `application/json`.",
  too_many_items: "Send fewer at a time: lower the batch size of the exporter.",
  too_deep: "Record flatter values, or the nested part as JSON text.",
} as const;

/** The literal `code` of an error of reading OTLP. */
export type OtlpErrorCode = keyof typeof OTLP_ERRORS;

/** Thrown for a whole request, of which nothing was taken then; test `code`, not the message. */
export class OtlpError extends Error {
  readonly code: OtlpErrorCode;

  constructor(code: OtlpErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} ${OTLP_ERRORS[code]}`, options);
    this.name = "OtlpError";
    this.code = code;
  }
}
