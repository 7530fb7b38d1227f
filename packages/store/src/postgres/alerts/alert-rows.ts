// How the records of alerts lie in rows: which of their columns are times, and which are JSON.
import type {
  AlertHistoryEntry,
  AlertNotification,
  AlertSilence,
  StoredAlert,
  StoredAlertRule,
} from "../../alert-records.ts";
import { timeText } from "../queries/sql-texts.ts";
import type { SqlRow } from "../sql-client.ts";

/** What a column holds: text, a number or a flag; an instant; JSON. */
type ColumnKind = "plain" | "time" | "json";

/** A table of records of type `T`. */
export interface AlertTable<T> {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns of a SELECT, times as the texts that they are handed on as. */
  readonly list: string;
  fromRow(row: SqlRow): T;
}

function defineTable<T extends object>(
  name: string,
  kinds: Readonly<Record<keyof T & string, ColumnKind>>,
): AlertTable<T> {
  const columns = Object.keys(kinds) as (keyof T & string)[];
  const read = (value: unknown, kind: ColumnKind) => (kind === "json" ? JSON.parse(String(value)) : value);
  return {
    name,
    columns,
    list: columns.map((column) => (kinds[column] === "time" ? `${timeText(column)} AS ${column}` : column)).join(", "),
    fromRow: (row) => Object.fromEntries(columns.map((column) => [column, read(row[column], kinds[column])])) as T,
  };
}

export const RULES = defineTable<StoredAlertRule>("alert_rules", {
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
  is_active: "plain",
  problem: "plain",
  created_at: "time",
  updated_at: "time",
  removed_at: "time",
  revision: "plain",
});

export const ALERTS = defineTable<StoredAlert>("alerts", {
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
  condition_holds: "plain",
  is_flapping: "plain",
  recent_changes: "json",
  notified_state: "plain",
  silence_id: "plain",
  notification_count: "plain",
  revision: "plain",
});

export const HISTORY = defineTable<AlertHistoryEntry>("alert_history", {
  alert_id: "plain",
  changed_at: "time",
  change: "plain",
  changed_by: "plain",
  note: "plain",
});

export const SILENCES = defineTable<AlertSilence>("alert_silences", {
  silence_id: "plain",
  matchers: "json",
  starts_at: "time",
  ends_at: "time",
  created_by: "plain",
  reason: "plain",
  revision: "plain",
});

export const NOTIFICATIONS = defineTable<AlertNotification>("alert_notifications", {
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
});
