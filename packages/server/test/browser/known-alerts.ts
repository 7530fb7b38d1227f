// Alerts in every state, with their rules, histories, notifications and a silence. For desks that evaluate nothing: `alerts: false`.
import type {
  AlertChange,
  AlertHistoryEntry,
  AlertNotification,
  AlertSeverity,
  StoredAlert,
  StoredAlertRule,
} from "@tracebook/store";
import type { Desk } from "../../src/index.ts";

/** The alert that fires, is not acknowledged, and whose notification has failed. */
export const FIRING_ALERT = "high-error-rate-1";
/** The one that somebody has acknowledged, and somebody else looks into. */
export const ACKNOWLEDGED_ALERT = "stale-feed-1";
/** The one that a person has resolved. */
export const RESOLVED_ALERT = "slow-response-times-1";

type Wrap = (text: string) => string;

/** Writes them; `wrap` is put around every text that comes from outside. */
export async function writeKnownAlerts(desk: Desk, wrap: Wrap = (text) => text): Promise<void> {
  const { alerts } = desk.store;
  for (const rule of rules(wrap)) await alerts.saveRule(rule);
  const firing = alert("high-error-rate", "High Error Rate", "error", 12, wrap, {
    summary: wrap("High Error Rate: 14 error_event in 5 min (>= 10)"),
    labels: { service: wrap("api"), team: wrap("execution") },
    annotations: { description: wrap("Orders may be refused."), runbook_url: wrap("https://wiki.example/errors") },
    value: 14,
    peak_value: 22,
    threshold: 10,
  });
  const acknowledged = alert("stale-feed", "Market feed is silent", "critical", 34, wrap, {
    state: "acknowledged",
    acknowledged_at: ago(30),
    acknowledged_by: wrap("ada"),
    assigned_to: wrap("grace"),
    impact: wrap("No quotes of two venues."),
    summary: wrap("Market feed is silent: no market_tick for 300 s"),
  });
  const quiet = alert("cpu", "CPU is nearly full", "warning", 3, wrap, {
    summary: wrap("CPU is nearly full: avg of cpu_usage over 5 min is 91 (> 80)"),
    value: 91,
    peak_value: 93.5,
    threshold: 80,
    silence_id: "silence-1",
    is_flapping: true,
  });
  const pending = alert("queue", "Queue grows", "info", 1, wrap, {
    state: "pending",
    status: "pending",
    triggered_at: null,
    summary: wrap("Queue grows: max of queue_depth over 1 min is 120 (> 100)"),
  });
  const resolved = alert("slow-response-times", "Slow Response Times", "warning", 10, wrap, {
    state: "resolved",
    status: "resolved",
    resolved_at: ago(4),
    resolved_by: wrap("ada"),
    resolution_note: wrap("A replica was restarted."),
    summary: wrap("Slow Response Times: p95 of response_time over 5 min is 1350 (> 1000)"),
    peak_value: 1_350,
    threshold: 1_000,
  });
  const all = [firing, acknowledged, quiet, pending, resolved];
  await alerts.commit({
    alerts: all.map((one) => ({ alert: one, expectedRevision: 0 })),
    history: all.flatMap((one) => history(one, wrap)),
    notifications: [
      notification(firing, "firing", "pager", {
        status: "waiting",
        attempts: 3,
        last_error: wrap("HTTP 503 Service Unavailable"),
      }),
      notification(firing, "firing", "slack", { status: "delivered", attempts: 1, delivered_at: ago(12) }),
      notification(resolved, "resolved", "slack", { status: "delivered", attempts: 1, delivered_at: ago(4) }),
    ],
    silences: [
      {
        silence_id: "silence-1",
        matchers: { rule_id: "cpu", host: wrap("server-02") },
        starts_at: ago(2),
        ends_at: ago(-60),
        created_by: wrap("ada"),
        reason: wrap("Planned load test"),
        revision: 0,
      },
    ],
  });
}

function ago(minutes: number): string {
  return `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}.000000Z`;
}

function alert(
  ruleId: string,
  name: string,
  severity: AlertSeverity,
  minutesAgo: number,
  wrap: Wrap,
  more: Partial<StoredAlert>,
): StoredAlert {
  return {
    alert_id: `${ruleId}-1`,
    rule_id: ruleId,
    rule_name: wrap(name),
    rule_type: "event_frequency",
    source_type: "telemetry_event",
    severity,
    labels: {},
    license_id: null,
    fingerprint: ruleId,
    state: "firing",
    status: "active",
    summary: "",
    annotations: {},
    impact: null,
    value: null,
    peak_value: null,
    threshold: null,
    pending_since: ago(minutesAgo + 1),
    triggered_at: ago(minutesAgo),
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
    revision: 0,
    ...more,
  };
}

function history(one: StoredAlert, wrap: Wrap): readonly AlertHistoryEntry[] {
  const entry = (changed_at: string | null, change: AlertChange, changed_by: string | null, note: string | null) =>
    changed_at === null ? [] : [{ alert_id: one.alert_id, changed_at, change, changed_by, note }];
  return [
    ...entry(one.pending_since, "pending", null, null),
    ...entry(one.triggered_at, "firing", null, null),
    ...entry(one.acknowledged_at, "acknowledged", one.acknowledged_by, null),
    ...(one.assigned_to === null ? [] : entry(ago(29), "assigned", wrap("ada"), one.assigned_to)),
    ...(one.acknowledged_at === null
      ? []
      : entry(ago(20), "commented", wrap("grace"), wrap("The venue confirms an outage."))),
    ...entry(one.resolved_at, "resolved", one.resolved_by, one.resolution_note),
  ];
}

function notification(
  one: StoredAlert,
  change: AlertChange,
  channel: string,
  more: Partial<AlertNotification>,
): AlertNotification {
  return {
    notification_id: `${one.alert_id}:${change}:${channel}`,
    alert_id: one.alert_id,
    change,
    channel,
    config: {},
    alert: one,
    created_at: one.resolved_at ?? one.triggered_at ?? one.pending_since,
    status: "waiting",
    attempts: 0,
    next_attempt_at: ago(-2),
    last_error: null,
    delivered_at: null,
    ...more,
  };
}

function rules(wrap: Wrap): readonly StoredAlertRule[] {
  const rule = (rule_id: string, name: string, more: Partial<StoredAlertRule>): StoredAlertRule => ({
    rule_id,
    rule_name: wrap(name),
    rule_type: "metric_threshold",
    source_type: "system_metric",
    condition_config: {},
    for_seconds: 0,
    severity: "warning",
    labels: {},
    annotations: {},
    notification_channels: [],
    notification_config: {},
    license_id: null,
    is_active: true,
    problem: null,
    created_at: ago(600),
    updated_at: ago(600),
    removed_at: null,
    revision: 0,
    ...more,
  });
  const metric = (name: string, aggregation: string, threshold: number) => ({
    metric: wrap(name),
    labels: {},
    operator: ">",
    threshold,
    time_window_minutes: 5,
    aggregation,
  });
  return [
    rule("high-error-rate", "High Error Rate", {
      rule_type: "event_frequency",
      source_type: "telemetry_event",
      severity: "error",
      condition_config: {
        event_type: wrap("error_event"),
        fields: {},
        operator: ">=",
        threshold: 10,
        time_window_minutes: 5,
      },
      notification_channels: ["slack"],
    }),
    rule("cpu", "CPU is nearly full", { condition_config: metric("cpu_usage", "avg", 80), for_seconds: 60 }),
    rule("slow-response-times", "Slow Response Times", { condition_config: metric("response_time", "p95", 1_000) }),
    rule("stale-feed", "Market feed is silent", {
      rule_type: "data_absence",
      source_type: "telemetry_event",
      severity: "critical",
      condition_config: {
        stream: { event_type: wrap("market_tick"), fields: {} },
        absent_for_seconds: 300,
        calendar: { kind: "always" },
      },
    }),
    rule("queue", "Queue grows", {
      severity: "info",
      condition_config: metric("queue_depth", "max", 100),
      is_active: false,
    }),
    rule("old", "A rule of an older version", {
      condition_config: metric("gone", "avg", 1),
      problem: wrap("condition_config.metric is missing."),
    }),
  ];
}
