// How the records of alerts lie in rows: by column, and what it holds.
import {
  ALERT_KINDS,
  type FieldKind,
  type FieldKinds,
  NOTIFICATION_KINDS,
  RULE_KINDS,
  SILENCE_KINDS,
} from "../../alerts/alert-kinds.ts";
import { toColumn } from "../column-text.ts";

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

function defineColumns<T extends object>(kinds: FieldKinds<T>): RecordColumns<T> {
  const names = Object.keys(kinds) as (keyof T & string)[];
  return {
    names,
    toValues: (record) => names.map((name) => toValue(record[name], kinds[name])),
    fromRow: (row) => Object.fromEntries(names.map((name) => [name, fromValue(row[name] ?? null, kinds[name])])) as T,
  };
}

function toValue(value: unknown, kind: FieldKind): ColumnValue {
  if (kind === "json") return JSON.stringify(value ?? null);
  if (kind === "flag") return value === true ? 1 : 0;
  // SQLite takes NaN for null by itself.
  return typeof value === "string" ? toColumn(value) : ((value ?? null) as number | null);
}

function fromValue(value: ColumnValue, kind: FieldKind): unknown {
  if (kind === "json") return JSON.parse(String(value)) as unknown;
  return kind === "flag" ? value === 1 : value;
}

export const RULE_COLUMNS = defineColumns(RULE_KINDS);
export const ALERT_COLUMNS = defineColumns(ALERT_KINDS);
export const SILENCE_COLUMNS = defineColumns(SILENCE_KINDS);
export const NOTIFICATION_COLUMNS = defineColumns(NOTIFICATION_KINDS);

/** `INSERT` of a whole record; with `key`, what is there is replaced. */
export function insertSql(table: string, { names }: RecordColumns<never>, key?: string): string {
  const marks = names.map(() => "?").join(", ");
  const set = names.filter((name) => name !== key).map((name) => `${name} = excluded.${name}`);
  const conflict = key === undefined ? "DO NOTHING" : `(${key}) DO UPDATE SET ${set.join(", ")}`;
  return `INSERT INTO ${table} (${names.join(", ")}) VALUES (${marks}) ON CONFLICT ${conflict}`;
}
