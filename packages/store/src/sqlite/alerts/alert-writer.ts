// Writes the records of alerts: every method is one transaction.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  AlertCommit,
  AlertLease,
  AlertRecords,
  AlertWrite,
  DeliveryOutcome,
  StoredAlertRule,
} from "../../alert-records.ts";
import { StoreError } from "../../errors.ts";
import {
  ALERT_COLUMNS,
  insertSql,
  NOTIFICATION_COLUMNS,
  type RecordColumns,
  RULE_COLUMNS,
  SILENCE_COLUMNS,
} from "./alert-columns.ts";

/** The methods of `AlertRecords` that write. */
export type AlertWrites = Pick<
  AlertRecords,
  "saveRule" | "removeRule" | "commit" | "takeLease" | "releaseLease" | "noteDeliveries"
>;

/** As they are in the writer's thread. */
export type SqliteAlertWriter = {
  [Name in keyof AlertWrites]: (...args: Parameters<AlertWrites[Name]>) => Awaited<ReturnType<AlertWrites[Name]>>;
};

/** Makes the methods that write into `database`. */
export function createAlertWriter(database: DatabaseSync): SqliteAlertWriter {
  const writer = new AlertWriter(database);
  const transact = <T>(work: () => T): T => {
    database.exec("BEGIN IMMEDIATE");
    try {
      const done = work();
      database.exec("COMMIT");
      return done;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  };
  return {
    saveRule: (rule, expectedRevision) => transact(() => writer.saveRule(rule, expectedRevision)),
    removeRule: (ruleId, removedAt) => transact(() => writer.removeRule(ruleId, removedAt)),
    commit: (commit) => transact(() => writer.commit(commit)),
    takeLease: (name, holder, now, until) => transact(() => writer.takeLease(name, holder, now, until)),
    releaseLease: (lease) => transact(() => writer.releaseLease(lease)),
    noteDeliveries: (outcomes, lease) => transact(() => writer.noteDeliveries(outcomes, lease)),
  };
}

/** Lines of `alert_engine_state` are texts. */
const SET_STATE =
  "INSERT INTO alert_engine_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/** How long notifications that are delivered or given up, and silences that have ended, are kept. */
const KEEP_SENT_DAYS = 90;
/** How long resolved alerts are kept, with their history. */
const KEEP_ALERTS_DAYS = 400;
/** In one commit, of each. */
const FORGET_ROWS = 50;

class AlertWriter {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  saveRule(rule: StoredAlertRule, expectedRevision?: number): number {
    const revision = this.#nextRevision();
    const sql = "SELECT created_at, removed_at, revision FROM alert_rules WHERE rule_id = ?";
    const before = this.#prepare(sql).get(rule.rule_id) as
      | Pick<StoredAlertRule, "created_at" | "removed_at" | "revision">
      | undefined;
    const found = before === undefined || before.removed_at !== null ? 0 : before.revision;
    if (expectedRevision !== undefined && found !== expectedRevision)
      throw new StoreError(
        "alert_conflict",
        `The rule ${rule.rule_id} is of revision ${found}, not ${expectedRevision}.`,
      );
    const created_at = before?.created_at ?? rule.created_at;
    this.#put("alert_rules", RULE_COLUMNS, { ...rule, created_at, revision }, "rule_id");
    return revision;
  }

  removeRule(ruleId: string, removedAt: string): boolean {
    const sql = "UPDATE alert_rules SET removed_at = ?, revision = ? WHERE rule_id = ? AND removed_at IS NULL";
    return this.#prepare(sql).run(removedAt, this.#nextRevision(), ruleId).changes > 0;
  }

  commit(commit: AlertCommit): number {
    if (commit.lease !== undefined) this.#checkLease(commit.lease);
    const revision = this.#nextRevision();
    for (const write of commit.alerts ?? []) this.#writeAlert(write, revision);
    for (const id of commit.droppedAlertIds ?? []) this.#dropAlert(id);
    const history = "INSERT INTO alert_history (alert_id, changed_at, change, changed_by, note) VALUES (?, ?, ?, ?, ?)";
    for (const { alert_id, changed_at, change, changed_by, note } of commit.history ?? [])
      this.#prepare(history).run(alert_id, changed_at, change, changed_by, note);
    for (const one of commit.notifications ?? []) this.#put("alert_notifications", NOTIFICATION_COLUMNS, one);
    for (const one of commit.silences ?? [])
      this.#put("alert_silences", SILENCE_COLUMNS, { ...one, revision }, "silence_id");
    // Without a new revision: whoever evaluates knows it already.
    for (const { rule_id, problem } of commit.ruleProblems ?? [])
      this.#prepare("UPDATE alert_rules SET problem = ? WHERE rule_id = ?").run(problem, rule_id);
    if (commit.engine !== undefined) {
      this.#prepare(SET_STATE).run("cursor", commit.engine.cursor);
      this.#prepare(SET_STATE).run("evaluated_until", String(commit.engine.evaluated_until));
      this.#forget(commit.engine.evaluated_until);
    }
    return revision;
  }

  takeLease(name: string, holder: string, now: string, until: string): AlertLease | undefined {
    const sql = "SELECT holder, token, until FROM alert_leases WHERE name = ?";
    const held = this.#prepare(sql).get(name) as Omit<AlertLease, "name"> | undefined;
    if (held !== undefined && held.holder !== holder && held.until > now) return undefined;
    const token = held === undefined ? 1 : held.holder === holder ? held.token : held.token + 1;
    this.#prepare(
      `INSERT INTO alert_leases (name, holder, token, until) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = excluded.token, until = excluded.until`,
    ).run(name, holder, token, until);
    return { name, holder, token, until };
  }

  /** The row stays, so that tokens go on rising. */
  releaseLease({ name, holder, token }: AlertLease): void {
    this.#prepare("UPDATE alert_leases SET until = '' WHERE name = ? AND holder = ? AND token = ?").run(
      name,
      holder,
      token,
    );
  }

  noteDeliveries(outcomes: readonly DeliveryOutcome[], lease?: AlertLease): void {
    if (lease !== undefined) this.#checkLease(lease);
    const statement = this.#prepare(
      `UPDATE alert_notifications SET status = ?, attempts = ?, next_attempt_at = ?, last_error = ?, delivered_at = ?
       WHERE notification_id = ?`,
    );
    for (const { status, attempts, next_attempt_at, last_error, delivered_at, notification_id } of outcomes)
      statement.run(status, attempts, next_attempt_at, last_error, delivered_at, notification_id);
  }

  #writeAlert({ alert, expectedRevision }: AlertWrite, revision: number): void {
    const row = this.#prepare("SELECT revision FROM alerts WHERE alert_id = ?").get(alert.alert_id) as
      | { revision: number }
      | undefined;
    if ((row?.revision ?? 0) !== expectedRevision)
      throw new StoreError(
        "alert_conflict",
        `The alert ${alert.alert_id} is of revision ${row?.revision ?? 0}, not ${expectedRevision}.`,
      );
    this.#put("alerts", ALERT_COLUMNS, { ...alert, revision }, "alert_id");
  }

  #dropAlert(id: string): void {
    const dropped = this.#prepare("DELETE FROM alerts WHERE alert_id = ? AND status = 'pending'").run(id);
    if (dropped.changes > 0) this.#prepare("DELETE FROM alert_history WHERE alert_id = ?").run(id);
  }

  /** Removes some of what has been over for long, by the engine's own time, so that nothing grows for ever. */
  #forget(second: number): void {
    const before = (days: number) => new Date((second - days * 86_400) * 1_000).toISOString();
    const some = (table: string, id: string, where: string) =>
      this.#prepare(
        `DELETE FROM ${table} WHERE ${id} IN (SELECT ${id} FROM ${table} WHERE ${where} LIMIT ${FORGET_ROWS})`,
      );
    some("alert_notifications", "notification_id", "created_at < ? AND status <> 'waiting'").run(
      before(KEEP_SENT_DAYS),
    );
    const over = "coalesce(triggered_at, pending_since) < ? AND status = 'resolved'";
    const ids = this.#prepare(`SELECT alert_id FROM alerts WHERE ${over} LIMIT ${FORGET_ROWS}`).all(
      before(KEEP_ALERTS_DAYS),
    );
    for (const { alert_id: id } of ids as { readonly alert_id: string }[]) {
      this.#prepare("DELETE FROM alert_history WHERE alert_id = ?").run(id);
      this.#prepare("DELETE FROM alerts WHERE alert_id = ?").run(id);
    }
    some("alert_silences", "silence_id", "ends_at < ?").run(before(KEEP_SENT_DAYS));
  }

  #checkLease({ name, holder, token }: AlertLease): void {
    const held = this.#prepare("SELECT holder, token FROM alert_leases WHERE name = ?").get(name) as
      | { holder: string; token: number }
      | undefined;
    if (held?.holder === holder && held.token === token) return;
    throw new StoreError("alert_lease_lost", `The lease ${name} of ${holder} belongs to ${held?.holder ?? "nobody"}.`);
  }

  #nextRevision(): number {
    const row = this.#prepare(
      "UPDATE alert_engine_state SET value = value + 1 WHERE name = 'revision' RETURNING CAST(value AS INTEGER) AS revision",
    ).get();
    return (row as { revision: number }).revision;
  }

  #put<T>(table: string, columns: RecordColumns<T>, record: T, key?: string): void {
    this.#prepare(insertSql(table, columns as RecordColumns<never>, key)).run(...columns.toValues(record));
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
