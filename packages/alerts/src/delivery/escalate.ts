// Puts the steps of escalations that are due into the outbox.
import type { AlertHistoryEntry, AlertLease, AlertNotification, AlertRecords, StoredAlert } from "@tracebook/store";
import { dueSteps, type EscalationStep } from "../routing/escalation.ts";
import type { NotificationConfig } from "../routing/notification-config.ts";
import { routeAlert } from "../routing/route-alert.ts";
import { toTimestamp } from "./timestamp.ts";

/** What it needs of the store. */
type EscalationRecords = Pick<AlertRecords, "findAlerts" | "notifications" | "commit">;

const PAGE = 500;
/** Of one alert, newest first: more than any alert has in one firing. */
const LOOKED_AT = 1_000;

/** Looks at all alerts that nobody has acknowledged. Under a lease, so that no two processes do it at once. */
export async function escalateDue(
  records: EscalationRecords,
  config: NotificationConfig,
  lease: AlertLease,
  nowMs: number,
): Promise<void> {
  for (let offset = 0; ; offset += PAGE) {
    const alerts = await records.findAlerts({ state: "firing" }, PAGE, offset);
    for (const alert of alerts) await escalateOne(records, config, lease, alert, nowMs);
    if (alerts.length < PAGE) return;
  }
}

async function escalateOne(
  records: EscalationRecords,
  config: NotificationConfig,
  lease: AlertLease,
  alert: StoredAlert,
  nowMs: number,
): Promise<void> {
  const { escalation } = routeAlert(config, alert);
  const steps = escalation === undefined ? [] : dueSteps(escalation, alert, nowMs);
  if (steps.length === 0) return;
  const made = await records.notifications(alert.alert_id, LOOKED_AT);
  const taken = steps.findLastIndex(({ key }) => made.some((one) => one.notification_id.startsWith(`${key}>`)));
  const fresh = steps.slice(taken + 1);
  if (fresh.length === 0) return;
  const notifications = toNotifications(alert, fresh, nowMs);
  const note = fresh.map(({ number, channels }) => `step ${number}: ${channels.join(", ")}`).join("; ");
  const history: AlertHistoryEntry = {
    alert_id: alert.alert_id,
    changed_at: toTimestamp(nowMs),
    change: "escalated",
    changed_by: null,
    note,
  };
  await records.commit({ lease, notifications, history: [history] });
}

/** After an outage several steps may be due at once: each channel is told once, of the latest. */
function toNotifications(alert: StoredAlert, steps: readonly EscalationStep[], nowMs: number): AlertNotification[] {
  const latest = new Map(steps.flatMap((step) => step.channels.map((channel) => [channel, step] as const)));
  return [...latest].map(([channel, { key }]) => ({
    notification_id: `${key}>${channel}`,
    alert_id: alert.alert_id,
    change: "escalated",
    channel,
    config: null,
    alert,
    created_at: toTimestamp(nowMs),
    status: "waiting",
    attempts: 0,
    next_attempt_at: toTimestamp(nowMs),
    last_error: null,
    delivered_at: null,
  }));
}
