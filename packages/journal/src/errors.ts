// What this package throws, and only while a journal is being set up or read.

/** The errors of this package by code, with what to do about each. */
export const JOURNAL_ERRORS = {
  invalid_option: "Give the option a value within the range that the message names.",
  no_journal: "Give the folder that holds `data/events` and `logs`, or one journal file.",
} as const;

/** The literal `code` of an error of this package. */
export type JournalErrorCode = keyof typeof JOURNAL_ERRORS;

/** Thrown for wrong options and for a journal that is not there; test `code`, not the message. */
export class JournalError extends Error {
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} ${JOURNAL_ERRORS[code]}`, options);
    this.name = "JournalError";
    this.code = code;
  }
}

/** The code of a system error (`ENOSPC`), or the name of any other error. Never throws. */
export function errorCodeOf(error: unknown): string {
  try {
    const { code, name } = error as { code?: unknown; name?: unknown };
    if (typeof code === "string") return code;
    return typeof name === "string" ? name : "unknown";
  } catch {
    return "unknown";
  }
}
