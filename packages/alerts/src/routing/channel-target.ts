// What a rule's `notification_config` says to a channel: to whom in it the message goes.
import type { ChannelKind, ChannelTarget } from "../channels/channel.ts";

/**
 * Reads a rule's entry for a channel: `["ops@company.com"]` for email, `{channel: "#alerts"}` for Slack, as S4 has them; also one text, and
 * `{to: [...]}`. Whatever says nothing to the channel is left out, and the channel's own place counts.
 */
export function toChannelTarget(kind: ChannelKind, config: unknown): ChannelTarget {
  const inner = typeof config === "object" && config !== null ? (config as Record<string, unknown>) : {};
  if (kind === "email") {
    const to = textsOf(Array.isArray(config) || typeof config === "string" ? config : inner["to"]);
    return to.length === 0 ? {} : { to };
  }
  if (kind === "slack") {
    const [channel] = textsOf(typeof config === "string" ? config : inner["channel"]);
    return channel === undefined ? {} : { channel };
  }
  return {};
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === "string" && one !== "");
}
