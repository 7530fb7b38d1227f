// Alert rules, alerts and what belongs to them, and the single samples that rules are evaluated on; the third version of the schema.

const RULES = [
  `CREATE TABLE alert_rules (
    rule_id TEXT PRIMARY KEY,
    rule_name TEXT NOT NULL,
    rule_type TEXT NOT NULL,
    source_type TEXT NOT NULL,
    condition_config TEXT NOT NULL,
    for_seconds INTEGER NOT NULL,
    severity TEXT NOT NULL,
    labels TEXT NOT NULL,
    annotations TEXT NOT NULL,
    notification_channels TEXT NOT NULL,
    notification_config TEXT NOT NULL,
    license_id TEXT,
    is_active INTEGER NOT NULL,
    problem TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    removed_at TEXT,
    revision INTEGER NOT NULL
  ) STRICT`,
  "CREATE INDEX idx_alert_rules_revision ON alert_rules (revision)",
  // Of the rules that are evaluated only, as S4 wants it.
  "CREATE INDEX idx_alert_rules_active ON alert_rules (rule_name) WHERE is_active = 1 AND removed_at IS NULL",
];

const ALERTS = [
  `CREATE TABLE alerts (
    alert_id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL,
    rule_name TEXT NOT NULL,
    rule_type TEXT NOT NULL,
    source_type TEXT NOT NULL,
    severity TEXT NOT NULL,
    labels TEXT NOT NULL,
    license_id TEXT,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    status TEXT NOT NULL,
    summary TEXT NOT NULL,
    annotations TEXT NOT NULL,
    impact TEXT,
    value REAL,
    peak_value REAL,
    threshold REAL,
    pending_since TEXT NOT NULL,
    triggered_at TEXT,
    acknowledged_at TEXT,
    acknowledged_by TEXT,
    assigned_to TEXT,
    resolved_at TEXT,
    resolved_by TEXT,
    resolution_note TEXT,
    reopened_count INTEGER NOT NULL,
    condition_holds INTEGER NOT NULL,
    is_flapping INTEGER NOT NULL,
    recent_changes TEXT NOT NULL,
    notified_state TEXT,
    silence_id TEXT,
    notification_count INTEGER NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT`,
  "CREATE INDEX idx_alerts_revision ON alerts (revision)",
  "CREATE INDEX idx_alerts_time ON alerts (coalesce(triggered_at, pending_since))",
  "CREATE INDEX idx_alerts_fingerprint ON alerts (fingerprint, coalesce(triggered_at, pending_since))",
  "CREATE INDEX idx_alerts_open ON alerts (rule_id) WHERE status <> 'resolved'",
  `CREATE TABLE alert_history (
    id INTEGER PRIMARY KEY,
    alert_id TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    change TEXT NOT NULL,
    changed_by TEXT,
    note TEXT
  ) STRICT`,
  "CREATE INDEX idx_alert_history ON alert_history (alert_id, id)",
  `CREATE TABLE alert_silences (
    silence_id TEXT PRIMARY KEY,
    matchers TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT`,
];

/** The outbox, and who may do what. */
const WORK = [
  `CREATE TABLE alert_notifications (
    notification_id TEXT PRIMARY KEY,
    alert_id TEXT NOT NULL,
    change TEXT NOT NULL,
    channel TEXT NOT NULL,
    config TEXT NOT NULL,
    alert TEXT NOT NULL,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT NOT NULL,
    last_error TEXT,
    delivered_at TEXT
  ) STRICT`,
  "CREATE INDEX idx_alert_notifications_due ON alert_notifications (next_attempt_at) WHERE status = 'waiting'",
  "CREATE INDEX idx_alert_notifications_alert ON alert_notifications (alert_id)",
  "CREATE INDEX idx_alert_notifications_created ON alert_notifications (created_at)",
  // `revision`, `cursor`, `evaluated_until`, and `samples_from`: the second from which on there are single samples.
  "CREATE TABLE alert_engine_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
  "INSERT INTO alert_engine_state (name, value) VALUES ('revision', '0')",
  `INSERT INTO alert_engine_state (name, value)
    SELECT 'samples_from', (unixepoch() / 60 + 1) * 60 WHERE EXISTS (SELECT 1 FROM metric_points)`,
  `CREATE TABLE alert_leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    token INTEGER NOT NULL,
    until TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE VIEW alerts_status_summary AS
    SELECT alert_id, rule_id, rule_name, severity,
      CASE severity WHEN 'critical' THEN 4 WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END AS severity_rank,
      status, state, summary, triggered_at, acknowledged_at, assigned_to, resolved_at,
      (julianday(coalesce(resolved_at, 'now')) - julianday(triggered_at)) * 1440 AS minutes_open,
      reopened_count, notification_count, license_id
    FROM alerts`,
];

/** Every point of a metric by itself, for two days: rules look at seconds, `metric_points` has minutes. */
const SAMPLES = [
  `CREATE TABLE metric_samples (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    series INTEGER NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
    time_micros INTEGER NOT NULL,
    value REAL NOT NULL,
    count INTEGER,
    counts_json TEXT
  ) STRICT`,
  "CREATE INDEX idx_metric_samples ON metric_samples (series, time_micros)",
];

/** Statements of version 3 for alerts. */
export const ALERT_TABLES: readonly string[] = [...RULES, ...ALERTS, ...WORK, ...SAMPLES];
