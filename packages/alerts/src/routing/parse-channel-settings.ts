// Reads the settings of one channel, by its kind.
import { CHANNEL_KINDS, type ChannelKind } from "../channels/channel.ts";
import type { ChannelSettings } from "./notification-config.ts";
import type { SettingContext, SettingReader } from "./setting-reader.ts";
import { SettingReader as Reader } from "./setting-reader.ts";

const HTTP_FIELDS = [
  "kind",
  "timeout_seconds",
  "allow_private_targets",
  "allow_http",
  "allowed_hosts",
  "ca_certificate",
] as const;
const FIELDS: Readonly<Record<ChannelKind, readonly string[]>> = {
  email: ["kind", "host", "port", "tls", "user", "password", "from", "to", "timeout_seconds", "ca_certificate"],
  slack: [...HTTP_FIELDS, "webhook_url", "token", "channel", "api_url"],
  pagerduty: [...HTTP_FIELDS, "routing_key", "region", "source", "url"],
  opsgenie: [...HTTP_FIELDS, "api_key", "region", "teams", "url"],
  webhook: [...HTTP_FIELDS, "url", "signing_secret", "signing_key_id"],
};

/** Reads a channel's settings. Without `kind` its name is its kind, as S4 has it: `email`, `slack`. */
export function parseChannelSettings(
  value: unknown,
  name: string,
  context: SettingContext,
  allowedHosts: readonly string[] | undefined,
): ChannelSettings {
  const place = `channels.${name}`;
  const given = (value as { kind?: unknown } | null | undefined)?.kind;
  const kind = CHANNEL_KINDS.find((one) => one === (given ?? name));
  const reader = new Reader(value, place, kind === undefined ? undefined : FIELDS[kind], context);
  if (kind === undefined && (given ?? undefined) === undefined)
    reader.refuse("kind", `is missing; it must be one of ${CHANNEL_KINDS.join(", ")}`);
  // Also says what is wrong with a kind that there is not.
  const known = reader.word("kind", CHANNEL_KINDS, kind ?? "webhook");
  if (kind === undefined) return httpSettings.webhook(reader, name, undefined);
  return known === "email" ? emailSettings(reader, name) : httpSettings[known](reader, name, allowedHosts);
}

function emailSettings(reader: SettingReader, name: string): ChannelSettings {
  const tls = reader.word(
    "tls",
    ["starttls", "implicit", "none"],
    reader.raw("port") === 465 ? "implicit" : "starttls",
  );
  return {
    kind: "email",
    name,
    host: reader.requiredText("host"),
    port: reader.number("port", 1, 65_535),
    tls,
    user: reader.text("user"),
    password: reader.secret("password"),
    from: reader.requiredText("from"),
    to: reader.list("to"),
    timeoutMs: timeoutOf(reader, 120),
    caCertificate: reader.text("ca_certificate"),
  };
}

type HttpParser = (reader: SettingReader, name: string, allowedHosts: readonly string[] | undefined) => ChannelSettings;

const httpSettings: Readonly<Record<Exclude<ChannelKind, "email">, HttpParser>> = {
  slack: (reader, name, hosts) => ({
    ...common(reader, name, hosts),
    kind: "slack",
    webhookUrl: reader.secret("webhook_url"),
    token: reader.secret("token"),
    channel: reader.text("channel"),
    apiUrl: reader.text("api_url"),
  }),
  pagerduty: (reader, name, hosts) => ({
    ...common(reader, name, hosts),
    kind: "pagerduty",
    routingKey: reader.requiredSecret("routing_key"),
    region: reader.word("region", ["us", "eu"], "us"),
    source: reader.text("source"),
    url: reader.text("url"),
  }),
  opsgenie: (reader, name, hosts) => ({
    ...common(reader, name, hosts),
    kind: "opsgenie",
    apiKey: reader.requiredSecret("api_key"),
    region: reader.word("region", ["us", "eu"], "us"),
    teams: reader.list("teams"),
    url: reader.text("url"),
  }),
  webhook: (reader, name, hosts) => ({
    ...common(reader, name, hosts),
    kind: "webhook",
    url: reader.requiredSecret("url"),
    signingSecret: reader.requiredSecret("signing_secret"),
    signingKeyId: reader.text("signing_key_id"),
  }),
};

function common(reader: SettingReader, name: string, allowedHosts: readonly string[] | undefined) {
  return {
    name,
    timeoutMs: timeoutOf(reader, 60),
    allowPrivateTargets: reader.flag("allow_private_targets"),
    allowHttp: reader.flag("allow_http"),
    allowedHosts: reader.has("allowed_hosts") ? reader.list("allowed_hosts") : allowedHosts,
    caCertificate: reader.text("ca_certificate"),
  };
}

function timeoutOf(reader: SettingReader, maxSeconds: number): number | undefined {
  const seconds = reader.number("timeout_seconds", 0.1, maxSeconds);
  return seconds === undefined ? undefined : seconds * 1_000;
}
