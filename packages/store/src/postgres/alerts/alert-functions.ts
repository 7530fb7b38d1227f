// How alerts get into their tables: one call on the server each, so that a process that stalls or dies within one holds nobody up.
import { ALERTS, type AlertTable, HISTORY, NOTIFICATIONS, RULES, SILENCES } from "./alert-rows.ts";

/** SQLSTATE of what these functions refuse. */
export const ALERT_CONFLICT = "TB002";
export const ALERT_LEASE_LOST = "TB003";

const PLAIN = "LANGUAGE plpgsql SET search_path FROM CURRENT";
/** With the rights of who has migrated the database: a writer may delete nothing but by these. */
const AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT";

/** How long notifications that are delivered or given up, and silences that have ended, are kept. */
const KEEP_SENT_DAYS = 90;
/** How long resolved alerts are kept, with their history. */
const KEEP_ALERTS_DAYS = 400;
/** In one commit, of each. */
const FORGET_ROWS = 50;

/** Writes records over those of the same key, with another revision. */
function put({ name, columns }: AlertTable<never>, key: string, given: string): string {
  const values = columns.map((column) => (column === "revision" ? "made" : column));
  const set = columns.filter((column) => column !== key && column !== "created_at");
  return `INSERT INTO ${name} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM json_populate_recordset(NULL::${name}, ${given})
      ON CONFLICT (${key}) DO UPDATE SET ${set.map((column) => `${column} = excluded.${column}`).join(", ")};`;
}

/**
 * The number of a change. Whoever has it has the row until the transaction ends: of two commits the second begins when the first can be seen,
 * revisions are seen in their order, and whoever reads "since revision n" misses none.
 */
const NEXT_REVISION = `CREATE FUNCTION next_alert_revision() RETURNS bigint ${PLAIN} AS $$
  DECLARE
    made bigint;
  BEGIN
    INSERT INTO alert_engine_state AS kept VALUES ('revision', '1')
      ON CONFLICT (name) DO UPDATE SET value = (kept.value::bigint + 1)::text RETURNING value::bigint INTO made;
    RETURN made;
  END
$$`;

/** Until the transaction ends nobody else can take the lease. */
const CHECK_LEASE = `CREATE FUNCTION check_alert_lease(lease json) RETURNS void ${PLAIN} AS $$
  DECLARE
    held alert_leases;
  BEGIN
    SELECT * INTO held FROM alert_leases WHERE name = lease ->> 'name' FOR SHARE;
    IF held.holder = lease ->> 'holder' AND held.token = (lease ->> 'token')::bigint THEN RETURN; END IF;
    RAISE EXCEPTION 'The lease % of % belongs to %.', lease ->> 'name', lease ->> 'holder', coalesce(held.holder, 'nobody')
      USING ERRCODE = '${ALERT_LEASE_LOST}';
  END
$$`;

const SAVE_RULE = `CREATE FUNCTION save_alert_rule(given json) RETURNS bigint ${PLAIN} AS $$
  #variable_conflict use_column
  DECLARE
    made bigint := next_alert_revision();
  BEGIN
    ${put(RULES as AlertTable<never>, "rule_id", "json_build_array(given)")}
    RETURN made;
  END
$$`;

const REMOVE_RULE = `CREATE FUNCTION remove_alert_rule(id text, removed timestamptz) RETURNS boolean ${PLAIN} AS $$
  DECLARE
    made bigint := next_alert_revision();
  BEGIN
    UPDATE alert_rules SET removed_at = removed, revision = made WHERE rule_id = id AND removed_at IS NULL;
    RETURN FOUND;
  END
$$`;

const DROP_PENDING = `CREATE FUNCTION drop_pending_alerts(ids text[]) RETURNS void ${AS_OWNER} AS $$
  BEGIN
    WITH gone AS (DELETE FROM alerts WHERE alert_id = ANY (ids) AND status = 'pending' RETURNING alert_id)
      DELETE FROM alert_history AS h USING gone WHERE h.alert_id = gone.alert_id;
  END
$$`;

/** Removes some of what has been over for long, by the engine's own time, so that nothing grows for ever. */
const FORGET = `CREATE FUNCTION forget_alerts(now_second bigint) RETURNS void ${AS_OWNER} AS $$
  DECLARE
    sent timestamptz := to_timestamp(now_second - ${KEEP_SENT_DAYS * 86_400});
    ended timestamptz := to_timestamp(now_second - ${KEEP_ALERTS_DAYS * 86_400});
  BEGIN
    -- What another process notes just now is left to the next time.
    DELETE FROM alert_notifications WHERE notification_id IN (SELECT notification_id FROM alert_notifications
      WHERE created_at < sent AND status <> 'waiting' LIMIT ${FORGET_ROWS} FOR UPDATE SKIP LOCKED);
    WITH gone AS (DELETE FROM alerts WHERE alert_id IN (SELECT alert_id FROM alerts
        WHERE coalesce(triggered_at, pending_since) < ended AND status = 'resolved' LIMIT ${FORGET_ROWS}) RETURNING alert_id)
      DELETE FROM alert_history AS h USING gone WHERE h.alert_id = gone.alert_id;
    DELETE FROM alert_silences WHERE silence_id IN (SELECT silence_id FROM alert_silences WHERE ends_at < sent LIMIT ${FORGET_ROWS});
  END
$$`;

/** Changes that are made together or not at all; gives their revision. */
const COMMIT = `CREATE FUNCTION commit_alerts(given json) RETURNS bigint ${PLAIN} AS $$
  #variable_conflict use_column
  DECLARE
    made bigint;
    conflict record;
  BEGIN
    IF given ->> 'lease' IS NOT NULL THEN PERFORM check_alert_lease(given -> 'lease'); END IF;
    made := next_alert_revision();
    SELECT e.alert_id AS id, coalesce(a.revision, 0) AS found, e.revision AS wanted INTO conflict
      FROM json_to_recordset(given -> 'expected') AS e (alert_id text, revision bigint) LEFT JOIN alerts AS a ON a.alert_id = e.alert_id
      WHERE coalesce(a.revision, 0) <> e.revision LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'The alert % is of revision %, not %.', conflict.id, conflict.found, conflict.wanted USING ERRCODE = '${ALERT_CONFLICT}';
    END IF;
    ${put(ALERTS as AlertTable<never>, "alert_id", "given -> 'alerts'")}
    IF given ->> 'dropped' IS NOT NULL THEN
      PERFORM drop_pending_alerts(ARRAY(SELECT json_array_elements_text(given -> 'dropped')));
    END IF;
    INSERT INTO alert_history (${HISTORY.columns.join(", ")}) SELECT ${HISTORY.columns.map((column) => `e.${column}`).join(", ")}
      FROM json_array_elements(given -> 'history') WITH ORDINALITY AS g (entry, place),
        LATERAL json_populate_record(NULL::alert_history, g.entry) AS e ORDER BY g.place;
    INSERT INTO alert_notifications (${NOTIFICATIONS.columns.join(", ")}) SELECT ${NOTIFICATIONS.columns.map((column) => `n.${column}`).join(", ")}
      FROM json_array_elements(given -> 'notifications') WITH ORDINALITY AS g (entry, place),
        LATERAL json_populate_record(NULL::alert_notifications, g.entry) AS n ORDER BY g.place
      ON CONFLICT (notification_id) DO NOTHING;
    ${put(SILENCES as AlertTable<never>, "silence_id", "given -> 'silences'")}
    -- Without a new revision: whoever evaluates knows it already.
    UPDATE alert_rules AS r SET problem = p.problem FROM json_to_recordset(given -> 'problems') AS p (rule_id text, problem text)
      WHERE r.rule_id = p.rule_id;
    IF given ->> 'engine' IS NOT NULL THEN
      INSERT INTO alert_engine_state SELECT key, value FROM json_each_text(given -> 'engine')
        ON CONFLICT (name) DO UPDATE SET value = excluded.value;
      PERFORM forget_alerts((given -> 'engine' ->> 'evaluated_until')::bigint);
    END IF;
    RETURN made;
  END
$$`;

const NOTE_DELIVERIES = `CREATE FUNCTION note_deliveries(outcomes json, lease json) RETURNS void ${PLAIN} AS $$
  BEGIN
    IF lease IS NOT NULL THEN PERFORM check_alert_lease(lease); END IF;
    UPDATE alert_notifications AS n SET status = o.status, attempts = o.attempts, next_attempt_at = o.next_attempt_at,
        last_error = o.last_error, delivered_at = o.delivered_at
      FROM json_populate_recordset(NULL::alert_notifications, outcomes) AS o WHERE n.notification_id = o.notification_id;
  END
$$`;

/** In the order in which they are made. */
export const ALERT_FUNCTIONS: readonly string[] = [
  NEXT_REVISION,
  CHECK_LEASE,
  SAVE_RULE,
  REMOVE_RULE,
  DROP_PENDING,
  FORGET,
  COMMIT,
  NOTE_DELIVERIES,
];

/** What a writer may call of what runs with the rights of the owner. */
export const ALERT_WRITER_FUNCTIONS: readonly string[] = ["drop_pending_alerts(text[])", "forget_alerts(bigint)"];
