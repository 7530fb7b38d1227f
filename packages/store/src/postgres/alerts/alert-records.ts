// The records of alerts on PostgreSQL. Every method that writes is one statement, so that it is done whole or not at all, whatever becomes of
// the connection.
import type { AlertFilter, AlertRecords, StoredAlert } from "../../alert-records.ts";
import { StoreError, type StoreErrorCode } from "../../errors.ts";
import { toJsonb } from "../copy-text.ts";
import { sqlStateOf } from "../postgres-errors.ts";
import { equalTo } from "../queries/sql-texts.ts";
import { type Parameters, Statements } from "../queries/statements.ts";
import type { SqlClient } from "../sql-client.ts";
import { ALERT_CONFLICT, ALERT_LEASE_LOST } from "./alert-functions.ts";
import { ALERTS, type AlertTable, HISTORY, NOTIFICATIONS, RULES, SILENCES } from "./alert-rows.ts";

/** When an alert is listed: it has fired, or it began. */
const ALERT_TIME = "coalesce(triggered_at, pending_since)";
/** What was resolved more than 30 days ago by the engine's time is not re-opened: nothing can become of it. */
const RESOLVED_FROM = `(SELECT coalesce(to_timestamp(max(value)::bigint - ${30 * 86_400}), '-infinity')
    FROM alert_engine_state WHERE name = 'evaluated_until')`;
const NEWEST = `SELECT * FROM alerts WHERE status <> 'resolved' OR alert_id IN (SELECT alert_id FROM (
    SELECT DISTINCT ON (rule_id, fingerprint) alert_id FROM alerts
    WHERE status <> 'resolved' OR condition_holds OR resolved_at >= ${RESOLVED_FROM}
    ORDER BY rule_id, fingerprint, pending_since DESC, revision DESC) AS n)`;
const STATE = `SELECT max(value) FILTER (WHERE name = 'cursor') AS cursor,
    max(value) FILTER (WHERE name = 'evaluated_until')::bigint AS evaluated_until,
    coalesce(max(value) FILTER (WHERE name = 'revision')::bigint, 0) AS revision
  FROM alert_engine_state`;
/** One row, and whoever comes second looks at it as the first has left it: of several that want the lease one gets it. */
const TAKE_LEASE = `INSERT INTO alert_leases AS held (name, holder, token, until) VALUES ($name, $holder, 1, $until::timestamptz)
  ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
    token = held.token + CASE WHEN held.holder = excluded.holder THEN 0 ELSE 1 END
  WHERE held.holder = excluded.holder OR held.until <= $now::timestamptz RETURNING token`;
const EXPECTED = RULES.columns.map((column) => (column === "revision" ? "next_alert_revision()" : `given.${column}`));
const CHANGED = RULES.columns.filter((column) => column !== "rule_id" && column !== "created_at");
/** Whoever comes second looks at the row as the first has left it, and changes nothing. Rows of rules are never removed. */
const SAVE_EXPECTED_RULE = `INSERT INTO alert_rules AS held (${RULES.columns.join(", ")})
    SELECT ${EXPECTED.join(", ")} FROM json_populate_record(NULL::alert_rules, $rule::json) AS given
    WHERE $expected::bigint = 0 OR EXISTS (SELECT FROM alert_rules AS known WHERE known.rule_id = given.rule_id)
    ON CONFLICT (rule_id) DO UPDATE SET ${CHANGED.map((column) => `${column} = excluded.${column}`).join(", ")}
    WHERE CASE WHEN held.removed_at IS NULL THEN held.revision ELSE 0 END = $expected::bigint RETURNING revision AS done`;
/** The row stays, so that tokens go on rising. */
const RELEASE_LEASE =
  "UPDATE alert_leases SET until = '-infinity' WHERE name = $name AND holder = $holder AND token = $token::bigint";

interface StateRow {
  readonly cursor: string | null;
  readonly evaluated_until: number | null;
  readonly revision: number;
}

/** The methods of {@link AlertRecords} that write. */
type Writes = Pick<
  AlertRecords,
  "saveRule" | "removeRule" | "commit" | "takeLease" | "releaseLease" | "noteDeliveries"
>;

/** Makes the records; `client` may write. */
export function createPostgresAlerts(client: SqlClient): AlertRecords {
  const statements = new Statements(client);
  return { ...createReads(statements), ...createWrites(statements) };
}

function createReads(statements: Statements): Omit<AlertRecords, keyof Writes> {
  const find = async <T>(table: AlertTable<T>, rest: string, parameters: Parameters = {}, from = table.name) =>
    (await statements.all<Record<string, unknown>>(`SELECT ${table.list} FROM ${from} ${rest}`, parameters)).map(
      (row) => table.fromRow(row),
    );
  const first = async <T>(table: AlertTable<T>, rest: string, parameters: Parameters) =>
    (await find(table, rest, parameters))[0];
  const state = async () => (await statements.get<StateRow>(STATE))!;
  const there = "removed_at IS NULL";
  return {
    rules: () => find(RULES, `WHERE ${there} ORDER BY rule_name COLLATE "C", rule_id COLLATE "C"`),
    rule: (id) => first(RULES, `WHERE rule_id = $id AND ${there}`, { id }),
    alert: (id) => first(ALERTS, "WHERE alert_id = $id", { id }),
    findAlerts: (filter, limit, offset) => {
      const { where, parameters } = toWhere(filter);
      const order = `ORDER BY ${ALERT_TIME} DESC, alert_id COLLATE "C" DESC LIMIT $limit OFFSET $offset`;
      return find(ALERTS, `${where} ${order}`, { ...parameters, limit, offset });
    },
    history: (id) => find(HISTORY, "AS a WHERE alert_id = $id ORDER BY a.id", { id }),
    silences: (time) =>
      find(SILENCES, `AS s WHERE ends_at > $time::timestamptz ORDER BY s.starts_at, silence_id COLLATE "C"`, { time }),
    changesSince: async (since) => {
      // First: what comes in between is told once more.
      const { revision } = await state();
      const later = "AS r WHERE revision > $since::bigint ORDER BY r.revision";
      const [rules, alerts, silences] = await Promise.all([
        find(RULES, later, { since }),
        since === 0
          ? find<StoredAlert>(
              ALERTS,
              'ORDER BY rule_id COLLATE "C", a.pending_since, alert_id COLLATE "C"',
              {},
              `(${NEWEST}) AS a`,
            )
          : find(ALERTS, later, { since }),
        find(SILENCES, later, { since }),
      ]);
      return { revision, rules, alerts, silences };
    },
    engineState: async () => {
      const { cursor, evaluated_until } = await state();
      return cursor === null || evaluated_until === null ? undefined : { cursor, evaluated_until };
    },
    dueNotifications: (now, limit) =>
      find(
        NOTIFICATIONS,
        "AS n WHERE status = 'waiting' AND next_attempt_at <= $now::timestamptz ORDER BY n.next_attempt_at, n.id LIMIT $limit",
        { now, limit },
      ),
    notifications: (alertId, limit) =>
      find(
        NOTIFICATIONS,
        `AS n ${alertId === undefined ? "" : "WHERE alert_id = $alertId"} ORDER BY n.created_at DESC, n.id DESC LIMIT $limit`,
        { alertId, limit },
      ),
  };
}

function createWrites(statements: Statements): Writes {
  const call = async <T>(sql: string, parameters: Parameters): Promise<T | undefined> => {
    try {
      return (await statements.get<{ readonly done: T }>(sql, parameters))?.done;
    } catch (error) {
      throw toAlertError(error);
    }
  };
  return {
    saveRule: async (rule, expectedRevision) => {
      const given = toText(rule);
      if (expectedRevision === undefined)
        return (await call<number>("SELECT save_alert_rule($rule::json) AS done", { rule: given }))!;
      const parameters = { rule: given, expected: expectedRevision };
      const done = await call<number>(SAVE_EXPECTED_RULE, parameters);
      if (done !== undefined) return done;
      throw new StoreError(
        "alert_conflict",
        `The rule ${rule.rule_id} is not of revision ${expectedRevision} any more.`,
      );
    },
    removeRule: async (id, at) =>
      (await call<boolean>("SELECT remove_alert_rule($id, $at::timestamptz) AS done", { id, at })) === true,
    commit: async (commit) => {
      const { alerts = [], droppedAlertIds, ruleProblems, ...rest } = commit;
      const given = {
        ...rest,
        alerts: alerts.map(({ alert }) => alert),
        expected: alerts.map(({ alert, expectedRevision }) => ({
          alert_id: alert.alert_id,
          revision: expectedRevision,
        })),
        dropped: droppedAlertIds,
        problems: ruleProblems,
      };
      return (await call<number>("SELECT commit_alerts($given::json) AS done", { given: toText(given) }))!;
    },
    takeLease: async (name, holder, now, until) => {
      const taken = await statements.get<{ readonly token: number }>(TAKE_LEASE, { name, holder, now, until });
      return taken === undefined ? undefined : { name, holder, token: taken.token, until };
    },
    releaseLease: async ({ name, holder, token }) => {
      await statements.all(RELEASE_LEASE, { name, holder, token });
    },
    noteDeliveries: async (outcomes, lease) => {
      const parameters = { outcomes: toText(outcomes), lease: lease === undefined ? null : toText(lease) };
      await call("SELECT note_deliveries($outcomes::json, $lease::json)::text AS done", parameters);
    },
  };
}

/** NUL and halves of characters, which no text of PostgreSQL can hold, are U+FFFD. */
function toText(value: unknown): string {
  return toJsonb(JSON.stringify(value));
}

function toWhere(filter: AlertFilter): { readonly where: string; readonly parameters: Parameters } {
  const { ruleId, state, status, severity, fingerprint, assignedTo, startTime, endTime } = filter;
  const parameters = { ruleId, state, status, severity, fingerprint, assignedTo, startTime, endTime };
  const equal = equalTo(parameters, {
    ruleId: "rule_id",
    state: "state",
    status: "status",
    severity: "severity",
    fingerprint: "fingerprint",
    assignedTo: "assigned_to",
  });
  const from = startTime === undefined ? "" : `AND ${ALERT_TIME} >= $startTime::timestamptz`;
  const to = endTime === undefined ? "" : `AND ${ALERT_TIME} <= $endTime::timestamptz`;
  return { where: `WHERE true ${equal} ${from} ${to}`, parameters };
}

const REFUSALS: Readonly<Record<string, StoreErrorCode>> = {
  [ALERT_CONFLICT]: "alert_conflict",
  [ALERT_LEASE_LOST]: "alert_lease_lost",
};

/** What the functions refuse, in their own words. */
function toAlertError(error: unknown): unknown {
  const cause = error instanceof StoreError ? error.cause : undefined;
  const code = REFUSALS[sqlStateOf(cause) ?? ""];
  return code === undefined ? error : new StoreError(code, (cause as Error).message, { cause });
}
