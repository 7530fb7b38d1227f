// What the feed needs within the database: fields of events as JSON, and the end of samples that are too old.

/** How long a sample is kept at least: whole days are dropped. */
const KEEP_HOURS = 48;
/** However young: of more the oldest are removed, so that nobody can fill the disk with points. */
const MAX_SAMPLES = 5_000_000;
/** In one call, beside days that are dropped. */
const TRIM_ROWS = 20_000;

/** A field of data as it is, where `field_of` gives text: whether it was true or "true" matters. NUL as there. */
const JSON_FIELD_OF = `CREATE FUNCTION json_field_of(data json, field text) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN position('\\u' IN data::text) = 0 THEN data -> field
    ELSE regexp_replace(data::text, '\\\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\ufffd', 'g')::json -> field END
$$`;

/**
 * Removes samples that are too old, and of too many the oldest. The minutes that are begun by what goes are no longer whole: single samples
 * count from the next one on. Whoever reads for long is not waited for: then days go with the next call.
 */
const TRIM_SAMPLES = `CREATE FUNCTION trim_samples() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DECLARE
    first_day date := ((now() - interval '${KEEP_HOURS} hours') AT TIME ZONE 'UTC')::date;
    first_time timestamptz := first_day::timestamp AT TIME ZONE 'UTC';
    kept_from timestamptz;
    newest timestamptz;
  BEGIN
    BEGIN
      IF drop_days('metric_samples', first_day) > 0 THEN kept_from := first_time; END IF;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      NULL;
    END;
    WITH gone AS (DELETE FROM metric_samples_default WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM metric_samples_default WHERE time < first_time LIMIT ${TRIM_ROWS})) RETURNING time)
      SELECT greatest(kept_from, max(time) + interval '1 microsecond') INTO kept_from FROM gone;
    WITH gone AS (DELETE FROM metric_samples WHERE id IN (SELECT id FROM metric_samples
        WHERE id <= (SELECT id FROM last_ids WHERE name = 'metric_samples') - ${MAX_SAMPLES} ORDER BY id LIMIT ${TRIM_ROWS}) RETURNING time)
      SELECT least(max(time) + interval '1 microsecond', now()) INTO newest FROM gone HAVING count(*) > 0;
    kept_from := greatest(kept_from, newest);
    IF kept_from IS NULL THEN RETURN; END IF;
    INSERT INTO alert_engine_state AS kept VALUES ('samples_from', (ceil(extract(epoch FROM kept_from) / 60)::bigint * 60)::text)
      ON CONFLICT (name) DO UPDATE SET value = greatest(kept.value::bigint, excluded.value::bigint)::text;
  END
$$`;

/** In the order in which they are made. */
export const FEED_FUNCTIONS: readonly string[] = [JSON_FIELD_OF, TRIM_SAMPLES];

/** What a writer may call of what runs with the rights of the owner. */
export const FEED_WRITER_FUNCTIONS: readonly string[] = ["trim_samples()"];
