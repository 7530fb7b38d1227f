/** Why recordings could not be opened: always something the user can put right, so the message says how. */

/** `recording_missing`: no such file or not readable; `recording_unusable`: a file without market data. */
export type RecordingErrorCode = "recording_missing" | "recording_unusable";

/** Thrown by `openRecordings`; test `code`, show `message`. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
  readonly code: RecordingErrorCode;

  constructor(code: RecordingErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
