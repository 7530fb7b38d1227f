// What S4's platform records beside events: system metrics, business metrics, and its views; the third version of the schema.

/** Columns of events that are indexed now, with their bits: of JSON that is damaged they have nothing, so that no such row ends a migration. */
const INDEXED = [
  { name: "event_category", type: "TEXT", bit: 2 },
  { name: "user_id", type: "TEXT", bit: 8 },
  { name: "duration_ms", type: "REAL", bit: 128 },
] as const;

/** Which events have one of them: see column-bits.ts. A query that is to use the index says the same, to the letter. */
export const DESCRIBED = "data_fields & 138 <> 0";

/**
 * Few events have a user, a category or a duration, and the indexes are of those alone: an event that has none costs a look at a number.
 * S4's question for the events of a user asks by `event_timestamp`, so that is what the index has.
 */
const EVENTS = [
  ...INDEXED.flatMap(({ name, type, bit }) => [
    `ALTER TABLE telemetry_events DROP COLUMN ${name}`,
    `ALTER TABLE telemetry_events ADD COLUMN ${name} ${type}
      AS (CASE WHEN data_fields & ${bit} AND json_valid(data_json) THEN data_json ->> '$.${name}' END) VIRTUAL`,
  ]),
  "CREATE INDEX idx_events_user ON telemetry_events (user_id, event_timestamp) WHERE user_id IS NOT NULL",
  `CREATE INDEX idx_events_described ON telemetry_events (timestamp, event_type, event_category, user_id, duration_ms) WHERE ${DESCRIBED}`,
];

/**
 * Events of the two kinds as rows of their own, which stay when the event is cleaned away. `instance` and `seq` are those of the event: a
 * journal that is imported again brings back events that were removed, and must not bring these twice. Figures of the business are text:
 * SQLite has no decimals, and money is exact.
 */
const RECORDS = [
  "ALTER TABLE instances ADD COLUMN host_name TEXT",
  `CREATE TABLE system_records (
    event_id INTEGER PRIMARY KEY,
    instance INTEGER NOT NULL,
    seq INTEGER,
    metric_name TEXT NOT NULL,
    metric_type TEXT NOT NULL,
    metric_value REAL NOT NULL,
    metric_unit TEXT NOT NULL,
    service_name TEXT,
    host_name TEXT,
    instance_id TEXT,
    percentile_50 REAL,
    percentile_90 REAL,
    percentile_95 REAL,
    percentile_99 REAL,
    tags TEXT,
    metric_timestamp TEXT NOT NULL
  ) STRICT`,
  "CREATE UNIQUE INDEX idx_system_records_record ON system_records (instance, seq) WHERE seq IS NOT NULL",
  "CREATE INDEX idx_system_records_time ON system_records (metric_timestamp)",
  "CREATE INDEX idx_system_records_name ON system_records (metric_name, metric_timestamp)",
  `CREATE TABLE business_metrics (
    event_id INTEGER PRIMARY KEY,
    instance INTEGER NOT NULL,
    seq INTEGER,
    metric_name TEXT NOT NULL,
    metric_category TEXT,
    metric_value TEXT NOT NULL,
    metric_unit TEXT NOT NULL,
    currency TEXT,
    period_start TEXT NOT NULL,
    period_end TEXT,
    period_type TEXT,
    calculation_method TEXT,
    user_id TEXT,
    license_id TEXT,
    tags TEXT,
    metric_timestamp TEXT NOT NULL
  ) STRICT`,
  "CREATE UNIQUE INDEX idx_business_metrics_record ON business_metrics (instance, seq) WHERE seq IS NOT NULL",
  "CREATE INDEX idx_business_metrics_period ON business_metrics (period_start)",
  "CREATE INDEX idx_business_metrics_name ON business_metrics (metric_name, period_start)",
  "CREATE INDEX idx_business_metrics_category ON business_metrics (metric_category, period_start)",
  "CREATE INDEX idx_business_metrics_license ON business_metrics (license_id, period_start) WHERE license_id IS NOT NULL",
  "CREATE INDEX idx_business_metrics_time ON business_metrics (metric_timestamp)",
];

/** A percentile of a histogram's minute, in the words of SQL: see records/bucket-quantile.ts. */
function percentile(share: number): string {
  return `CASE s.type WHEN 'histogram' THEN (SELECT CASE WHEN k = json_array_length(s.bounds_json) THEN s.bounds_json ->> (k - 1)
      WHEN k = 0 AND s.bounds_json ->> 0 <= 0 THEN s.bounds_json ->> 0
      ELSE lower + (s.bounds_json ->> k - lower) * (${share} * total - (cumulated - n)) / n END
    FROM (SELECT key AS k, CAST(value AS REAL) AS n, sum(value) OVER (ORDER BY key) AS cumulated, sum(value) OVER () AS total,
        CASE key WHEN 0 THEN 0.0 ELSE s.bounds_json ->> (key - 1) END AS lower FROM json_each(p.counts_json))
    WHERE total > 0 AND cumulated >= ${share} * total AND json_array_length(s.bounds_json) > 0
      AND json_array_length(p.counts_json) = json_array_length(s.bounds_json) + 1
    ORDER BY k LIMIT 1) END`;
}

/** Of a point of a metric, null where it is of no histogram. */
export const PERCENTILE_95: string = percentile(0.95);

/** What a point of a metric is as a record: of a sum what came in its minute, of a histogram the mean of it. Used by questions, too. */
export const POINT_TYPE = "CASE s.type WHEN 'sum' THEN 'counter' ELSE s.type END";
export const POINT_VALUE = "CASE s.type WHEN 'histogram' THEN p.value / p.count ELSE p.value END";
/** A histogram to which nothing came has no mean. */
export const HAS_VALUE = "(s.type <> 'histogram' OR p.count > 0)";

/** What came by a journal does not know its service and host; the same instance may have said them since. */
export const RECORD_SERVICE = "coalesce(r.service_name, i.service_name)";
export const RECORD_HOST = "coalesce(r.host_name, i.host_name)";

const SYSTEM_METRICS = `CREATE VIEW system_metrics AS
  SELECT r.metric_name, r.metric_type, r.metric_value, r.metric_unit, ${RECORD_SERVICE} AS service_name, ${RECORD_HOST} AS host_name,
    r.instance_id, r.percentile_50, r.percentile_90, r.percentile_95, r.percentile_99, r.tags, r.metric_timestamp
  FROM system_records AS r LEFT JOIN instances AS i ON i.id = r.instance
  UNION ALL
  SELECT s.name, ${POINT_TYPE}, ${POINT_VALUE}, s.unit, i.service_name, i.host_name, i.instance_id,
    ${[0.5, 0.9, 0.95, 0.99].map(percentile).join(", ")}, s.labels_json, strftime('%Y-%m-%dT%H:%M:00.000000Z', p.bucket, 'unixepoch')
  FROM metric_points AS p CROSS JOIN metric_series AS s ON s.id = p.series LEFT JOIN instances AS i ON i.id = s.instance
  WHERE ${HAS_VALUE}`;

/**
 * Events by the counts that are kept, and those with a category, a user or a duration by their index: the rows are not read. What has no
 * category is what is left of the counts.
 */
const EVENTS_HOURLY = `CREATE VIEW telemetry_events_hourly_summary AS
  WITH described AS MATERIALIZED (
    SELECT substr(timestamp, 1, 13) AS hour, event_type, event_category, count(*) AS events, count(DISTINCT user_id) AS users,
      avg(duration_ms) AS duration_ms
    FROM telemetry_events INDEXED BY idx_events_described WHERE ${DESCRIBED} GROUP BY 1, 2, 3
  ), kept AS (
    SELECT strftime('%Y-%m-%dT%H', bucket, 'unixepoch') AS hour, event_type, sum(count) AS events
    FROM event_rollups WHERE resolution = 3600 GROUP BY bucket, event_type
  )
  SELECT hour || ':00:00.000000Z' AS hour, event_type, event_category, events AS event_count, users AS unique_users,
    duration_ms AS avg_duration_ms
  FROM described WHERE event_category IS NOT NULL
  UNION ALL
  SELECT k.hour || ':00:00.000000Z', k.event_type, NULL, k.events - coalesce(c.events, 0), coalesce(d.users, 0), d.duration_ms
  FROM kept AS k
  LEFT JOIN described AS d ON d.hour = k.hour AND d.event_type = k.event_type AND d.event_category IS NULL
  LEFT JOIN (SELECT hour, event_type, sum(events) AS events FROM described WHERE event_category IS NOT NULL GROUP BY 1, 2) AS c
    ON c.hour = k.hour AND c.event_type = k.event_type
  WHERE k.events > coalesce(c.events, 0)`;

/** Reads every value, and of histograms every minute's buckets; the question of the API reads its range. The 95th percentile: the largest that was stored, else the least value that at least 95 of 100 values do not exceed. */
const SYSTEM_SUMMARY = `CREATE VIEW system_metrics_service_summary AS
  SELECT hour, service_name, metric_name, metric_unit, avg(metric_value) AS avg_value,
    min(metric_value) AS min_value, max(metric_value) AS max_value,
    coalesce(max(percentile_95), max(metric_value) FILTER (WHERE place <= (95 * samples + 99) / 100)) AS p95_value, count(*) AS samples
  FROM (SELECT *, row_number() OVER (PARTITION BY hour, service_name, metric_name, metric_unit ORDER BY metric_value) AS place,
      count(*) OVER (PARTITION BY hour, service_name, metric_name, metric_unit) AS samples
    FROM (SELECT substr(metric_timestamp, 1, 13) || ':00:00.000000Z' AS hour, service_name, metric_name, metric_unit, metric_value,
        percentile_95
      FROM system_metrics))
  GROUP BY hour, service_name, metric_name, metric_unit`;

/** For people who look into the file: SQLite adds doubles, good for about 15 digits. `businessTotals` of the API is exact. */
const BUSINESS_SUMMARY = `CREATE VIEW business_metrics_category_summary AS
  SELECT substr(period_start, 1, 10) AS date, metric_category, metric_name, metric_unit, currency,
    total(CAST(metric_value AS REAL)) AS total_value, avg(CAST(metric_value AS REAL)) AS avg_value, count(*) AS records,
    count(DISTINCT license_id) AS active_licenses
  FROM business_metrics GROUP BY date, metric_category, metric_name, metric_unit, currency`;

/** Statements of version 3 for records and views. */
export const RECORD_TABLES: readonly string[] = [
  ...EVENTS,
  ...RECORDS,
  SYSTEM_METRICS,
  EVENTS_HOURLY,
  SYSTEM_SUMMARY,
  BUSINESS_SUMMARY,
];
