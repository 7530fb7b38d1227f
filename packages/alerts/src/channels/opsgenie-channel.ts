// Opsgenie: Alert API (create, acknowledge, close), one alert of theirs per alert of ours, joined by its alias.
import type { Channel } from "./channel.ts";
import { type CleanMessage, cleanMessage, factsOf, noteOf, titleOf } from "./clean-message.ts";
import { cutText } from "./clean-text.ts";
import { type ChannelRequest, createHttpSender, type HttpChannelOptions } from "./http-channel.ts";
import type { NotificationMessage, NotificationSeverity } from "./notification-message.ts";
import { toProviderKey } from "./provider-key.ts";

/** Settings of an Opsgenie channel. */
export interface OpsgenieChannelOptions extends HttpChannelOptions {
  /** Secret. The key of an API integration. */
  readonly apiKey: string;
  /** `us` or `eu`: where the account is. Default `us`. */
  readonly region?: "us" | "eu" | undefined;
  /** Names of teams that are responsible. At most 50; default: as the integration says. */
  readonly teams?: readonly string[] | undefined;
  /** Another endpoint, without `/v2`. Default `https://api.opsgenie.com`, or `api.eu.opsgenie.com`. */
  readonly url?: string | undefined;
}

const SOURCE = "tracebook";
const PRIORITIES: Readonly<Record<NotificationSeverity, "P1" | "P2" | "P3" | "P5">> = {
  critical: "P1",
  error: "P2",
  warning: "P3",
  info: "P5",
};

/** Makes an Opsgenie channel. Throws an `AlertChannelError` for settings that cannot work. */
export function createOpsgenieChannel(options: OpsgenieChannelOptions): Channel {
  const { name, apiKey, region = "us", teams = [] } = options;
  const host = region === "eu" ? "api.eu.opsgenie.com" : "api.opsgenie.com";
  const sender = createHttpSender(options, options.url ?? `https://${host}`, [apiKey]);
  const headers = { authorization: `GenieKey ${apiKey}` };
  return {
    name,
    kind: "opsgenie",
    destination: sender.destination,
    deduplication: "provider",
    takesDigests: false,
    async send(message, signal) {
      const request = toRequest(message, teams);
      if (request === undefined) return { kind: "skipped", words: `Opsgenie is not told of "${message.change}"` };
      return sender.send({ ...request, headers }, signal);
    },
  };
}

/** Resending is harmless: a create with the alias of an open alert raises its count, a second close finds nothing to close. */
function toRequest(message: NotificationMessage, teams: readonly string[]): ChannelRequest | undefined {
  const clean = cleanMessage(message);
  const alias = toProviderKey(message.alertId);
  const toAlert = (action: string): ChannelRequest => ({
    path: `/v2/alerts/${encodeURIComponent(alias)}/${action}?identifierType=alias`,
    body: JSON.stringify({ source: SOURCE, note: `${clean.summary}${clean.by === undefined ? "" : ` (${clean.by})`}` }),
  });
  if (message.change === "acknowledged") return toAlert("acknowledge");
  if (message.change === "resolved") return toAlert("close");
  if (message.change === "assigned" || message.change === "flapping" || message.change === "stable") return undefined;
  return { path: "/v2/alerts", body: JSON.stringify(toAlertBody(clean, alias, teams)) };
}

/** "Create Alert": message 130, alias 512, description 15,000, details 8,000 characters in all, 20 tags of 50, entity 512. */
function toAlertBody(message: CleanMessage, alias: string, teams: readonly string[]): object {
  const note = noteOf(message);
  const link = message.link === undefined ? [] : [message.link];
  return {
    message: cutText(titleOf(message), 130),
    alias,
    description: cutText([message.summary, ...link, ...(note === undefined ? [] : [note])].join("\n"), 15_000),
    priority: PRIORITIES[message.severity],
    source: SOURCE,
    entity: message.ruleName,
    tags: [message.severity],
    details: detailsOf([
      ...factsOf(message),
      ["idempotency_key", message.idempotencyKey],
      ...message.labels.map(([name, value]) => [`label.${name}`, value] as const),
    ]),
    ...(teams.length === 0 ? {} : { responders: teams.slice(0, 50).map((name) => ({ type: "team", name })) }),
  };
}

/** The first of the facts that fit into Opsgenie's 8,000 characters. */
function detailsOf(facts: readonly (readonly [string, string])[]): Record<string, string> {
  let left = 8_000;
  const fitting = facts.filter(([name, value]) => {
    left -= name.length + value.length;
    return left >= 0;
  });
  return Object.fromEntries(fitting);
}
