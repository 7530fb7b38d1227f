// How the records of alerts lie in rows: times are read as texts, and JSON as what it says.
import {
  ALERT_KINDS,
  type FieldKind,
  type FieldKinds,
  HISTORY_KINDS,
  NOTIFICATION_KINDS,
  RULE_KINDS,
  SILENCE_KINDS,
} from "../../alerts/alert-kinds.ts";
import { timeText } from "../queries/sql-texts.ts";
import type { SqlRow } from "../sql-client.ts";

/** A table of records of type `T`. */
export interface AlertTable<T> {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns of a SELECT, times as the texts that they are handed on as. */
  readonly list: string;
  fromRow(row: SqlRow): T;
}

function defineTable<T extends object>(name: string, kinds: FieldKinds<T>): AlertTable<T> {
  const columns = Object.keys(kinds) as (keyof T & string)[];
  const read = (value: unknown, kind: FieldKind) => (kind === "json" ? JSON.parse(String(value)) : value);
  return {
    name,
    columns,
    list: columns.map((column) => (kinds[column] === "time" ? `${timeText(column)} AS ${column}` : column)).join(", "),
    fromRow: (row) => Object.fromEntries(columns.map((column) => [column, read(row[column], kinds[column])])) as T,
  };
}

export const RULES = defineTable("alert_rules", RULE_KINDS);
export const ALERTS = defineTable("alerts", ALERT_KINDS);
export const HISTORY = defineTable("alert_history", HISTORY_KINDS);
export const SILENCES = defineTable("alert_silences", SILENCE_KINDS);
export const NOTIFICATIONS = defineTable("alert_notifications", NOTIFICATION_KINDS);
