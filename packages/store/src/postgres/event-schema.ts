// The tables of events, of decisions and of who wrote them.

/** Who writes. */
const INSTANCES = [
  // A source without an instance id is known by its service: `key` is the id, or "service:" and the name. Counts are of all that was ever
  // written, the two timestamps the first and the last that its records bear. `last_seq` is the highest number that came from it: a record
  // above it is new, without a look into every day (see event-functions.ts).
  `CREATE TABLE instances (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    instance_id text,
    service_name text,
    host_name text,
    first_timestamp timestamptz,
    last_timestamp timestamptz,
    events bigint NOT NULL DEFAULT 0,
    spans bigint NOT NULL DEFAULT 0,
    last_seq bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50)`,
  // Ids rise and are never given twice, whatever was removed since. A sequence would give them in the order of asking, not of commit.
  "CREATE TABLE last_ids (name text PRIMARY KEY, id bigint NOT NULL) WITH (fillfactor = 10)",
  "INSERT INTO last_ids VALUES ('telemetry_events', 0)",
];

/**
 * The table of S0 with the columns of S4, in parts of a day by `timestamp`.
 *
 * `data_json` is `json`: the text as it came, its fields in their order, numbers as they were spelled, and NUL as the escape that it is;
 * `jsonb` would keep none of it and refuse the last. `event_data` is `jsonb`, for S4's questions (`event_data @> '{"success": true}'`): the
 * field of that name, or else all of the data where it is an event of S4's kind, which has a name or a category of its own. The others have
 * columns for what is asked of them: a second copy of each would double the database.
 */
const EVENTS = [
  `CREATE TABLE telemetry_events (
    id bigint NOT NULL,
    timestamp timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    event_timestamp timestamptz GENERATED ALWAYS AS (timestamp) STORED,
    seq bigint,
    duration_ms double precision,
    instance integer NOT NULL,
    severity_number smallint NOT NULL DEFAULT 0,
    event_type text NOT NULL,
    symbol text,
    run_id text,
    trace_id text,
    span_id text,
    data_json json NOT NULL,
    event_name text,
    event_category text,
    event_data jsonb,
    user_id text,
    license_id text,
    source text,
    source_ip text,
    tags jsonb
  ) PARTITION BY RANGE (timestamp)`,
  // A poller reads on behind the last id. Appended at its end, it costs next to nothing.
  "ALTER TABLE telemetry_events ADD PRIMARY KEY (id, timestamp)",
  // The same record is there once. The key of a table in parts must have what it is filed by; a record that comes again with another time
  // is found by the writer.
  "CREATE UNIQUE INDEX telemetry_events_record ON telemetry_events (instance, seq, timestamp)",
  // Time series: newest first, and the ends of a range.
  "CREATE INDEX telemetry_events_time ON telemetry_events (timestamp, id)",
  // Composites: one type, symbol or run, newest first.
  "CREATE INDEX telemetry_events_type ON telemetry_events (event_type, timestamp, id)",
  "CREATE INDEX telemetry_events_symbol ON telemetry_events (symbol, timestamp, id) WHERE symbol IS NOT NULL",
  "CREATE INDEX telemetry_events_run ON telemetry_events (run_id, timestamp, id) WHERE run_id IS NOT NULL",
  // Partial: what a user did, how a category does, and errors, of which there are few among many.
  "CREATE INDEX telemetry_events_user ON telemetry_events (user_id, timestamp) WHERE user_id IS NOT NULL",
  "CREATE INDEX telemetry_events_category ON telemetry_events (event_category, timestamp) WHERE event_category IS NOT NULL",
  "CREATE INDEX telemetry_events_errors ON telemetry_events (timestamp, id) WHERE severity_number >= 17",
  // Hash: a trace is asked for by its whole id, in no order; a third of a B-tree's size.
  "CREATE INDEX telemetry_events_trace ON telemetry_events USING hash (trace_id)",
  // BRIN: rows lie in the order of arrival, so that a range of S4's `event_timestamp` is a range of pages; a few kB a day.
  "CREATE INDEX telemetry_events_event_time ON telemetry_events USING brin (event_timestamp) WITH (pages_per_range = 32)",
  // GIN: `@>` within the data of S4's events.
  "CREATE INDEX telemetry_events_data ON telemetry_events USING gin (event_data jsonb_path_ops) WHERE event_data IS NOT NULL",
];

/** A decimal of a text, exact to all its digits; null for a text that is none, so that one record cannot fail a question about all. */
const DECIMAL_OF = `CREATE FUNCTION decimal_of(given text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN length(given) <= 100 AND given ~ '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$' THEN given::numeric END
$$`;

/** A field of data as text; NUL, which no text of PostgreSQL can hold, is U+FFFD, so that one record cannot fail a question about all. */
const FIELD_OF = `CREATE FUNCTION field_of(data json, field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN position('\\u' IN data::text) = 0 THEN data ->> field
    ELSE regexp_replace(data::text, '\\\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\ufffd', 'g')::json ->> field END
$$`;

const EDGE_COLUMNS = [
  "gross_edge",
  "fees_est",
  "slippage_est",
  "gas_est",
  "latency_buffer",
  "net_edge",
  "min_threshold",
].map((name) => `decimal_of(field_of(e.data_json, '${name}')) AS ${name}`);

/**
 * What queries filter decisions by. `margin` (net edge less threshold) is a double, for sorting and histograms only; the exact edge is in the
 * data of the event, as it was spelled, and as NUMERIC in the view `decisions`.
 */
const DECISIONS = [
  `CREATE TABLE decision_entries (
    timestamp timestamptz NOT NULL,
    event_id bigint NOT NULL,
    margin double precision,
    decision text NOT NULL,
    reason_code text NOT NULL,
    strategy text,
    symbol text,
    edge_unit text,
    PRIMARY KEY (timestamp, event_id)
  ) PARTITION BY RANGE (timestamp)`,
  // One decision by its id: the day is not known.
  "CREATE INDEX decision_entries_event ON decision_entries (event_id)",
  DECIMAL_OF,
  FIELD_OF,
  `CREATE VIEW decisions AS
    SELECT d.event_id, d.timestamp, d.decision, d.reason_code, d.strategy, d.symbol, e.trace_id, e.run_id, d.edge_unit,
      ${EDGE_COLUMNS.join(", ")}, d.margin
    FROM decision_entries AS d LEFT JOIN telemetry_events AS e ON e.id = d.event_id AND e.timestamp = d.timestamp`,
];

/** In the order in which they are made. */
export const EVENT_TABLES: readonly string[] = [...INSTANCES, ...EVENTS, ...DECISIONS];
