// Reason codes in words.
import { isReasonCode, REASON_CODES } from "@tracebook/decisions";

/** The sentence of a code of the vocabulary; a host's own code is said to be one. */
export function explainReason(code: string): string {
  return isReasonCode(code) ? REASON_CODES[code] : "A reason of the service's own.";
}
