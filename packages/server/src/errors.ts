// What this package throws.

/** The errors of this package by code, with what to do about each. */
export const DESK_ERRORS = {
  invalid_option: "Give the option a value within the range that the message names.",
  invalid_environment: "Correct or remove the variable, or leave TELEMETRY_STRICT unset: then the default counts.",
  invalid_alerts:
    "Correct the rules or the notifications (`tracebook alerts check` tries them), or leave TELEMETRY_STRICT unset: then what is right counts, and what is stored stays.",
  token_required:
    "Set `token` (or TELEMETRY_DESK_TOKEN) to a secret of at least 16 characters, or leave the host at 127.0.0.1.",
} as const;

/** The literal `code` of an error of this package. */
export type DeskErrorCode = keyof typeof DESK_ERRORS;

/** Thrown by `openDesk`, and by its functions for a value that cannot be one; test `code`, not the message. */
export class DeskError extends Error {
  readonly code: DeskErrorCode;

  constructor(code: DeskErrorCode, problem: string, options?: ErrorOptions) {
    super(`${problem} ${DESK_ERRORS[code]}`, options);
    this.name = "DeskError";
    this.code = code;
  }
}
