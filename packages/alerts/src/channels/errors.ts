// What channels, routes and delivery throw, and only while they are being set up.

/** The errors of notifications by code, with what to do about each. */
export const ALERT_CHANNEL_ERRORS = {
  target_refused: "Nothing was sent.",
  invalid_channel: "Correct the channel's settings.",
  invalid_notifications: "Correct the configuration of notifications; nothing of it is in force until it is whole.",
} as const;

/** The literal `code` of an error of notifications. */
export type AlertChannelErrorCode = keyof typeof ALERT_CHANNEL_ERRORS;

/** Thrown for wrong settings; test `code`, not the message. Never shows a secret. */
export class AlertChannelError extends Error {
  readonly code: AlertChannelErrorCode;
  /** What is wrong and where, without the general remedy. */
  readonly problem: string;

  constructor(code: AlertChannelErrorCode, problem: string, options?: ErrorOptions) {
    super(`${problem} ${ALERT_CHANNEL_ERRORS[code]}`, options);
    this.name = "AlertChannelError";
    this.code = code;
    this.problem = problem;
  }
}
