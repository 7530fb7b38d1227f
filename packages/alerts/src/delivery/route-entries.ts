// Entries of the outbox that name no channel, or one that is not there, become entries for the channels that the routes give.
import type { AlertNotification } from "@tracebook/store";
import type { Channel } from "../channels/channel.ts";
import type { NotificationConfig } from "../routing/notification-config.ts";
import { routeAlert } from "../routing/route-alert.ts";
import { toTimestamp } from "./timestamp.ts";

/** What an entry becomes. */
export interface RoutedEntry {
  readonly parent: AlertNotification;
  /** Have the same ids whenever they are made. */
  readonly children: readonly AlertNotification[];
  /** What is said of the parent; null: nothing. */
  readonly words: string | null;
}

/** The channel of an entry: the one of this name, or the only one of this kind, as S4's rules name `email` and `slack`. */
export function channelOf(channels: ReadonlyMap<string, Channel>, entry: AlertNotification): Channel | undefined {
  const named = channels.get(entry.channel);
  if (named !== undefined) return named;
  const ofKind = [...channels.values()].filter(({ kind }) => kind === entry.channel);
  return ofKind.length === 1 ? ofKind[0] : undefined;
}

/** Routes one entry. An alert whose rule names a channel that is not there is told by the routes rather than not at all. */
export function routeEntry(
  entry: AlertNotification,
  config: NotificationConfig,
  channels: ReadonlyMap<string, Channel>,
  nowMs: number,
): RoutedEntry {
  const names = routeAlert(config, entry.alert).channels.filter((name) => channels.has(name));
  const unknown =
    entry.channel === "default"
      ? undefined
      : `there is no channel ${JSON.stringify(entry.channel.slice(0, 64))}: name one of ${[...channels.keys()].join(", ")} in the rule`;
  const told = names.length === 0 ? "no route takes this alert: add a default route" : `told by ${names.join(", ")}`;
  return {
    parent: entry,
    children: names.map((channel) => ({
      ...entry,
      notification_id: `${entry.notification_id}>${channel}`,
      channel,
      config: null,
      status: "waiting",
      attempts: 0,
      next_attempt_at: toTimestamp(nowMs),
      last_error: null,
      delivered_at: null,
    })),
    words:
      unknown === undefined && names.length > 0
        ? null
        : [unknown, told].filter((part) => part !== undefined).join("; "),
  };
}
