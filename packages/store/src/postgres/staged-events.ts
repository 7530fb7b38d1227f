// The table into which a batch of events is copied before it is stored, one a connection.

/** A column: its name, and its type. */
export type TypedColumn = readonly [name: string, type: string];

/** Columns of `telemetry_events` that are given. */
const EVENT_COLUMNS = [
  ["timestamp", "timestamptz"],
  ["seq", "bigint"],
  ["duration_ms", "double precision"],
  ["instance", "integer"],
  ["severity_number", "smallint"],
  ["event_type", "text"],
  ["symbol", "text"],
  ["run_id", "text"],
  ["trace_id", "text"],
  ["span_id", "text"],
  ["data_json", "json"],
  ["event_name", "text"],
  ["event_category", "text"],
  ["event_data", "jsonb"],
  ["user_id", "text"],
  ["license_id", "text"],
  ["source", "text"],
  ["source_ip", "text"],
  ["tags", "jsonb"],
] as const satisfies readonly TypedColumn[];

/** What is copied, in this order: which request of the batch it is of, its place in the batch (from 1), its minute, the event, and what is counted. */
const STAGED_COLUMNS = [
  ["request", "smallint"],
  ["place", "integer"],
  ["minute", "bigint"],
  ...EVENT_COLUMNS,
  // Of decisions and rejections.
  ["decision", "text"],
  ["reason_code", "text"],
  ["reason", "text"],
  ["strategy", "text"],
  ["edge_unit", "text"],
  ["margin", "double precision"],
  // Of generated signals.
  ["score", "double precision"],
  ["score_bin", "smallint"],
  // Of the two kinds of metric: the row that is kept of them, as JSON.
  ["record", "jsonb"],
] as const satisfies readonly TypedColumn[];

/** The names of the columns that go into `telemetry_events` as they are. */
export const EVENT_COLUMN_NAMES: string = EVENT_COLUMNS.map(([name]) => name).join(", ");

/** Makes the table of a connection: of its own, in no log, and empty again after each transaction. */
export const CREATE_STAGED_EVENTS = `CREATE TEMP TABLE IF NOT EXISTS staged_events
  (${STAGED_COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")}) ON COMMIT DELETE ROWS`;

/** What the batch is copied by. */
export const COPY_STAGED_EVENTS = "COPY pg_temp.staged_events FROM STDIN";
