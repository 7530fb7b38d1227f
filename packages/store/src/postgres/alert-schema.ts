// Alert rules, alerts and what belongs to them, and the single samples that rules are evaluated on.

/** `condition_config` and labels are `jsonb`: they are asked for by what is in them. */
const RULES = [
  `CREATE TABLE alert_rules (
    rule_id text PRIMARY KEY,
    rule_name text NOT NULL,
    rule_type text NOT NULL,
    source_type text NOT NULL,
    condition_config jsonb NOT NULL,
    for_seconds integer NOT NULL,
    severity text NOT NULL,
    labels jsonb NOT NULL,
    annotations jsonb NOT NULL,
    notification_channels jsonb NOT NULL,
    notification_config jsonb NOT NULL,
    license_id text,
    is_active boolean NOT NULL,
    problem text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    removed_at timestamptz,
    revision bigint NOT NULL
  )`,
  "CREATE INDEX alert_rules_revision ON alert_rules (revision)",
  // Of the rules that are evaluated only, as S4 wants it.
  "CREATE INDEX alert_rules_active ON alert_rules (rule_name) WHERE is_active AND removed_at IS NULL",
];

const ALERTS = [
  `CREATE TABLE alerts (
    alert_id text PRIMARY KEY,
    rule_id text NOT NULL,
    rule_name text NOT NULL,
    rule_type text NOT NULL,
    source_type text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'error', 'critical')),
    labels jsonb NOT NULL,
    license_id text,
    fingerprint text NOT NULL,
    state text NOT NULL,
    status text NOT NULL,
    summary text NOT NULL,
    annotations jsonb NOT NULL,
    impact text,
    value double precision,
    peak_value double precision,
    threshold double precision,
    pending_since timestamptz NOT NULL,
    triggered_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    assigned_to text,
    resolved_at timestamptz,
    resolved_by text,
    resolution_note text,
    reopened_count integer NOT NULL,
    condition_holds boolean NOT NULL,
    is_flapping boolean NOT NULL,
    recent_changes jsonb NOT NULL,
    notified_state text,
    silence_id text,
    notification_count integer NOT NULL,
    revision bigint NOT NULL
  )`,
  "CREATE INDEX alerts_revision ON alerts (revision)",
  `CREATE INDEX alerts_time ON alerts (coalesce(triggered_at, pending_since), alert_id COLLATE "C")`,
  "CREATE INDEX alerts_fingerprint ON alerts (fingerprint, coalesce(triggered_at, pending_since))",
  "CREATE INDEX alerts_rule ON alerts (rule_id, pending_since)",
  "CREATE INDEX alerts_open ON alerts (rule_id) WHERE status <> 'resolved'",
  "CREATE INDEX alerts_labels ON alerts USING gin (labels jsonb_path_ops)",
  `CREATE TABLE alert_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id text NOT NULL,
    changed_at timestamptz NOT NULL,
    change text NOT NULL,
    changed_by text,
    note text
  )`,
  "CREATE INDEX alert_history_alert ON alert_history (alert_id, id)",
  `CREATE TABLE alert_silences (
    silence_id text PRIMARY KEY,
    matchers jsonb NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    created_by text NOT NULL,
    reason text NOT NULL,
    revision bigint NOT NULL
  )`,
];

/** The outbox, and who may do what. What a notification says is `json`: the text as it was made. */
const WORK = [
  `CREATE TABLE alert_notifications (
    id bigint GENERATED ALWAYS AS IDENTITY,
    notification_id text PRIMARY KEY,
    alert_id text NOT NULL,
    change text NOT NULL,
    channel text NOT NULL,
    config json,
    alert json NOT NULL,
    created_at timestamptz NOT NULL,
    status text NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    last_error text,
    delivered_at timestamptz
  )`,
  "CREATE INDEX alert_notifications_due ON alert_notifications (next_attempt_at, id) WHERE status = 'waiting'",
  "CREATE INDEX alert_notifications_alert ON alert_notifications (alert_id, created_at, id)",
  "CREATE INDEX alert_notifications_created ON alert_notifications (created_at, id)",
  // `revision`, `cursor`, `evaluated_until`, and `samples_from`: the second from which on there are single samples.
  "CREATE TABLE alert_engine_state (name text PRIMARY KEY, value text NOT NULL) WITH (fillfactor = 50)",
  "INSERT INTO alert_engine_state VALUES ('revision', '0')",
  `INSERT INTO alert_engine_state
    SELECT 'samples_from', (floor(extract(epoch FROM now()) / 60)::bigint + 1) * 60 WHERE EXISTS (SELECT FROM metric_points)`,
  `CREATE TABLE alert_leases (
    name text PRIMARY KEY,
    holder text NOT NULL,
    token bigint NOT NULL,
    until timestamptz NOT NULL
  ) WITH (fillfactor = 50)`,
  // By how bad it is, not by the alphabet: S4 asks for the worst first with `ORDER BY severity DESC`.
  "CREATE TYPE alert_severity AS ENUM ('info', 'warning', 'error', 'critical')",
  `CREATE VIEW alerts_status_summary AS
    SELECT alert_id, rule_id, rule_name, severity::alert_severity AS severity,
      CASE severity WHEN 'critical' THEN 4 WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END AS severity_rank,
      status, state, summary, triggered_at, acknowledged_at, assigned_to, resolved_at,
      (extract(epoch FROM coalesce(resolved_at, now()) - triggered_at) / 60)::double precision AS minutes_open,
      reopened_count, notification_count, license_id
    FROM alerts`,
];

/** Every point of a metric by itself, for two days: rules look at seconds, `metric_points` has minutes. In parts of a day, like the others. */
const SAMPLES = [
  `CREATE TABLE metric_samples (
    id bigint NOT NULL,
    time timestamptz NOT NULL,
    value double precision NOT NULL,
    count bigint,
    series integer NOT NULL,
    counts_json text,
    PRIMARY KEY (id, time)
  ) PARTITION BY RANGE (time)`,
  "CREATE INDEX metric_samples_series ON metric_samples (series, time)",
  "CREATE TABLE metric_samples_default PARTITION OF metric_samples DEFAULT",
  "INSERT INTO day_tables VALUES ('metric_samples', 'time', 'timestamptz')",
  "INSERT INTO last_ids VALUES ('metric_samples', 0)",
];

/** In the order in which they are made. */
export const ALERT_TABLES: readonly string[] = [...RULES, ...ALERTS, ...WORK, ...SAMPLES];
