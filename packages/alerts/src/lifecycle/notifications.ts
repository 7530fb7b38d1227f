// Entries of the outbox for a change of an alert: one for each channel.
import type { AlertRule } from "../rules/alert-rule.ts";
import type { Alert, AlertChange, AlertNotification } from "./alert.ts";

/** The channel of rules that name none: the routing decides. */
const DEFAULT_CHANNEL = "default";

/** What of a rule its notifications need. */
export type NotifiedRule = Pick<AlertRule, "notification_channels" | "notification_config">;

/**
 * What is to be sent for `change`, at `time`. The number of the alert's notifications is part of the id: the same change made again, after
 * a crash, gives the same ids, and the store keeps the first. `alert` bears the number already.
 */
export function createNotifications(
  alert: Alert,
  change: AlertChange,
  { notification_channels, notification_config }: NotifiedRule,
  time: string,
): readonly AlertNotification[] {
  const channels = notification_channels.length === 0 ? [DEFAULT_CHANNEL] : notification_channels;
  return channels.map((channel) => ({
    notification_id: `${alert.alert_id}/${alert.notification_count}/${change}/${channel}`,
    alert_id: alert.alert_id,
    change,
    channel,
    config: notification_config[channel] ?? null,
    alert,
    created_at: time,
    status: "waiting",
    attempts: 0,
    next_attempt_at: time,
    last_error: null,
    delivered_at: null,
  }));
}
