// Makes channels of their settings.
import type { Channel } from "../channels/channel.ts";
import { createEmailChannel } from "../channels/email-channel.ts";
import { createOpsgenieChannel } from "../channels/opsgenie-channel.ts";
import { createPagerDutyChannel } from "../channels/pagerduty-channel.ts";
import { createSlackChannel } from "../channels/slack-channel.ts";
import { createWebhookChannel } from "../channels/webhook-channel.ts";
import type { ChannelSettings, NotificationConfig } from "./notification-config.ts";

/** Makes all channels of a configuration, by name. Costs nothing until something is sent. */
export function createChannels(config: NotificationConfig): ReadonlyMap<string, Channel> {
  return new Map([...config.channels].map(([name, settings]) => [name, createChannel(settings)]));
}

/** Makes one. Throws an `AlertChannelError` for settings that cannot work. */
export function createChannel(settings: ChannelSettings): Channel {
  switch (settings.kind) {
    case "email":
      return createEmailChannel({ ...settings, password: settings.password?.reveal() });
    case "slack":
      return createSlackChannel({
        ...settings,
        webhookUrl: settings.webhookUrl?.reveal(),
        token: settings.token?.reveal(),
      });
    case "pagerduty":
      return createPagerDutyChannel({ ...settings, routingKey: settings.routingKey.reveal() });
    case "opsgenie":
      return createOpsgenieChannel({ ...settings, apiKey: settings.apiKey.reveal() });
    case "webhook":
      return createWebhookChannel({
        ...settings,
        url: settings.url.reveal(),
        signingSecret: settings.signingSecret.reveal(),
      });
  }
}
