// Who may do what in a database.
import { ALERT_WRITER_FUNCTIONS } from "./alerts/alert-functions.ts";
import { FEED_WRITER_FUNCTIONS } from "./alerts/feed-functions.ts";

/** Functions that run with the rights of who has migrated the database. What a writer needs is `add_day`; the others remove. */
const REMOVING = [
  "drop_days(text, date)",
  "cut_rollup(text, text[], text[], bigint)",
  "cut_hours(timestamptz)",
  "remove_events(timestamptz)",
  "remove_spans(timestamptz)",
  "remove_metrics(timestamptz)",
  "remove_instances(timestamptz)",
  "cleanup_old_telemetry_data(integer, integer, integer)",
];

/** What runs with those rights, and every writer needs. */
const WRITING = ["add_day(text, date)"];
const ALERT_WRITING = [...ALERT_WRITER_FUNCTIONS, ...FEED_WRITER_FUNCTIONS];

/** What {@link grantRoles} gives to a writer that may clean up; the functions that these call run with the rights of their owner. */
const CLEANING = REMOVING.slice(3).join(", ");

/**
 * Three roles, made by who administers the server (`CREATE ROLE ... LOGIN`):
 * - the **migrator** owns the schema: it opens a store first, or after an update, and calls this function;
 * - the **writer** adds and changes rows, makes the parts of new days through `add_day`, and can neither drop nor delete, unless it
 *   `may_clean`: then it may call the functions that remove what is too old;
 * - the **reader** reads.
 *
 * Tables of later migrations are granted alike. Example:
 * `SELECT tracebook.grant_tracebook_roles(writer => 'tracebook_writer', reader => 'tracebook_reader')`.
 */
const grantRoles = (
  functions: readonly string[],
) => `CREATE OR REPLACE FUNCTION grant_tracebook_roles(writer name, reader name, may_clean boolean DEFAULT false) RETURNS void
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  DECLARE
    place text := quote_ident(current_schema());
  BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I, %I', place, writer, reader);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %I, %I', place, writer, reader);
    EXECUTE format('GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA %s TO %I', place, writer);
    EXECUTE format('REVOKE INSERT, UPDATE ON schema_versions, day_tables FROM %I', writer);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %s TO %I', place, writer);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT ON TABLES TO %I, %I', place, writer, reader);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT INSERT, UPDATE ON TABLES TO %I', place, writer);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT USAGE ON SEQUENCES TO %I', place, writer);
    EXECUTE format('GRANT EXECUTE ON FUNCTION ${functions.join(", ")} TO %I', writer);
    IF may_clean THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION ${CLEANING} TO %I', writer);
    END IF;
  END
$$`;

/** Once all functions are there: everybody may call a function unless that is taken back. */
export const ROLE_STATEMENTS: readonly string[] = [
  grantRoles(WRITING),
  `REVOKE EXECUTE ON FUNCTION add_day(text, date), ${REMOVING.join(", ")}, grant_tracebook_roles(name, name, boolean) FROM PUBLIC`,
];

/** The same for alerts: a role that may make days is a writer, and may call what a writer needs from now on. */
export const ALERT_ROLE_STATEMENTS: readonly string[] = [
  grantRoles([...WRITING, ...ALERT_WRITING]),
  `REVOKE EXECUTE ON FUNCTION ${ALERT_WRITING.join(", ")} FROM PUBLIC`,
  `DO $$
  DECLARE
    writer name;
  BEGIN
    FOR writer IN SELECT r.rolname FROM pg_proc AS p, aclexplode(p.proacl) AS a JOIN pg_roles AS r ON r.oid = a.grantee
      WHERE p.oid = 'add_day(text, date)'::regprocedure AND a.privilege_type = 'EXECUTE'
    LOOP
      EXECUTE format('GRANT EXECUTE ON FUNCTION ${ALERT_WRITING.join(", ")} TO %I', writer);
    END LOOP;
  END
$$`,
];
