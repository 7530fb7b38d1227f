// What the fields of alert records hold, by which each database reads and writes its columns.
import type {
  AlertHistoryEntry,
  AlertNotification,
  AlertSilence,
  StoredAlert,
  StoredAlertRule,
} from "../alert-records.ts";

/** A text or a number; an instant; a flag; what is stored as JSON. */
export type FieldKind = "plain" | "time" | "flag" | "json";

/** The kind of every field of records of type `T`, in the order of the columns. */
export type FieldKinds<T> = Readonly<Record<keyof T & string, FieldKind>>;

/** Of `alert_rules`. */
export const RULE_KINDS: FieldKinds<StoredAlertRule> = {
  rule_id: "plain",
  rule_name: "plain",
  rule_type: "plain",
  source_type: "plain",
  condition_config: "json",
  for_seconds: "plain",
  severity: "plain",
  labels: "json",
  annotations: "json",
  notification_channels: "json",
  notification_config: "json",
  license_id: "plain",
  is_active: "flag",
  problem: "plain",
  created_at: "time",
  updated_at: "time",
  removed_at: "time",
  revision: "plain",
};

/** Of `alerts`. */
export const ALERT_KINDS: FieldKinds<StoredAlert> = {
  alert_id: "plain",
  rule_id: "plain",
  rule_name: "plain",
  rule_type: "plain",
  source_type: "plain",
  severity: "plain",
  labels: "json",
  license_id: "plain",
  fingerprint: "plain",
  state: "plain",
  status: "plain",
  summary: "plain",
  annotations: "json",
  impact: "plain",
  value: "plain",
  peak_value: "plain",
  threshold: "plain",
  pending_since: "time",
  triggered_at: "time",
  acknowledged_at: "time",
  acknowledged_by: "plain",
  assigned_to: "plain",
  resolved_at: "time",
  resolved_by: "plain",
  resolution_note: "plain",
  reopened_count: "plain",
  condition_holds: "flag",
  is_flapping: "flag",
  recent_changes: "json",
  notified_state: "plain",
  silence_id: "plain",
  notification_count: "plain",
  revision: "plain",
};

/** Of `alert_history`. */
export const HISTORY_KINDS: FieldKinds<AlertHistoryEntry> = {
  alert_id: "plain",
  changed_at: "time",
  change: "plain",
  changed_by: "plain",
  note: "plain",
};

/** Of `alert_silences`. */
export const SILENCE_KINDS: FieldKinds<AlertSilence> = {
  silence_id: "plain",
  matchers: "json",
  starts_at: "time",
  ends_at: "time",
  created_by: "plain",
  reason: "plain",
  revision: "plain",
};

/** Of `alert_notifications`. */
export const NOTIFICATION_KINDS: FieldKinds<AlertNotification> = {
  notification_id: "plain",
  alert_id: "plain",
  change: "plain",
  channel: "plain",
  config: "json",
  alert: "json",
  created_at: "time",
  status: "plain",
  attempts: "plain",
  next_attempt_at: "time",
  last_error: "plain",
  delivered_at: "time",
};
