// How orders end, by the words that venues have for it, in any case of letters; the alert BingXOrderFailures counts the same.
import type { Matcher } from "./promql.ts";

const FILLED = ["filled"];
const FAILED = ["rejected", "failed", "error"];
const WITHOUT_FILL = ["expired", "canceled", "cancelled"];

/** Orders that have come to an end, of whatever kind. */
export const ENDED_ORDERS = anyOf([...FILLED, ...FAILED, ...WITHOUT_FILL]);

/** Orders that the venue or the way to it has refused. Orders that expire unfilled are no failures. */
export const FAILED_ORDERS = anyOf(FAILED);

/** Orders that have come to an end and were not refused. */
export const ORDERS_WITHOUT_FAILURE = anyOf([...FILLED, ...WITHOUT_FILL]);

/** The same for names in legends. */
export const FAILED_PATTERN = `/${FAILED.join("|")}/i`;

function anyOf(words: readonly string[]): Matcher {
  return `=~(?i)(${words.join("|")})`;
}
