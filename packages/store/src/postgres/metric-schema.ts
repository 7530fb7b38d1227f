// The tables of metrics: points that came over OTLP, and the records of system and business metrics.

/**
 * A row a series and minute. Of sums and histograms it is what came in that minute, whatever the series itself counts from; `last_*` is where
 * it stood, to tell increase from restart.
 */
const POINTS = [
  `CREATE TABLE metric_series (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instance integer NOT NULL REFERENCES instances (id),
    name text NOT NULL,
    labels_json text NOT NULL,
    type text NOT NULL,
    unit text NOT NULL,
    description text NOT NULL,
    bounds_json text,
    last_start_micros bigint NOT NULL,
    last_time_micros bigint NOT NULL,
    last_value double precision NOT NULL,
    last_counts_json text
  ) WITH (fillfactor = 50)`,
  // Labels are as long as they are: a B-tree takes keys up to 2,704 bytes, and the digest stands for the text.
  "CREATE UNIQUE INDEX metric_series_key ON metric_series (name, md5(labels_json), instance)",
  `CREATE TABLE metric_points (
    bucket bigint NOT NULL,
    value double precision NOT NULL,
    count bigint,
    series integer NOT NULL,
    counts_json text,
    PRIMARY KEY (series, bucket)
  ) PARTITION BY RANGE (bucket)`,
  // BRIN: what there is of a time, whatever the series.
  "CREATE INDEX metric_points_time ON metric_points USING brin (bucket) WITH (pages_per_range = 16)",
];

/**
 * Events of the two kinds as rows of their own, which stay when the event is cleaned away. `instance` and `seq` are those of the event: a
 * journal that is imported again brings back events that were removed, and must not bring these twice. Figures of the business are NUMERIC,
 * exact, and keep the zeros that they were given with.
 */
const RECORDS = [
  `CREATE TABLE system_records (
    event_id bigint PRIMARY KEY,
    metric_timestamp timestamptz NOT NULL,
    seq bigint,
    metric_value double precision NOT NULL,
    percentile_50 double precision,
    percentile_90 double precision,
    percentile_95 double precision,
    percentile_99 double precision,
    instance integer NOT NULL,
    metric_name text NOT NULL,
    metric_type text NOT NULL,
    metric_unit text NOT NULL,
    service_name text,
    host_name text,
    instance_id text,
    tags jsonb
  )`,
  "CREATE UNIQUE INDEX system_records_record ON system_records (instance, seq) WHERE seq IS NOT NULL",
  // Composite: one metric over time; and all of them, which are rows enough for a B-tree and too few for parts.
  "CREATE INDEX system_records_name ON system_records (metric_name, metric_timestamp)",
  "CREATE INDEX system_records_time ON system_records (metric_timestamp)",
  `CREATE TABLE business_metrics (
    event_id bigint PRIMARY KEY,
    metric_timestamp timestamptz NOT NULL,
    period_start timestamptz NOT NULL,
    period_end timestamptz,
    seq bigint,
    instance integer NOT NULL,
    metric_name text NOT NULL,
    metric_category text,
    metric_value numeric NOT NULL,
    metric_unit text NOT NULL,
    currency text,
    period_type text,
    calculation_method text,
    user_id text,
    license_id text,
    tags jsonb
  )`,
  "CREATE UNIQUE INDEX business_metrics_record ON business_metrics (instance, seq) WHERE seq IS NOT NULL",
  "CREATE INDEX business_metrics_period ON business_metrics (period_start, event_id)",
  "CREATE INDEX business_metrics_name ON business_metrics (metric_name, period_start)",
  "CREATE INDEX business_metrics_category ON business_metrics (metric_category, period_start)",
  "CREATE INDEX business_metrics_license ON business_metrics (license_id, period_start) WHERE license_id IS NOT NULL",
  "CREATE INDEX business_metrics_time ON business_metrics (metric_timestamp)",
];

/** In the order in which they are made. */
export const METRIC_TABLES: readonly string[] = [...POINTS, ...RECORDS];
