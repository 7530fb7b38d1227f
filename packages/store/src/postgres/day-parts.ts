// Tables that are kept in parts of one day: a day is removed by dropping its part, whatever it holds.
import { takeLock } from "./advisory-locks.ts";

/** A table in parts. */
export interface DayTable {
  readonly name: string;
  /** What a row is filed by. */
  readonly key: string;
  /** What the key is: an instant, or the second at which a minute begins. */
  readonly keyType: "timestamptz" | "bigint";
}

/** All of them. */
export const DAY_TABLES: readonly DayTable[] = [
  { name: "telemetry_events", key: "timestamp", keyType: "timestamptz" },
  { name: "decision_entries", key: "timestamp", keyType: "timestamptz" },
  { name: "traces", key: "start_time", keyType: "timestamptz" },
  { name: "metric_points", key: "bucket", keyType: "bigint" },
];

/**
 * Days that get a part of their own, counted from today: a service whose clock is broken, or somebody who sends every day since the year 1,
 * must not make a thousand tables. What lies outside is in the table's default part.
 */
export const PAST_DAYS = 400;
export const COMING_DAYS = 2;

/** Which tables are in parts, for the functions, and the part that takes every day that has none. */
const DAY_TABLE_LIST = [
  "CREATE TABLE day_tables (name text PRIMARY KEY, key text NOT NULL, key_type text NOT NULL)",
  `INSERT INTO day_tables VALUES ${DAY_TABLES.map(({ name, key, keyType }) => `('${name}', '${key}', '${keyType}')`).join(", ")}`,
  ...DAY_TABLES.map(({ name }) => `CREATE TABLE ${name}_default PARTITION OF ${name} DEFAULT`),
];

/** The beginning of a day, as a key of that type is written. */
const DAY_BOUND = `CREATE FUNCTION day_bound(key_type text, day date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE key_type WHEN 'bigint' THEN ((day - date '1970-01-01')::bigint * 86400)::text
    ELSE to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00' END
$$`;

/**
 * Makes the part of a day, and says whether it is there: it is not for days that get none, and where it cannot be had now.
 *
 * The part is filled with what the default part has of that day, and attached when it is whole: `CREATE TABLE ... PARTITION OF` would lock
 * the table against everybody, and fail where such rows are. To attach it takes the default part alone for a moment: whoever reads that is
 * waited for no longer than the timeout; then rows of the day go into the default part, from where the next try takes them.
 *
 * It is the only way in which a writer makes a table, and runs with the rights of who has migrated the database.
 */
const ADD_DAY = `CREATE FUNCTION add_day(table_name text, day date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '1500ms' AS $$
  DECLARE
    kept day_tables;
    part text := table_name || '_' || to_char(day, 'YYYYMMDD');
    today date := (now() AT TIME ZONE 'UTC')::date;
    columns text;
    first text;
    ending text;
  BEGIN
    IF day NOT BETWEEN today - ${PAST_DAYS} AND today + ${COMING_DAYS} THEN RETURN false; END IF;
    IF to_regclass(part) IS NOT NULL THEN RETURN true; END IF;
    SELECT * INTO STRICT kept FROM day_tables WHERE name = table_name;
    -- Of two that want the same day the second finds it, in the table: what a process remembers of names may be older than the lock.
    PERFORM ${takeLock("days")};
    IF EXISTS (SELECT FROM pg_class WHERE relname = part AND relnamespace = current_schema()::regnamespace) THEN RETURN true; END IF;
    first := day_bound(kept.key_type, day);
    ending := day_bound(kept.key_type, day + 1);
    SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
      WHERE attrelid = table_name::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', table_name || '_default');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE)',
      part, table_name);
    EXECUTE format('WITH moved AS (DELETE FROM %1$I WHERE %3$I >= %4$L AND %3$I < %5$L RETURNING %6$s)
      INSERT INTO %2$I (%6$s) SELECT %6$s FROM moved', table_name || '_default', part, kept.key, first, ending, columns);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', table_name, part, first, ending);
    RETURN true;
  EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    RETURN false;
  END
$$`;

/** Part of a migration, once the tables are there. */
export const DAY_PARTS: readonly string[] = [...DAY_TABLE_LIST, DAY_BOUND, ADD_DAY];
