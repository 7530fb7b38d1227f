// The tables that a store can be exported by, and their columns: the same whichever database it is on.

/** What the cells of a column are. Decimals are `text`: those of a store have any scale, and no fixed one is exact for all of them. */
export type ExportColumnType = "int64" | "int32" | "double" | "boolean" | "text" | "timestamp" | "json";

/** A column. A cell is what its type says; a timestamp is text, `2026-11-20T12:34:56.789012Z`, and so is JSON, as it is stored. */
export interface ExportColumn {
  readonly name: string;
  readonly type: ExportColumnType;
  /** Whether every row has it; else a cell may be null. */
  readonly isRequired: boolean;
}

/** A table of signals: a store gives its rows by {@link ExportPage}s. */
export type SignalTable = "telemetry_events" | "decisions" | "traces" | "system_metrics" | "business_metrics";

/** A table of the records of alerts: see `AlertRecords`. */
export type AlertTable = "alerts" | "alert_rules";

/** A table that can be exported. */
export type ExportTable = SignalTable | AlertTable;

/** A value of a row. */
export type ExportCell = string | number | boolean | null;

/** Rows of a table. */
export interface ExportPage {
  /** Oldest first, by the table's time, then by the order of writing; cells in the order of {@link EXPORT_COLUMNS}. */
  readonly rows: readonly (readonly ExportCell[])[];
  /** Where to go on: for the same table only, opaque to all but the store that gave it. Null: there is no more in the range. */
  readonly next: string | null;
}

/** The columns of each table in their order. What is added comes last, and raises {@link EXPORT_VERSION}. */
export const EXPORT_COLUMNS: Readonly<Record<ExportTable, readonly ExportColumn[]>> = {
  telemetry_events: [
    required("id", "int64"),
    required("event_type", "text"),
    required("timestamp", "timestamp"),
    ...texts("run_id", "symbol"),
    required("data", "json"),
    ...texts("trace_id", "span_id"),
    required("severity_number", "int32"),
    ...texts("instance_id", "service_name"),
    optional("seq", "int64"),
  ],
  decisions: [
    required("event_id", "int64"),
    required("timestamp", "timestamp"),
    required("decision", "text"),
    required("reason_code", "text"),
    ...texts("strategy", "symbol", "trace_id", "run_id", "edge_unit", "gross_edge", "fees_est", "slippage_est"),
    ...texts("gas_est", "latency_buffer", "net_edge", "min_threshold"),
  ],
  traces: [
    required("trace_id", "text"),
    required("span_id", "text"),
    optional("parent_span_id", "text"),
    required("service_name", "text"),
    optional("instance_id", "text"),
    required("operation_name", "text"),
    required("span_kind", "int32"),
    required("start_time", "timestamp"),
    required("start_nanos", "int32"),
    required("duration_nanos", "int64"),
    required("duration_ms", "double"),
    required("status_code", "int32"),
    ...texts("status_message", "scope", "http_method", "http_url"),
    // A number that somebody else's attribute says it is: 1e300 is one, too.
    optional("http_status_code", "double"),
    optional("user_id", "text"),
    required("tags", "json"),
    required("events", "json"),
    required("links", "json"),
  ],
  system_metrics: [
    required("metric_name", "text"),
    required("metric_type", "text"),
    required("metric_value", "double"),
    required("metric_unit", "text"),
    ...texts("service_name", "host_name", "instance_id"),
    ...["percentile_50", "percentile_90", "percentile_95", "percentile_99"].map((name) => optional(name, "double")),
    required("tags", "json"),
    required("metric_timestamp", "timestamp"),
  ],
  business_metrics: [
    required("event_id", "int64"),
    required("metric_name", "text"),
    optional("metric_category", "text"),
    // Money, exact: see above.
    required("metric_value", "text"),
    required("metric_unit", "text"),
    optional("currency", "text"),
    required("period_start", "timestamp"),
    optional("period_end", "timestamp"),
    ...texts("period_type", "calculation_method", "user_id", "license_id"),
    required("tags", "json"),
    required("metric_timestamp", "timestamp"),
  ],
  alerts: [
    ...["alert_id", "rule_id", "rule_name", "rule_type", "source_type", "severity"].map((name) =>
      required(name, "text"),
    ),
    required("labels", "json"),
    optional("license_id", "text"),
    ...["fingerprint", "state", "status", "summary"].map((name) => required(name, "text")),
    required("annotations", "json"),
    optional("impact", "text"),
    ...["value", "peak_value", "threshold"].map((name) => optional(name, "double")),
    required("pending_since", "timestamp"),
    optional("triggered_at", "timestamp"),
    optional("acknowledged_at", "timestamp"),
    ...texts("acknowledged_by", "assigned_to"),
    optional("resolved_at", "timestamp"),
    ...texts("resolved_by", "resolution_note"),
    required("reopened_count", "int32"),
    required("condition_holds", "boolean"),
    required("is_flapping", "boolean"),
    ...texts("notified_state", "silence_id"),
    required("notification_count", "int32"),
    // What has happened to it, oldest first: a list of changes, each with when, by whom, and what was said.
    required("history", "json"),
  ],
  alert_rules: [
    ...["rule_id", "rule_name", "rule_type", "source_type"].map((name) => required(name, "text")),
    required("condition_config", "json"),
    required("for_seconds", "int32"),
    required("severity", "text"),
    ...["labels", "annotations", "notification_channels", "notification_config"].map((name) => required(name, "json")),
    optional("license_id", "text"),
    required("is_active", "boolean"),
    optional("problem", "text"),
    required("created_at", "timestamp"),
    required("updated_at", "timestamp"),
    optional("removed_at", "timestamp"),
  ],
};

/** The column of a signal that tells the time of a row, by which it is put into a day. */
export const SIGNAL_TIME_COLUMNS: Readonly<Record<SignalTable, string>> = {
  telemetry_events: "timestamp",
  decisions: "timestamp",
  traces: "start_time",
  system_metrics: "metric_timestamp",
  // When it was recorded, not the period that it is of: a day that is over stays as it is.
  business_metrics: "metric_timestamp",
};

/** All tables, in the order in which they are exported. */
export const EXPORT_TABLES = Object.keys(EXPORT_COLUMNS) as readonly ExportTable[];

/** Those that `StoreQueries` has. */
export const SIGNAL_TABLES = Object.keys(SIGNAL_TIME_COLUMNS) as readonly SignalTable[];

/** The version of {@link EXPORT_COLUMNS}: an export of another one is not gone on with. */
export const EXPORT_VERSION = 1;

function required(name: string, type: ExportColumnType): ExportColumn {
  return { name, type, isRequired: true };
}

function optional(name: string, type: ExportColumnType): ExportColumn {
  return { name, type, isRequired: false };
}

function texts(...names: readonly string[]): readonly ExportColumn[] {
  return names.map((name) => optional(name, "text"));
}
