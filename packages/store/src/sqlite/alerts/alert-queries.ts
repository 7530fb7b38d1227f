// Answers what is asked of the records of alerts.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AlertFilter, AlertHistoryEntry, AlertRecords } from "../../alert-records.ts";
import {
  ALERT_COLUMNS,
  type ColumnValue,
  NOTIFICATION_COLUMNS,
  type RecordColumns,
  type Row,
  RULE_COLUMNS,
  SILENCE_COLUMNS,
} from "./alert-columns.ts";
import type { AlertWrites } from "./alert-writer.ts";

/** The methods of `AlertRecords` that read. */
export type AlertReads = Omit<AlertRecords, keyof AlertWrites>;

/** As they are in the reader's thread. */
export type SqliteAlertQueries = {
  [Name in keyof AlertReads]: (...args: Parameters<AlertReads[Name]>) => Awaited<ReturnType<AlertReads[Name]>>;
};

/** When an alert is listed: it has fired, or it began. */
const ALERT_TIME = "coalesce(triggered_at, pending_since)";

/** Beside `max()` SQLite takes the other columns from the row that has it (sqlite.org/lang_select.html#bareagg). */
const NEWEST = `SELECT * FROM alerts WHERE status <> 'resolved' OR alert_id IN (SELECT alert_id FROM (
    SELECT alert_id, max(pending_since) FROM alerts WHERE status <> 'resolved' OR condition_holds = 1 OR resolved_at >= ?
    GROUP BY rule_id, fingerprint))
  ORDER BY rule_id, pending_since, alert_id`;
/** Nothing can become of what was resolved before: it is not re-opened. */
const MAX_RESOLVED_S = 30 * 86_400;

/** Makes the questions. */
export function createAlertQueries(database: DatabaseSync): SqliteAlertQueries {
  const statements = new Map<string, StatementSync>();
  const rows = (sql: string, ...values: ColumnValue[]): Row[] => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement.all(...values) as unknown as Row[];
  };
  const records = <T>(columns: RecordColumns<T>, sql: string, ...values: ColumnValue[]): T[] =>
    rows(sql, ...values).map((row) => columns.fromRow(row));
  const state = (name: string): string | undefined =>
    rows("SELECT value FROM alert_engine_state WHERE name = ?", name)[0]?.["value"] as string | undefined;
  return {
    rules: () =>
      records(RULE_COLUMNS, "SELECT * FROM alert_rules WHERE removed_at IS NULL ORDER BY rule_name, rule_id"),
    rule: (id) => records(RULE_COLUMNS, "SELECT * FROM alert_rules WHERE rule_id = ? AND removed_at IS NULL", id)[0],
    alert: (id) => records(ALERT_COLUMNS, "SELECT * FROM alerts WHERE alert_id = ?", id)[0],
    findAlerts: (filter, limit, offset) => {
      const { where, values } = toWhere(filter);
      const sql = `SELECT * FROM alerts${where} ORDER BY ${ALERT_TIME} DESC, alert_id DESC LIMIT ? OFFSET ?`;
      return records(ALERT_COLUMNS, sql, ...values, limit, offset);
    },
    history: (id) =>
      rows(
        "SELECT alert_id, changed_at, change, changed_by, note FROM alert_history WHERE alert_id = ? ORDER BY id",
        id,
      ).map((row) => ({ ...row }) as unknown as AlertHistoryEntry),
    silences: (time) =>
      records(SILENCE_COLUMNS, "SELECT * FROM alert_silences WHERE ends_at > ? ORDER BY starts_at, silence_id", time),
    changesSince: (revision) => ({
      // First: what comes in between is told once more.
      revision: Number(state("revision") ?? 0),
      rules: records(RULE_COLUMNS, "SELECT * FROM alert_rules WHERE revision > ? ORDER BY revision", revision),
      alerts:
        revision === 0
          ? records(ALERT_COLUMNS, NEWEST, resolvedFrom(state("evaluated_until")))
          : records(ALERT_COLUMNS, "SELECT * FROM alerts WHERE revision > ? ORDER BY revision", revision),
      silences: records(SILENCE_COLUMNS, "SELECT * FROM alert_silences WHERE revision > ? ORDER BY revision", revision),
    }),
    engineState: () => {
      const cursor = state("cursor");
      return cursor === undefined ? undefined : { cursor, evaluated_until: Number(state("evaluated_until")) };
    },
    dueNotifications: (now, limit) =>
      records(
        NOTIFICATION_COLUMNS,
        `SELECT * FROM alert_notifications WHERE status = 'waiting' AND next_attempt_at <= ?
         ORDER BY next_attempt_at, rowid LIMIT ?`,
        now,
        limit,
      ),
    notifications: (alertId, limit) =>
      alertId === undefined
        ? records(
            NOTIFICATION_COLUMNS,
            "SELECT * FROM alert_notifications ORDER BY created_at DESC, rowid DESC LIMIT ?",
            limit,
          )
        : records(
            NOTIFICATION_COLUMNS,
            "SELECT * FROM alert_notifications WHERE alert_id = ? ORDER BY created_at DESC, rowid DESC LIMIT ?",
            alertId,
            limit,
          ),
  };
}

/** By the engine's time; whatever its age where nothing was ever evaluated. */
function resolvedFrom(evaluatedUntil: string | undefined): string {
  if (evaluatedUntil === undefined) return "";
  return new Date((Number(evaluatedUntil) - MAX_RESOLVED_S) * 1_000).toISOString().replace("Z", "000Z");
}

function toWhere(filter: AlertFilter): { readonly where: string; readonly values: readonly ColumnValue[] } {
  const terms: readonly (readonly [string, string | undefined])[] = [
    ["rule_id = ?", filter.ruleId],
    ["state = ?", filter.state],
    ["status = ?", filter.status],
    ["severity = ?", filter.severity],
    ["fingerprint = ?", filter.fingerprint],
    ["assigned_to = ?", filter.assignedTo],
    [`${ALERT_TIME} >= ?`, filter.startTime],
    [`${ALERT_TIME} <= ?`, filter.endTime],
  ];
  const given = terms.filter((term): term is readonly [string, string] => term[1] !== undefined);
  const where = given.length === 0 ? "" : ` WHERE ${given.map(([sql]) => sql).join(" AND ")}`;
  return { where, values: given.map(([, value]) => value) };
}
