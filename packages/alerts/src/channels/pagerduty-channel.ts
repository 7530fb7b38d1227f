// PagerDuty: Events API v2 (trigger, acknowledge, resolve), one incident per alert.
import type { Channel } from "./channel.ts";
import { type CleanMessage, cleanMessage, factsOf, noteOf, titleOf } from "./clean-message.ts";
import { cutText } from "./clean-text.ts";
import { createHttpSender, type HttpChannelOptions } from "./http-channel.ts";
import type { NotificationChange, NotificationMessage } from "./notification-message.ts";
import { toProviderKey } from "./provider-key.ts";

/** Settings of a PagerDuty channel. */
export interface PagerDutyChannelOptions extends HttpChannelOptions {
  /** Secret. The integration key of an Events API v2 integration. */
  readonly routingKey: string;
  /** `us` or `eu`: where the account is. Default `us`. */
  readonly region?: "us" | "eu" | undefined;
  /** What the alerts are about, as PagerDuty's `source`. Default `tracebook`. */
  readonly source?: string | undefined;
  /** Another endpoint. Default `https://events.pagerduty.com/v2/enqueue`, or `events.eu.pagerduty.com`. */
  readonly url?: string | undefined;
}

/** What a change is to PagerDuty; it has no word for an assignment that it has not made itself. */
const ACTIONS: Readonly<Record<NotificationChange, "trigger" | "acknowledge" | "resolve" | undefined>> = {
  firing: "trigger",
  reopened: "trigger",
  escalated: "trigger",
  digest: "trigger",
  test: "trigger",
  acknowledged: "acknowledge",
  resolved: "resolve",
  assigned: undefined,
  flapping: undefined,
  stable: undefined,
};

/** Makes a PagerDuty channel. Throws an `AlertChannelError` for settings that cannot work. */
export function createPagerDutyChannel(options: PagerDutyChannelOptions): Channel {
  const { name, routingKey, region = "us", source = "tracebook" } = options;
  const host = region === "eu" ? "events.eu.pagerduty.com" : "events.pagerduty.com";
  const sender = createHttpSender(options, options.url ?? `https://${host}/v2/enqueue`, [routingKey]);
  return {
    name,
    kind: "pagerduty",
    destination: sender.destination,
    deduplication: "provider",
    takesDigests: false,
    async send(message, signal) {
      const body = toPagerDutyEvent(message, routingKey, source);
      if (body === undefined) return { kind: "skipped", words: `PagerDuty has no event for "${message.change}"` };
      return sender.send({ body: JSON.stringify(body) }, signal);
    },
  };
}

/** Resending an event is harmless: a trigger with the key of an open incident joins it, a second resolve does nothing. */
function toPagerDutyEvent(message: NotificationMessage, routingKey: string, source: string): object | undefined {
  const action = ACTIONS[message.change];
  if (action === undefined) return undefined;
  const key = { routing_key: routingKey, event_action: action, dedup_key: toProviderKey(message.alertId) };
  if (action !== "trigger") return key;
  const clean = cleanMessage(message);
  return {
    ...key,
    payload: payloadOf(clean, source),
    client: "Tracebook",
    ...(clean.link === undefined
      ? {}
      : { client_url: clean.link, links: [{ href: clean.link, text: "Open the alert" }] }),
  };
}

function payloadOf(message: CleanMessage, source: string): object {
  const note = noteOf(message);
  return {
    // "Send an event": the summary has at most 1,024 characters.
    summary: cutText(`${titleOf(message)}: ${message.summary}`, 1_024),
    severity: message.severity,
    source,
    timestamp: message.at,
    class: message.ruleName,
    custom_details: {
      ...Object.fromEntries(factsOf(message)),
      labels: Object.fromEntries(message.labels),
      idempotency_key: message.idempotencyKey,
      ...(note === undefined ? {} : { note }),
    },
  };
}
