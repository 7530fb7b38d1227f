// How the records of alerts lie in rows: by column, and what it holds.
import type { AlertNotification, AlertSilence, StoredAlert, StoredAlertRule } from "../../alert-records.ts";
import { toColumn } from "../column-text.ts";

/** What a column holds. */
type ColumnKind = "plain" | "json" | "flag";

/** A value that a column can take. */
export type ColumnValue = string | number | null;

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, ColumnValue>>;

/** The columns of a table of records of type `T`. */
export interface RecordColumns<T> {
  readonly names: readonly string[];
  toValues(record: T): ColumnValue[];
  fromRow(row: Row): T;
}

function defineColumns<T extends object>(kinds: Readonly<Record<keyof T & string, ColumnKind>>): RecordColumns<T> {
  const names = Object.keys(kinds) as (keyof T & string)[];
  return {
    names,
    toValues: (record) => names.map((name) => toValue(record[name], kinds[name])),
    fromRow: (row) => Object.fromEntries(names.map((name) => [name, fromValue(row[name] ?? null, kinds[name])])) as T,
  };
}

function toValue(value: unknown, kind: ColumnKind): ColumnValue {
  if (kind === "json") return JSON.stringify(value ?? null);
  if (kind === "flag") return value === true ? 1 : 0;
  // SQLite takes NaN for null by itself.
  return typeof value === "string" ? toColumn(value) : ((value ?? null) as number | null);
}

function fromValue(value: ColumnValue, kind: ColumnKind): unknown {
  if (kind === "json") return JSON.parse(String(value)) as unknown;
  return kind === "flag" ? value === 1 : value;
}

/** Of `alert_rules`. */
export const RULE_COLUMNS = defineColumns<StoredAlertRule>({
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
  created_at: "plain",
  updated_at: "plain",
  removed_at: "plain",
  revision: "plain",
});

/** Of `alerts`. */
export const ALERT_COLUMNS = defineColumns<StoredAlert>({
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
  pending_since: "plain",
  triggered_at: "plain",
  acknowledged_at: "plain",
  acknowledged_by: "plain",
  assigned_to: "plain",
  resolved_at: "plain",
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
});

/** Of `alert_silences`. */
export const SILENCE_COLUMNS = defineColumns<AlertSilence>({
  silence_id: "plain",
  matchers: "json",
  starts_at: "plain",
  ends_at: "plain",
  created_by: "plain",
  reason: "plain",
  revision: "plain",
});

/** Of `alert_notifications`. */
export const NOTIFICATION_COLUMNS = defineColumns<AlertNotification>({
  notification_id: "plain",
  alert_id: "plain",
  change: "plain",
  channel: "plain",
  config: "json",
  alert: "json",
  created_at: "plain",
  status: "plain",
  attempts: "plain",
  next_attempt_at: "plain",
  last_error: "plain",
  delivered_at: "plain",
});

/** `INSERT` of a whole record; with `key`, what is there is replaced. */
export function insertSql(table: string, { names }: RecordColumns<never>, key?: string): string {
  const marks = names.map(() => "?").join(", ");
  const set = names.filter((name) => name !== key).map((name) => `${name} = excluded.${name}`);
  const conflict = key === undefined ? "DO NOTHING" : `(${key}) DO UPDATE SET ${set.join(", ")}`;
  return `INSERT INTO ${table} (${names.join(", ")}) VALUES (${marks}) ON CONFLICT ${conflict}`;
}
