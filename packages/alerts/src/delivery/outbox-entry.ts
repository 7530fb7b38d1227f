// What happens to an entry of the outbox: claimed before it is sent, settled after it, put off when something else comes first.
import type { AlertNotification, DeliveryOutcome } from "@tracebook/store";
import type { Channel, ChannelAnswer } from "../channels/channel.ts";
import { backoffMs } from "./backoff.ts";
import { toTimestamp } from "./timestamp.ts";

/** How long a claim counts: what was claimed by a process that has died is due again after it. */
export const CLAIM_MS = 15_000;

/** So begins the error of an entry that may have arrived although nobody knows. */
const UNSETTLED = "may have arrived: ";
/** An age alone ends nothing: after an outage everything is old. */
const LEAST_ATTEMPTS = 10;

/** What settling goes by. */
export interface SettleRules {
  readonly giveUpAfterMs: number;
  readonly random: () => number;
}

/** True when it cannot be known whether the entry has been sent before. */
export function isUnsettled(entry: AlertNotification): boolean {
  return entry.last_error?.startsWith(UNSETTLED) === true;
}

/** Before it is sent: a try more, and due again if nobody settles it. */
export function toClaim(entry: AlertNotification, nowMs: number): DeliveryOutcome {
  return {
    ...outcomeOf(entry),
    attempts: entry.attempts + 1,
    next_attempt_at: toTimestamp(nowMs + CLAIM_MS),
    last_error: `${UNSETTLED}it is being sent, and there is no answer yet`,
  };
}

/** After it was sent, for the `attempts`th time. */
export function toSettled(
  entry: AlertNotification,
  attempts: number,
  channel: Pick<Channel, "deduplication">,
  answer: ChannelAnswer,
  nowMs: number,
  rules: SettleRules,
): DeliveryOutcome {
  const settled = { ...outcomeOf(entry), attempts, next_attempt_at: toTimestamp(nowMs) };
  switch (answer.kind) {
    case "delivered":
      return { ...settled, status: "delivered", last_error: null, delivered_at: toTimestamp(nowMs) };
    case "skipped":
      return { ...settled, status: "delivered", last_error: answer.words, delivered_at: toTimestamp(nowMs) };
    case "refused":
      return { ...settled, status: "failed", last_error: answer.words };
    case "retry": {
      const isOver = nowMs - Date.parse(entry.created_at) >= rules.giveUpAfterMs && attempts >= LEAST_ATTEMPTS;
      if (isOver)
        return { ...settled, status: "failed", last_error: `given up after ${attempts} tries: ${answer.words}` };
      const mayHaveArrived = channel.deduplication === "none" && (answer.mayHaveArrived === true || isUnsettled(entry));
      const waitMs = backoffMs(attempts, rules.random, answer.retryAfterMs);
      return {
        ...settled,
        next_attempt_at: toTimestamp(nowMs + waitMs),
        last_error: `${mayHaveArrived ? UNSETTLED : ""}${answer.words}`,
      };
    }
  }
}

/** Not now: at `untilMs`. */
export function toPutOff(entry: AlertNotification, untilMs: number): DeliveryOutcome {
  return { ...outcomeOf(entry), next_attempt_at: toTimestamp(untilMs) };
}

/** It ends without having been sent; the words say why. */
export function toEnded(
  entry: AlertNotification,
  status: "delivered" | "failed",
  words: string | null,
  nowMs: number,
): DeliveryOutcome {
  return {
    ...outcomeOf(entry),
    status,
    last_error: words,
    delivered_at: status === "delivered" ? toTimestamp(nowMs) : null,
  };
}

function outcomeOf(entry: AlertNotification): DeliveryOutcome {
  const { notification_id, status, attempts, next_attempt_at, last_error, delivered_at } = entry;
  return { notification_id, status, attempts, next_attempt_at, last_error, delivered_at };
}
