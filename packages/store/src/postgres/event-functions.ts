// How a batch of events gets into its tables: one call on the server, after the batch has been copied into `staged_events`.
import { takeLock } from "./advisory-locks.ts";
import { COUNT_STATEMENTS } from "./count-functions.ts";
import { STORE_RECORDS } from "./record-functions.ts";
import { STORE_SPANS } from "./span-functions.ts";
import { EVENT_COLUMN_NAMES } from "./staged-events.ts";

/**
 * Takes out of what is staged what is there already: see {@link STORE_EVENTS}. Each record is looked up in the index, at its own time first.
 * What is staged has no statistics, and a plan that was made while the tables were small is kept: without these settings PostgreSQL reads
 * whole tables once they are large.
 */
const REMOVE_DUPLICATES = `CREATE FUNCTION remove_duplicates() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  BEGIN
    IF NOT EXISTS (SELECT FROM staged_events AS s JOIN instances AS i ON i.id = s.instance WHERE s.seq <= i.last_seq) THEN RETURN; END IF;
    DELETE FROM staged_events AS s USING instances AS i WHERE i.id = s.instance AND s.seq <= i.last_seq
      AND (SELECT true FROM telemetry_events AS e WHERE e.instance = s.instance AND e.seq = s.seq AND e.timestamp = s.timestamp LIMIT 1);
    DELETE FROM staged_events AS s USING instances AS i WHERE i.id = s.instance AND s.seq <= i.last_seq
      AND (SELECT true FROM telemetry_events AS e WHERE e.instance = s.instance AND e.seq = s.seq LIMIT 1);
  END
$$`;

const NOTE_INSTANCES = `
    UPDATE instances AS i SET events = i.events + s.events, last_seq = greatest(i.last_seq, s.last_seq),
      first_timestamp = least(i.first_timestamp, s.first), last_timestamp = greatest(i.last_timestamp, s.last)
    FROM (SELECT instance, count(*) AS events, max(seq) AS last_seq, min(timestamp) AS first, max(timestamp) AS last
      FROM staged_events GROUP BY instance) AS s
    WHERE i.id = s.instance;`;

/**
 * Writes what is staged, and gives the number of rows written for each request, and the newest id.
 *
 * **A poller that reads `id > last` misses nothing**: ids are given, and their rows committed, under one advisory lock, which is held until
 * the transaction ends. Of two batches the second gets its ids when the first can be seen; no id is ever seen after a higher one. A sequence
 * would hand out ids before the lock, and whoever was first might commit last. The price is that batches are inserted one after the other;
 * what is not in the lock is everything before it: reading requests, redaction, and the copying and parsing of rows, which are most of the
 * work. The caller sends this call and the COMMIT in one message, so that the lock is never held while a client thinks, stalls or dies.
 *
 * **The same record is there once**: a number above the highest of its instance is new. What is not above it (a request that was sent again,
 * a journal that is imported, a late batch) is looked up: at its own time, which is one day's index, and if it is not there, at any time.
 *
 * Everything else that is shared, counts and instances, is changed under the same lock: writers cannot wait for one another in a circle.
 */
const STORE_EVENTS = `CREATE FUNCTION store_events() RETURNS TABLE (request smallint, written bigint, last_id bigint)
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  #variable_conflict use_column
  DECLARE
    batch integer;
    last_place integer;
    newest bigint;
  BEGIN
    PERFORM ${takeLock("events")};
    -- Rows of instances that are gone were made by a cleaning: the caller asks for their numbers again.
    IF EXISTS (SELECT FROM (SELECT DISTINCT instance FROM staged_events) AS s WHERE NOT EXISTS (SELECT FROM instances AS i WHERE i.id = s.instance)) THEN
      RAISE EXCEPTION 'an instance is gone' USING ERRCODE = 'TB001';
    END IF;
    PERFORM remove_duplicates();
    SELECT count(*), max(place) INTO batch, last_place FROM staged_events;
    UPDATE last_ids SET id = id + batch WHERE name = 'telemetry_events' RETURNING id INTO newest;
    IF batch > 0 THEN
      IF batch < last_place THEN
        UPDATE staged_events AS s SET place = n.place FROM (SELECT ctid, row_number() OVER (ORDER BY place) AS place FROM staged_events) AS n
          WHERE s.ctid = n.ctid;
      END IF;
      INSERT INTO telemetry_events (id, ${EVENT_COLUMN_NAMES}) SELECT newest - batch + place, ${EVENT_COLUMN_NAMES} FROM staged_events ORDER BY place;
      INSERT INTO decision_entries (timestamp, event_id, margin, decision, reason_code, strategy, symbol, edge_unit)
        SELECT timestamp, newest - batch + place, margin, decision, reason_code, strategy, symbol, edge_unit
        FROM staged_events WHERE event_type = 'decision' ORDER BY place;
      ${COUNT_STATEMENTS}
      ${NOTE_INSTANCES}
      IF EXISTS (SELECT FROM staged_events WHERE record IS NOT NULL) THEN PERFORM store_records(newest - batch); END IF;
    END IF;
    RETURN QUERY SELECT s.request, count(*), newest FROM staged_events AS s GROUP BY s.request
      UNION ALL SELECT -1::smallint, 0::bigint, newest;
  END
$$`;

/** The numbers of sources, made where there is none; in the order of their keys, so that two who ask for the same ones do not wait in a circle. */
const INSTANCE_NUMBERS = `CREATE FUNCTION instance_numbers(keys text[], ids text[], services text[], hosts text[])
  RETURNS TABLE (key text, id integer) LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY INSERT INTO instances AS kept (key, instance_id, service_name, host_name)
      SELECT k, nullif(i, ''), nullif(s, ''), nullif(h, '') FROM unnest(keys, ids, services, hosts) AS given (k, i, s, h) ORDER BY k
      ON CONFLICT (key) DO UPDATE SET service_name = coalesce(kept.service_name, excluded.service_name),
        host_name = coalesce(kept.host_name, excluded.host_name)
      RETURNING key, id;
  END
$$`;

/** In the order in which they are made. */
export const WRITE_FUNCTIONS: readonly string[] = [
  INSTANCE_NUMBERS,
  REMOVE_DUPLICATES,
  STORE_RECORDS,
  STORE_EVENTS,
  STORE_SPANS,
];
