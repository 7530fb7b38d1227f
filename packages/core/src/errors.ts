// What core throws, and only while a program is being set up.

/** The errors of this package by code, with what to do about each. */
export const CORE_ERRORS = {
  invalid_flow_name: "Give the flow a name of lower-case letters, digits and underscores that starts with a letter.",
  invalid_stages: "Give 1 to 30 different stage names of lower-case letters, digits and underscores.",
  invalid_event_type: "Name the event in snake_case (lower-case letters, digits, underscores), at most 64 characters.",
  duplicate_event_type: "Choose another name, or use the event that has this one.",
  invalid_option: "Give the option a value within the range that the message names.",
  already_started: "Stop the running telemetry first, or start it in one place only.",
} as const;

/** The literal `code` of an error of this package. */
export type CoreErrorCode = keyof typeof CORE_ERRORS;

/** Thrown for wrong options in code, at set-up; test `code`, not the message. */
export class TracebookError extends Error {
  readonly code: CoreErrorCode;

  constructor(code: CoreErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} ${CORE_ERRORS[code]}`, options);
    this.name = "TracebookError";
    this.code = code;
  }
}

/** A value as it may stand in an error message: quoted, one line, at most 64 characters. */
export function quoteValue(value: unknown): string {
  let text: string;
  try {
    text = typeof value === "string" ? value : String(value);
  } catch {
    text = typeof value;
  }
  const short = text.length > 64 ? `${text.slice(0, 64)}...` : text;
  return JSON.stringify(short);
}
