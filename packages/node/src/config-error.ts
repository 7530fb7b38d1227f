// What is said and thrown about configuration, and only while telemetry is being set up.

/** The errors of configuration by code, with what to do about each. */
export const CONFIG_ERRORS = {
  invalid_option: "Give the option a value within the range that the message names.",
  unknown_option: "Use an option of TelemetryOptions, or leave it out.",
  invalid_environment:
    "Correct or unset these variables, or unset TELEMETRY_STRICT to start with what would be used instead.",
} as const;

/** The literal `code` of a configuration error. */
export type ConfigErrorCode = keyof typeof CONFIG_ERRORS;

/** A wrong variable of the environment and what became of it. */
export interface ConfigProblem {
  /** The name of the variable. */
  readonly variable: string;
  /**
   * One printable line without secrets: the variable, its value, what is expected, what is used instead. Example:
   * `TELEMETRY_SAMPLE_RATIO="abc" is not a number from 0 to 1: using 1 (default)`.
   */
  readonly line: string;
}

/**
 * Thrown for wrong options in code and, with `TELEMETRY_STRICT=true`, for wrong variables; test `code`, not the message. The
 * message holds no secret, and there is no `cause`: what a parser says about a bad text quotes the text.
 */
export class TracebookConfigError extends Error {
  readonly code: ConfigErrorCode;
  /** Every wrong variable, for `invalid_environment`; empty for the other codes. */
  readonly problems: readonly ConfigProblem[];

  constructor(code: ConfigErrorCode, message: string, problems: readonly ConfigProblem[] = []) {
    super(`${message} ${CONFIG_ERRORS[code]}`);
    this.name = "TracebookConfigError";
    this.code = code;
    this.problems = Object.freeze([...problems]);
  }
}
