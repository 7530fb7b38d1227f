// The generic webhook: JSON, signed, so that a receiver knows who sent it, when, and whether it has had it before.
import type { Channel } from "./channel.ts";
import { cleanMessage, noteOf, titleOf } from "./clean-message.ts";
import { AlertChannelError } from "./errors.ts";
import { createHttpSender, type HttpChannelOptions } from "./http-channel.ts";
import type { NotificationMessage } from "./notification-message.ts";
import { toProviderKey } from "./provider-key.ts";
import { signWebhook } from "./webhook-signature.ts";

/** Settings of a webhook. */
export interface WebhookChannelOptions extends HttpChannelOptions {
  /** Secret as a whole: paths and queries of webhooks often are. */
  readonly url: string;
  /** Secret. Signs every request; at least 16 characters. */
  readonly signingSecret: string;
  /** Tells receivers which secret it is, so that it can be changed without a gap: letters, digits, `.`, `_`, `-`. Default `default`. */
  readonly signingKeyId?: string | undefined;
}

const MIN_SECRET_UNITS = 16;

/** Makes a webhook channel. Throws an {@link AlertChannelError} for settings that cannot work, and for a URL that is not public. */
export function createWebhookChannel(options: WebhookChannelOptions): Channel {
  const { name, url, signingSecret, signingKeyId = "default" } = options;
  if (signingSecret.length < MIN_SECRET_UNITS)
    throw new AlertChannelError(
      "invalid_channel",
      `signing_secret of channel "${name}" has ${signingSecret.length} characters; it needs at least ${MIN_SECRET_UNITS}.`,
    );
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(signingKeyId))
    throw new AlertChannelError(
      "invalid_channel",
      `signing_key_id of channel "${name}" has 1 to 64 letters, digits, dots, underscores and hyphens.`,
    );
  const sender = createHttpSender(options, url, [signingSecret]);
  const key = { id: signingKeyId, secret: signingSecret };
  return {
    name,
    kind: "webhook",
    destination: sender.destination,
    deduplication: "provider",
    takesDigests: false,
    send(message, signal) {
      const body = JSON.stringify(toWebhookBody(message));
      const headers = signWebhook(body, key, toProviderKey(message.idempotencyKey), sender.nowMs());
      return sender.send({ headers, body }, signal);
    },
  };
}

/** Version 1 of the body; fields may be added to it, never changed. */
function toWebhookBody(message: NotificationMessage): object {
  const clean = cleanMessage(message);
  return {
    version: 1,
    event: `alert.${clean.change}`,
    idempotency_key: toProviderKey(message.idempotencyKey),
    title: titleOf(clean),
    summary: clean.summary,
    at: clean.at,
    note: noteOf(clean) ?? null,
    alert: {
      alert_id: clean.alertId,
      rule_name: clean.ruleName,
      severity: clean.severity,
      labels: Object.fromEntries(clean.labels),
      value: clean.value ?? null,
      threshold: clean.threshold ?? null,
      unit: clean.unit ?? null,
      started_at: clean.startedAt ?? null,
      by: clean.by ?? null,
      link: clean.link ?? null,
    },
  };
}
