// What an entry of the outbox says, and what many of them say at once.
import { createHash } from "node:crypto";
import type { AlertChange, AlertNotification } from "@tracebook/store";
import { type NotificationChange, type NotificationMessage, SEVERITIES } from "../channels/notification-message.ts";
import { toTimestamp } from "./timestamp.ts";

/** Changes that are told; the others stand in the history for whoever looks. */
const TOLD: Readonly<Partial<Record<AlertChange, NotificationChange>>> = {
  firing: "firing",
  acknowledged: "acknowledged",
  assigned: "assigned",
  resolved: "resolved",
  reopened: "reopened",
  escalated: "escalated",
  flapping: "flapping",
  stable: "stable",
};

/** The message of an entry; undefined for a change that is not told. */
export function toAlertMessage(
  { notification_id, change, alert, created_at }: AlertNotification,
  deskUrl: string | undefined,
  mayRepeat: boolean,
): NotificationMessage | undefined {
  const told = TOLD[change];
  if (told === undefined) return undefined;
  const waited = change === "escalated" ? minutesBetween(alert.triggered_at, created_at) : undefined;
  return {
    idempotencyKey: notification_id,
    alertId: alert.alert_id,
    ruleName: alert.rule_name,
    severity: alert.severity,
    change: told,
    summary: waited === undefined ? alert.summary : `Not acknowledged for ${waited} minutes: ${alert.summary}`,
    labels: alert.labels,
    value: alert.value ?? undefined,
    threshold: alert.threshold ?? undefined,
    at: created_at,
    startedAt: alert.triggered_at ?? alert.pending_since,
    by: personOf(change, alert) ?? undefined,
    link: toAlertLink(deskUrl, alert.alert_id),
    mayRepeat,
  };
}

/** One message for many entries: how many of each kind, then a line for each. */
export function toDigest(
  entries: readonly AlertNotification[],
  deskUrl: string | undefined,
  mayRepeat: boolean,
  nowMs: number,
): NotificationMessage {
  const ids = entries.map(({ notification_id }) => notification_id);
  const key = createHash("sha256").update(JSON.stringify(ids)).digest("hex");
  const worst = Math.max(...entries.map(({ alert }) => SEVERITIES.indexOf(alert.severity)));
  return {
    idempotencyKey: `digest-${key}`,
    alertId: `digest-${key.slice(0, 16)}`,
    ruleName: `${entries.length} changes of alerts`,
    severity: SEVERITIES[worst] ?? "info",
    change: "digest",
    summary: `${entries.length} changes: ${countsOf(entries.map(({ change }) => change))}; ${countsOf(entries.map(({ alert }) => alert.severity))}.`,
    labels: {},
    at: toTimestamp(nowMs),
    link: deskUrl === undefined ? undefined : `${deskUrl.replace(/\/$/, "")}/alerts`,
    // The worst first: whoever reads only the beginning has read what matters.
    lines: [...entries]
      .sort((a, b) => SEVERITIES.indexOf(b.alert.severity) - SEVERITIES.indexOf(a.alert.severity))
      .map(({ change, alert }) => `${alert.severity} ${change}: ${alert.rule_name}: ${alert.summary}`),
    mayRepeat,
  };
}

function countsOf(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
}

function personOf(change: AlertChange, alert: AlertNotification["alert"]): string | null {
  if (change === "acknowledged") return alert.acknowledged_by;
  if (change === "assigned") return alert.assigned_to;
  return change === "resolved" ? alert.resolved_by : null;
}

function toAlertLink(deskUrl: string | undefined, alertId: string): string | undefined {
  return deskUrl === undefined ? undefined : `${deskUrl.replace(/\/$/, "")}/alerts/${encodeURIComponent(alertId)}`;
}

function minutesBetween(from: string | null, to: string): number | undefined {
  return from === null ? undefined : Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
}
