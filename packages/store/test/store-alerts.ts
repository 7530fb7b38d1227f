// Rules, alerts and notifications for tests.
import type { AlertNotification, StoredAlert, StoredAlertRule } from "../src/alert-records.ts";

/** The second at which tests begin. */
export const NOON = Date.parse("2026-11-20T12:00:00Z") / 1_000;

/** The text of a time so many seconds after noon. */
export function time(second: number): string {
  return `${new Date((NOON + second) * 1_000).toISOString().slice(0, 23)}000Z`;
}

/** A rule that differs from the others in what `more` says. */
export function createRule(more: Partial<StoredAlertRule> = {}): StoredAlertRule {
  return {
    rule_id: "rule",
    rule_name: "High CPU Usage",
    rule_type: "metric_threshold",
    source_type: "system_metric",
    condition_config: { metric: "cpu_usage", operator: ">", threshold: 80, time_window_minutes: 5 },
    for_seconds: 0,
    severity: "warning",
    labels: { team: "desk" },
    annotations: {},
    notification_channels: ["email", "slack"],
    notification_config: { email: ["ops-team@company.com"], slack: { channel: "#alerts" } },
    license_id: null,
    is_active: true,
    problem: null,
    created_at: time(0),
    updated_at: time(0),
    removed_at: null,
    revision: 0,
    ...more,
  };
}

/** The same for an alert, pending since noon. */
export function createAlert(more: Partial<StoredAlert> = {}): StoredAlert {
  return {
    alert_id: "alert",
    rule_id: "rule",
    rule_name: "High CPU Usage",
    rule_type: "metric_threshold",
    source_type: "system_metric",
    severity: "warning",
    labels: {},
    license_id: null,
    fingerprint: "f",
    state: "pending",
    status: "pending",
    summary: "",
    annotations: {},
    impact: null,
    value: null,
    peak_value: null,
    threshold: 80,
    pending_since: time(0),
    triggered_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    assigned_to: null,
    resolved_at: null,
    resolved_by: null,
    resolution_note: null,
    reopened_count: 0,
    condition_holds: true,
    is_flapping: false,
    recent_changes: [],
    notified_state: null,
    silence_id: null,
    notification_count: 0,
    revision: 0,
    ...more,
  };
}

/** What tells of an alert, due five seconds after noon. */
export function createNotification(alert: StoredAlert): AlertNotification {
  return {
    notification_id: `${alert.alert_id}/1/firing/slack`,
    alert_id: alert.alert_id,
    change: "firing",
    channel: "slack",
    config: { channel: "#alerts" },
    alert,
    created_at: time(5),
    status: "waiting",
    attempts: 0,
    next_attempt_at: time(5),
    last_error: null,
    delivered_at: null,
  };
}
