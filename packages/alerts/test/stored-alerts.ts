// Alerts and entries of the outbox for tests.
import type { AlertChange, AlertNotification, StoredAlert } from "@tracebook/store";

/** An alert that fires since `2026-11-20T12:00:00Z`. */
export function makeAlert(fields: Partial<StoredAlert> = {}): StoredAlert {
  const at = "2026-11-20T12:00:00.000000Z";
  return {
    alert_id: "alert-1",
    rule_id: "high-cpu-usage",
    rule_name: "High CPU Usage",
    rule_type: "metric_threshold",
    source_type: "system_metric",
    severity: "warning",
    labels: { service: "api" },
    license_id: null,
    fingerprint: "f",
    state: "firing",
    status: "active",
    summary: "avg of cpu_usage is 95, above 80",
    annotations: {},
    impact: null,
    value: 95,
    peak_value: 97,
    threshold: 80,
    pending_since: at,
    triggered_at: at,
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
    notified_state: "firing",
    silence_id: null,
    notification_count: 1,
    revision: 1,
    ...fields,
  };
}

/** An entry of the outbox that is due since it was made. */
export function makeEntry(
  alert: StoredAlert,
  change: AlertChange,
  channel: string,
  atMs: number,
  config: AlertNotification["config"] = null,
): AlertNotification {
  const at = new Date(atMs).toISOString().replace("Z", "000Z");
  return {
    notification_id: `${alert.alert_id}:${change}:${atMs}:${channel}`,
    alert_id: alert.alert_id,
    change,
    channel,
    config,
    alert,
    created_at: at,
    status: "waiting",
    attempts: 0,
    next_attempt_at: at,
    last_error: null,
    delivered_at: null,
  };
}
