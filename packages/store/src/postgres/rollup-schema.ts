// Counts that are kept while writing, in the transaction of what they count.

/** Rows are changed again and again: with room in their page that costs neither index entries nor a clean-up of them. */
const CHANGING = "WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)";

/**
 * The same meaning as on SQLite. `bucket` is the second at which it begins; `run_id` is told apart by the minute only, and is empty in longer
 * buckets: by the hour, runs have a table of their own. A text that is not there is empty, so that it can be part of a key.
 */
const COUNTS = [
  `CREATE TABLE event_rollups (
    resolution integer NOT NULL,
    bucket bigint NOT NULL,
    event_type text NOT NULL,
    symbol text NOT NULL,
    run_id text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (resolution, bucket, event_type, symbol, run_id)
  ) ${CHANGING}`,
  `CREATE TABLE run_rollups (
    resolution integer NOT NULL,
    bucket bigint NOT NULL,
    run_id text NOT NULL,
    event_type text NOT NULL,
    symbol text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (run_id, resolution, bucket, event_type, symbol)
  ) ${CHANGING}`,
  // What lies before a time, for a cleaning.
  "CREATE INDEX run_rollups_bucket ON run_rollups (bucket)",
  // Of rejected signals by sentence, of decisions by verdict: what the one has the other leaves empty.
  `CREATE TABLE reason_rollups (
    resolution integer NOT NULL,
    bucket bigint NOT NULL,
    event_type text NOT NULL,
    decision text NOT NULL,
    reason_code text NOT NULL,
    reason text NOT NULL,
    strategy text NOT NULL,
    symbol text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (resolution, bucket, event_type, decision, reason_code, reason, strategy, symbol)
  ) ${CHANGING}`,
  `CREATE TABLE confidence_rollups (
    resolution integer NOT NULL,
    bucket bigint NOT NULL,
    symbol text NOT NULL,
    score_bin smallint NOT NULL,
    count bigint NOT NULL,
    sum double precision NOT NULL,
    PRIMARY KEY (resolution, bucket, symbol, score_bin)
  ) ${CHANGING}`,
  `CREATE TABLE flow_rollups (
    resolution integer NOT NULL,
    bucket bigint NOT NULL,
    flow text NOT NULL,
    stage text NOT NULL,
    reason_code text NOT NULL,
    strategy text NOT NULL,
    symbol text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (resolution, bucket, flow, stage, reason_code, strategy, symbol)
  ) ${CHANGING}`,
];

/** Events by the hour and S4's category, with the users among them: what the hourly summary is made of. Users are kept as a list, so that they are counted exactly. */
const CATEGORIES = [
  `CREATE TABLE category_rollups (
    hour timestamptz NOT NULL,
    event_type text NOT NULL,
    event_category text NOT NULL,
    event_count bigint NOT NULL,
    duration_count bigint NOT NULL,
    duration_sum double precision NOT NULL,
    PRIMARY KEY (hour, event_type, event_category)
  ) ${CHANGING}`,
  `CREATE TABLE user_rollups (
    hour timestamptz NOT NULL,
    event_type text NOT NULL,
    event_category text NOT NULL,
    user_id text NOT NULL,
    event_count bigint NOT NULL,
    PRIMARY KEY (hour, event_type, event_category, user_id)
  ) ${CHANGING}`,
];

/** In the order in which they are made. */
export const ROLLUP_TABLES: readonly string[] = [...COUNTS, ...CATEGORIES];
