// What a desk tells about its alerting: rules, alerts, how late it is, and who was told.
import { LAG_BOUNDS } from "../histogram-bounds.ts";
import type { CatalogueEntry } from "./entry.ts";

/** Metrics of the process that evaluates a store's rules, and of the one that delivers. They report them themselves: no instrument of ours. */
export const ALERTING_METRICS = {
  alertEvaluation: {
    name: "tracebook_alert_evaluation_seconds",
    kind: "gauge",
    unit: "s",
    labels: [],
    help: "What the last evaluation of all rules took.",
    feature: 70,
  },
  alertLag: {
    name: "tracebook_alert_lag_seconds",
    kind: "gauge",
    unit: "s",
    labels: [],
    help: "From the end of the last second that was evaluated to when what came of it was written.",
    feature: 70,
  },
  alertsByState: {
    name: "tracebook_alerts",
    kind: "gauge",
    unit: "{alert}",
    labels: ["state"],
    help: "Alerts by state (pending, firing, acknowledged, resolved): of each rule and group the newest one.",
    feature: 70,
  },
  alertRules: {
    name: "tracebook_alert_rules",
    kind: "gauge",
    unit: "{rule}",
    labels: ["state"],
    help: "Rules of alerts by state: active, broken.",
    feature: 69,
  },
  alertNotifications: {
    name: "tracebook_alert_notifications_total",
    kind: "counter",
    unit: "{notification}",
    labels: ["channel", "outcome"],
    help: "Tries to deliver notifications, by channel and outcome: delivered, skipped, retry, refused, given_up.",
    feature: 71,
  },
  alertNotificationDelay: {
    name: "tracebook_alert_notification_delay_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["channel"],
    bounds: LAG_BOUNDS,
    help: "Time from the change of an alert to the answer of the channel that took it.",
    feature: 71,
  },
} as const satisfies Record<string, CatalogueEntry>;
