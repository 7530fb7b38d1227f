// The schema of the SQLite store: one migration a version, each of them one transaction, never changed once it has been released.

import { ALERT_TABLES } from "./alert-schema.ts";
import { HOUR_TABLES } from "./hour-schema.ts";
import { RECORD_TABLES } from "./record-schema.ts";

/** What brings a database from the version before to this one. */
export interface Migration {
  /** `PRAGMA user_version` after it. */
  readonly version: number;
  readonly statements: readonly string[];
}

/** `PRAGMA application_id`: "TBst". A database that bears another one is somebody else's. */
export const APPLICATION_ID = 0x54427374;

/**
 * The table of S0 with the columns of S4. What S4 names differently, or what its events carry within their data, is a generated column:
 * it takes no room, and either name finds it. `instance` and `seq` are who wrote the record and its number: the same record is there once.
 *
 * SQLite works out generated columns with every insert, also those that no index has, and each of them reads JSON: it was a fifth of the
 * price of a row. So `data_fields` has a bit for each field that there is (see column-bits.ts), and most rows have none; a row that somebody
 * wrote by hand has all. Ids are given by the writer, and never twice (see last_ids): what SQLite offers for it is a second table that is
 * opened and written for each row. There are no foreign keys: each was a look into another table for each row, and the writer looks once
 * a transaction (see instance-ids.ts).
 *
 * Indexes rise, although the newest come first: they are read backwards, and what is appended at their end leaves full pages behind it.
 * By falling ones the file was a fifth larger.
 */
const EVENTS = [
  // A source without an instance id is known by its service: `key` is the id, or "service:" and the name. Counts are of all that was
  // ever written, the two timestamps the first and the last that its records bear.
  `CREATE TABLE instances (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    instance_id TEXT,
    service_name TEXT,
    first_timestamp TEXT,
    last_timestamp TEXT,
    events INTEGER NOT NULL DEFAULT 0,
    spans INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  "CREATE TABLE last_ids (name TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  `CREATE TABLE telemetry_events (
    id INTEGER PRIMARY KEY,
    event_type TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    run_id TEXT,
    symbol TEXT,
    data_json TEXT NOT NULL,
    created_at TEXT NOT NULL,
    trace_id TEXT,
    span_id TEXT,
    severity_number INTEGER NOT NULL DEFAULT 0,
    instance INTEGER NOT NULL,
    seq INTEGER,
    data_fields INTEGER NOT NULL DEFAULT 511,
    event_timestamp TEXT AS (timestamp) VIRTUAL,
    event_name TEXT AS (coalesce(CASE WHEN data_fields & 1 THEN data_json ->> '$.event_name' END, event_type)) VIRTUAL,
    event_category TEXT AS (CASE WHEN data_fields & 2 THEN data_json ->> '$.event_category' END) VIRTUAL,
    event_data TEXT AS (coalesce(CASE WHEN data_fields & 4 THEN data_json -> '$.event_data' END, data_json)) VIRTUAL,
    user_id TEXT AS (CASE WHEN data_fields & 8 THEN data_json ->> '$.user_id' END) VIRTUAL,
    license_id TEXT AS (CASE WHEN data_fields & 16 THEN data_json ->> '$.license_id' END) VIRTUAL,
    source TEXT AS (CASE WHEN data_fields & 32 THEN data_json ->> '$.source' END) VIRTUAL,
    source_ip TEXT AS (CASE WHEN data_fields & 64 THEN data_json ->> '$.source_ip' END) VIRTUAL,
    duration_ms REAL AS (CASE WHEN data_fields & 128 THEN data_json ->> '$.duration_ms' END) VIRTUAL,
    tags TEXT AS (CASE WHEN data_fields & 256 THEN data_json -> '$.tags' END) VIRTUAL
  )`,
  "CREATE INDEX idx_event_type ON telemetry_events (event_type, timestamp)",
  "CREATE INDEX idx_timestamp ON telemetry_events (timestamp)",
  // What follows the id is there so that filters are answered without the rows: by runs all of them, by symbols the type too.
  "CREATE INDEX idx_symbol ON telemetry_events (symbol, timestamp, id, event_type) WHERE symbol IS NOT NULL",
  "CREATE INDEX idx_run_id ON telemetry_events (run_id, timestamp, id, event_type, symbol) WHERE run_id IS NOT NULL",
  // By which the events of a trace are found: see trace-filter.ts.
  `CREATE TABLE trace_filters (
    id INTEGER PRIMARY KEY,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    bits BLOB NOT NULL
  ) STRICT`,
  "CREATE UNIQUE INDEX idx_record ON telemetry_events (instance, seq) WHERE seq IS NOT NULL",
];

/** Decisions as the first schema had them: see {@link DECISION_ENTRIES}. */
const DECISIONS = [
  `CREATE TABLE decisions (
    event_id INTEGER PRIMARY KEY,
    timestamp TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    strategy TEXT,
    symbol TEXT,
    edge_unit TEXT,
    gross_edge TEXT,
    fees_est TEXT,
    slippage_est TEXT,
    gas_est TEXT,
    latency_buffer TEXT,
    net_edge TEXT,
    min_threshold TEXT,
    margin REAL
  ) STRICT`,
  // Answers every filter, and gives every margin, without the rows.
  `CREATE INDEX idx_decisions_timestamp
    ON decisions (timestamp, event_id, decision, reason_code, strategy, symbol, edge_unit, margin)`,
  "CREATE INDEX idx_decisions_reason ON decisions (reason_code, timestamp)",
];

/** Spans under S4's names; `tag_fields` is to `tags` what `data_fields` is to the data of an event. `start_time` has microseconds; the rest below one is in `start_nanos`. */
const TRACES = [
  `CREATE TABLE traces (
    id INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    parent_span_id TEXT,
    instance INTEGER NOT NULL,
    service_name TEXT NOT NULL,
    operation_name TEXT NOT NULL,
    span_kind INTEGER NOT NULL,
    start_time TEXT NOT NULL,
    start_nanos INTEGER NOT NULL,
    duration_nanos INTEGER NOT NULL,
    status_code INTEGER NOT NULL,
    status_message TEXT,
    scope TEXT,
    tags TEXT NOT NULL,
    events_json TEXT,
    links_json TEXT,
    tag_fields INTEGER NOT NULL DEFAULT 1023,
    symbol TEXT AS (CASE WHEN tag_fields & 1 THEN tags ->> '$."trading.symbol"' END) VIRTUAL,
    strategy TEXT AS (CASE WHEN tag_fields & 2 THEN tags ->> '$."trading.strategy"' END) VIRTUAL,
    decision TEXT AS (CASE WHEN tag_fields & 4 THEN tags ->> '$."trading.decision"' END) VIRTUAL,
    reason_code TEXT AS (CASE WHEN tag_fields & 8 THEN tags ->> '$."trading.reason_code"' END) VIRTUAL,
    run_id TEXT AS (CASE WHEN tag_fields & 16 THEN tags ->> '$."trading.run_id"' END) VIRTUAL,
    keep_reason TEXT AS (CASE WHEN tag_fields & 32 THEN tags ->> '$."trading.keep_reason"' END) VIRTUAL,
    duration_ms REAL AS (duration_nanos / 1e6) VIRTUAL,
    http_method TEXT AS (CASE WHEN tag_fields & 64 THEN coalesce(tags ->> '$."http.request.method"', tags ->> '$."http.method"') END) VIRTUAL,
    http_url TEXT AS (CASE WHEN tag_fields & 128 THEN coalesce(tags ->> '$."url.full"', tags ->> '$."http.url"', tags ->> '$."url.path"') END) VIRTUAL,
    http_status_code INTEGER AS (CASE WHEN tag_fields & 256 THEN coalesce(tags ->> '$."http.response.status_code"', tags ->> '$."http.status_code"') END) VIRTUAL,
    user_id TEXT AS (CASE WHEN tag_fields & 512 THEN coalesce(tags ->> '$."user.id"', tags ->> '$."enduser.id"') END) VIRTUAL,
    error_message TEXT AS (CASE WHEN status_code = 2 THEN coalesce(status_message, tags ->> '$."exception.message"') END) VIRTUAL
  )`,
  "CREATE UNIQUE INDEX idx_traces_span ON traces (trace_id, span_id)",
  // What a list of traces begins with: roots, and spans whose parent may be in another service (2 server, 5 consumer).
  `CREATE INDEX idx_traces_roots
    ON traces (start_time, id, service_name, operation_name, symbol, decision, reason_code, duration_nanos)
    WHERE parent_span_id IS NULL OR span_kind IN (2, 5)`,
  // The first of them in a trace: by it the trace is listed, once.
  `CREATE INDEX idx_traces_entry ON traces (trace_id, parent_span_id IS NOT NULL, start_time)
    WHERE parent_span_id IS NULL OR span_kind IN (2, 5)`,
  "CREATE INDEX idx_traces_errors ON traces (trace_id) WHERE status_code = 2",
  "CREATE INDEX idx_traces_start ON traces (start_time)",
];

/**
 * Counts that are kept while writing. `bucket` is the second at which it begins; `run_id` is told apart by the minute only, and is empty
 * in longer buckets: by the hour, runs have a table of their own. A text that is not there is empty, so that it can be part of a key.
 */
const ROLLUPS = [
  `CREATE TABLE event_rollups (
    resolution INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    symbol TEXT NOT NULL,
    run_id TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (resolution, bucket, event_type, symbol, run_id)
  ) STRICT, WITHOUT ROWID`,
  // The counts of a run by the hour: it may last for months, and by the minute it may have millions of counts.
  `CREATE TABLE run_rollups (
    resolution INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    symbol TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run_id, resolution, bucket, event_type, symbol)
  ) STRICT, WITHOUT ROWID`,
  // Whoever removes a minute takes it out of the hour, too.
  `CREATE TRIGGER run_rollups_less AFTER DELETE ON event_rollups WHEN old.resolution = 60 AND old.run_id <> '' BEGIN
    UPDATE run_rollups SET count = count - old.count WHERE run_id = old.run_id AND resolution = 3600
      AND bucket = old.bucket - (old.bucket % 3600 + 3600) % 3600 AND event_type = old.event_type AND symbol = old.symbol;
    DELETE FROM run_rollups WHERE run_id = old.run_id AND resolution = 3600
      AND bucket = old.bucket - (old.bucket % 3600 + 3600) % 3600 AND event_type = old.event_type AND symbol = old.symbol
      AND count <= 0;
  END`,
  // Of rejected signals by sentence, of decisions by verdict: what the one has the other leaves empty.
  `CREATE TABLE reason_rollups (
    resolution INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    reason TEXT NOT NULL,
    strategy TEXT NOT NULL,
    symbol TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (resolution, bucket, event_type, decision, reason_code, reason, strategy, symbol)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE confidence_rollups (
    resolution INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    symbol TEXT NOT NULL,
    score_bin INTEGER NOT NULL,
    count INTEGER NOT NULL,
    sum REAL NOT NULL,
    PRIMARY KEY (resolution, bucket, symbol, score_bin)
  ) STRICT, WITHOUT ROWID`,
];

/**
 * Metrics, a row a series and minute. Of sums and histograms it is what came in that minute, whatever the series itself counts from;
 * `last_*` is where it stood, to tell increase from restart. Flow outcomes have a table of their own: they are the funnel.
 */
const METRICS = [
  `CREATE TABLE metric_series (
    id INTEGER PRIMARY KEY,
    instance INTEGER NOT NULL REFERENCES instances (id),
    name TEXT NOT NULL,
    labels_json TEXT NOT NULL,
    type TEXT NOT NULL,
    unit TEXT NOT NULL,
    description TEXT NOT NULL,
    bounds_json TEXT,
    last_start_micros INTEGER NOT NULL,
    last_time_micros INTEGER NOT NULL,
    last_value REAL NOT NULL,
    last_counts_json TEXT,
    UNIQUE (name, labels_json, instance)
  ) STRICT`,
  `CREATE TABLE metric_points (
    series INTEGER NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
    bucket INTEGER NOT NULL,
    value REAL NOT NULL,
    count INTEGER,
    counts_json TEXT,
    PRIMARY KEY (series, bucket)
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX idx_metric_points_bucket ON metric_points (bucket)",
  `CREATE TABLE flow_rollups (
    resolution INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    flow TEXT NOT NULL,
    stage TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    strategy TEXT NOT NULL,
    symbol TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (resolution, bucket, flow, stage, reason_code, strategy, symbol)
  ) STRICT, WITHOUT ROWID`,
];

/** Minutes that a cleaning has removed in part, each by the second at which it ends: see maintenance/minute-cut.ts. */
const MAINTENANCE = ["CREATE TABLE unfinished_cuts (name TEXT PRIMARY KEY, before INTEGER NOT NULL) STRICT"];

/** Columns of the view `decisions` that its events have in their data, and nowhere else. */
const EDGE_COLUMNS = [
  "gross_edge",
  "fees_est",
  "slippage_est",
  "gas_est",
  "latency_buffer",
  "net_edge",
  "min_threshold",
].map((name) => `CAST(e.data ->> '$.${name}' AS TEXT) AS ${name}`);

/**
 * What queries filter decisions by, in the one order in which they are asked for: it answers every filter, and gives every margin, without
 * the events. `margin` (net edge less threshold) is a double, for sorting and for histograms only; the exact edge is in the data of the event.
 * As a table of its own with two indexes, and the edge once more as columns, a decision took a fifth more room and a fifth more of the
 * writer's time. What was `decisions` is a view, for people who look into the file.
 */
const DECISION_ENTRIES = [
  `CREATE TABLE decision_entries (
    timestamp TEXT NOT NULL,
    event_id INTEGER NOT NULL,
    decision TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    strategy TEXT,
    symbol TEXT,
    edge_unit TEXT,
    margin REAL,
    PRIMARY KEY (timestamp, event_id)
  ) STRICT, WITHOUT ROWID`,
  `INSERT INTO decision_entries
    SELECT timestamp, event_id, decision, reason_code, strategy, symbol, edge_unit, margin FROM decisions ORDER BY timestamp, event_id`,
  "DROP TABLE decisions",
  `CREATE VIEW decisions AS
    SELECT d.event_id, d.timestamp, d.decision, d.reason_code, d.strategy, d.symbol, d.edge_unit, ${EDGE_COLUMNS.join(", ")}, d.margin
    FROM decision_entries AS d LEFT JOIN
      (SELECT id, CASE WHEN json_valid(data_json) THEN data_json END AS data FROM telemetry_events) AS e ON e.id = d.event_id`,
];

/** All of them, in order. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, statements: [...EVENTS, ...DECISIONS, ...TRACES, ...ROLLUPS, ...METRICS, ...MAINTENANCE] },
  { version: 2, statements: DECISION_ENTRIES },
  { version: 3, statements: [...RECORD_TABLES, ...ALERT_TABLES] },
  { version: 4, statements: HOUR_TABLES },
];

/** The version this code reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.at(-1)!.version;
