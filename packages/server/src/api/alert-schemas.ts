// Alerts, their rules and what belongs to them, as the API gives and takes them.
import { z } from "@hono/zod-openapi";

const text = z.string().nullable();
const number = z.number().nullable();
const texts = z.record(z.string(), z.string());

/** A time as the store has it. */
export const alertTime = z
  .string()
  .openapi({ description: "UTC, six digits: text sorts as time.", example: "2026-11-20T12:34:56.000000Z" });
const maybeTime = alertTime.nullable();

/** How bad, rising. */
export const ALERT_SEVERITIES = ["info", "warning", "error", "critical"] as const;
/** Where an alert is in its life. */
export const ALERT_STATES = ["pending", "firing", "acknowledged", "resolved"] as const;
/** The same as SQL has it: firing and acknowledged are `active`. */
export const ALERT_STATUSES = ["pending", "active", "resolved"] as const;

const severity = z.enum(ALERT_SEVERITIES);

/** What happens to an alert. */
const alertChangeSchema = z.enum([
  "pending",
  "firing",
  "acknowledged",
  "assigned",
  "commented",
  "impact",
  "resolved",
  "reopened",
  "escalated",
  "flapping",
  "stable",
  "silenced",
  "unsilenced",
]);

/** An alert. */
export const alertSchema = z
  .object({
    alert_id: z.string(),
    rule_id: z.string().openapi({ example: "high-error-rate" }),
    rule_name: z.string().openapi({ example: "High Error Rate" }),
    rule_type: z.string().openapi({ example: "event_frequency" }),
    source_type: z.string().openapi({ example: "telemetry_event" }),
    severity,
    labels: texts,
    license_id: text,
    fingerprint: z.string().openapi({ description: "The same for all alerts of the same rule and labels." }),
    state: z.enum(ALERT_STATES),
    status: z.enum(ALERT_STATUSES).openapi({ description: "`active`: firing or acknowledged." }),
    summary: z.string(),
    annotations: texts,
    impact: text.openapi({ description: "What it does to the business." }),
    value: number.openapi({ description: "What was measured last." }),
    peak_value: number.openapi({ description: "The worst since it began." }),
    threshold: number,
    pending_since: alertTime,
    triggered_at: maybeTime,
    acknowledged_at: maybeTime,
    acknowledged_by: text,
    assigned_to: text,
    resolved_at: maybeTime,
    resolved_by: text.openapi({ description: "Null: by itself." }),
    resolution_note: text,
    reopened_count: z.int(),
    condition_holds: z.boolean(),
    is_flapping: z.boolean(),
    silence_id: text.openapi({ description: "The silence that keeps it quiet." }),
    notification_count: z.int(),
    revision: z.int(),
  })
  .openapi("Alert");

/** An entry of an alert's history. */
export const alertHistorySchema = z
  .object({
    changed_at: alertTime,
    change: alertChangeSchema,
    changed_by: text.openapi({ description: "Null: the engine." }),
    note: text,
  })
  .openapi("AlertHistoryEntry");

/** A notification. */
export const alertNotificationSchema = z
  .object({
    notification_id: z.string(),
    change: alertChangeSchema,
    channel: z.string().openapi({ description: "`default`: the routes say which.", example: "slack" }),
    created_at: alertTime,
    status: z.enum(["waiting", "delivered", "failed"]),
    attempts: z.int(),
    next_attempt_at: alertTime,
    last_error: text,
    delivered_at: maybeTime,
  })
  .openapi("AlertNotification");

/** A silence. */
export const alertSilenceSchema = z
  .object({
    silence_id: z.string(),
    matchers: texts,
    starts_at: alertTime,
    ends_at: alertTime,
    created_by: z.string(),
    reason: z.string(),
  })
  .openapi("AlertSilence");

const ruleFields = {
  rule_id: z.string(),
  rule_name: z.string(),
  rule_type: z.string().openapi({ example: "metric_threshold" }),
  source_type: z.string().openapi({ example: "system_metric" }),
  condition_config: z.record(z.string(), z.unknown()),
  for_seconds: z.int().openapi({ description: "How long the condition must hold before the alert fires." }),
  severity,
  labels: texts,
  annotations: texts,
  notification_channels: z.array(z.string()),
  notification_config: z.record(z.string(), z.unknown()),
  license_id: text,
  is_active: z.boolean(),
};

/** A rule with every default in place. */
export const alertRuleSchema = z.object(ruleFields).openapi("AlertRule");

/** A rule of the store. */
export const storedAlertRuleSchema = z
  .object({
    ...ruleFields,
    problem: text.openapi({ description: "Why it cannot be evaluated; null: it can." }),
    created_at: alertTime,
    updated_at: alertTime,
    revision: z.int(),
  })
  .openapi("StoredAlertRule");

/** What is wrong with one place of a rule. */
export const ruleProblemSchema = z
  .object({
    path: z.string().openapi({ example: "condition_config.operator" }),
    problem: z.string(),
    nearest: text.openapi({ description: "The nearest valid form; null: there is none near." }),
  })
  .openapi("RuleProblem");

/** A rule as somebody writes it: what may be left out, docs/alerts.md says; what is wrong with it, the answer. */
export const givenRuleSchema = z.record(z.string(), z.unknown()).openapi({
  description: "A rule; fields and defaults: docs/alerts.md.",
  example: {
    rule_name: "High Error Rate",
    rule_type: "event_frequency",
    condition_config: { event_type: "error_event", threshold: 10, time_window_minutes: 5 },
    severity: "error",
  },
});
