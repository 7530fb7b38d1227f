// What people's actions on alerts throw.

/** The errors by code, with what to do about each. */
export const DESK_ERRORS = {
  alert_not_found: "Look at the list of alerts again: it was never there, or has come to nothing.",
  alert_not_firing: "Only an alert that fires, or was acknowledged, can be handled so.",
  silence_not_found: "Look at the list of silences again.",
  invalid_action: "Give what the message names.",
} as const;

/** The literal `code` of an {@link AlertDeskError}. */
export type AlertDeskErrorCode = keyof typeof DESK_ERRORS;

/** Thrown by the desk of alerts; test `code`, not the message. */
export class AlertDeskError extends Error {
  readonly code: AlertDeskErrorCode;

  constructor(code: AlertDeskErrorCode, problem: string) {
    super(`${problem} ${DESK_ERRORS[code]}`);
    this.name = "AlertDeskError";
    this.code = code;
  }
}
