// Sends entries of the outbox over a channel: claimed first, settled after, whatever happens in between.
import type { AlertNotification, AlertRecords, DeliveryOutcome } from "@tracebook/store";
import type { Channel, ChannelAnswer } from "../channels/channel.ts";
import type { NotificationMessage } from "../channels/notification-message.ts";
import { toChannelTarget } from "../routing/channel-target.ts";
import { toAlertMessage, toDigest } from "./alert-message.ts";
import type { DeliveryMetrics, TryOutcome } from "./delivery-metrics.ts";
import { isUnsettled, type SettleRules, toClaim, toEnded, toPutOff, toSettled } from "./outbox-entry.ts";

/** What sending needs. */
export interface SendContext extends SettleRules {
  readonly records: Pick<AlertRecords, "alert">;
  readonly nowMs: () => number;
  readonly deskUrl: string | undefined;
  readonly signal: AbortSignal;
  readonly metrics: DeliveryMetrics;
  /** Writes claims; rejects when they could not be written, and then nothing is sent. */
  readonly claim: (outcomes: readonly DeliveryOutcome[]) => Promise<void>;
  /** Writes what came of it, now or, when the store cannot, later. */
  readonly settle: (outcomes: readonly DeliveryOutcome[]) => Promise<void>;
}

/** Sends the entries of one alert, one after the other; when one must wait, so do those after it. */
export async function sendChain(
  context: SendContext,
  channel: Channel,
  config: unknown,
  chain: readonly AlertNotification[],
): Promise<void> {
  for (const [i, entry] of chain.entries()) {
    const outcome = await sendOne(context, channel, config, entry);
    if (outcome.status !== "waiting") continue;
    const untilMs = Date.parse(outcome.next_attempt_at);
    const rest = chain.slice(i + 1).map((later) => toPutOff(later, untilMs));
    if (rest.length > 0) await context.settle(rest);
    return;
  }
}

/** Sends many entries as one message. */
export async function sendDigest(
  context: SendContext,
  channel: Channel,
  config: unknown,
  entries: readonly AlertNotification[],
): Promise<void> {
  const message = toDigest(entries, context.deskUrl, entries.some(isUnsettled), context.nowMs());
  await context.settle(await exchange(context, channel, config, entries, message));
}

async function sendOne(
  context: SendContext,
  channel: Channel,
  config: unknown,
  entry: AlertNotification,
): Promise<DeliveryOutcome> {
  const mayRepeat = channel.deduplication === "none" && isUnsettled(entry);
  const message = toAlertMessage(entry, context.deskUrl, mayRepeat);
  const outcome =
    message === undefined
      ? toEnded(entry, "delivered", `"${entry.change}" is not told to people`, context.nowMs())
      : ((await endedEscalation(context, entry)) ?? (await exchange(context, channel, config, [entry], message))[0]!);
  await context.settle([outcome]);
  return outcome;
}

/** Nobody is called for an alert that somebody has acknowledged, or that is over, since the step was due. */
async function endedEscalation(context: SendContext, entry: AlertNotification): Promise<DeliveryOutcome | undefined> {
  if (entry.change !== "escalated") return undefined;
  const alert = await context.records.alert(entry.alert_id);
  if (alert === undefined || alert.state === "firing") return undefined;
  return toEnded(entry, "delivered", `not sent: the alert is ${alert.state} by now`, context.nowMs());
}

/** Claims, sends, and says what came of it. */
async function exchange(
  context: SendContext,
  channel: Channel,
  config: unknown,
  entries: readonly AlertNotification[],
  message: NotificationMessage,
): Promise<DeliveryOutcome[]> {
  const claims = entries.map((entry) => toClaim(entry, context.nowMs()));
  await context.claim(claims);
  const answer = await answerOf(channel, message, config, context.signal);
  const nowMs = context.nowMs();
  const outcomes = entries.map((entry, i) => toSettled(entry, claims[i]!.attempts, channel, answer, nowMs, context));
  note(context.metrics, channel, answer, entries, outcomes, nowMs);
  return outcomes;
}

/** A channel of somebody else's may throw: then the message may or may not have arrived. */
async function answerOf(
  channel: Channel,
  message: NotificationMessage,
  config: unknown,
  signal: AbortSignal,
): Promise<ChannelAnswer> {
  try {
    return await channel.send(message, signal, toChannelTarget(channel.kind, config));
  } catch {
    return { kind: "retry", words: "the channel threw an error instead of answering", mayHaveArrived: true };
  }
}

function note(
  metrics: DeliveryMetrics,
  channel: Channel,
  answer: ChannelAnswer,
  entries: readonly AlertNotification[],
  outcomes: readonly DeliveryOutcome[],
  nowMs: number,
): void {
  const givenUp = answer.kind === "retry" ? outcomes.filter(({ status }) => status === "failed").length : 0;
  const count = (outcome: TryOutcome, number: number) => {
    if (number > 0) metrics.tried(channel.name, outcome, number);
  };
  count(answer.kind, entries.length - givenUp);
  count("given_up", givenUp);
  if (answer.kind === "delivered")
    for (const { created_at } of entries) metrics.delay(channel.name, (nowMs - Date.parse(created_at)) / 1_000);
}
