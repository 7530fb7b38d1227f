// The table of spans.

/**
 * Spans under S4's names, in parts of a day by `start_time`, which has microseconds; the rest below one is in `start_nanos`. `tags` is `jsonb`;
 * where that cannot give back what came (NUL, half of a character), `tags_json` is the text as it is, and else null.
 */
export const TRACE_TABLES: readonly string[] = [
  "CREATE SEQUENCE span_ids",
  // `id` rises in the order of writing of one writer: by it spans of the same microsecond are told apart.
  `CREATE TABLE traces (
    start_time timestamptz NOT NULL,
    id bigint NOT NULL DEFAULT nextval('span_ids'),
    duration_nanos bigint NOT NULL,
    duration_ms double precision GENERATED ALWAYS AS (duration_nanos / 1e6::double precision) STORED,
    instance integer NOT NULL,
    http_status_code integer,
    start_nanos smallint NOT NULL,
    span_kind smallint NOT NULL,
    status_code smallint NOT NULL,
    trace_id text NOT NULL,
    span_id text NOT NULL,
    parent_span_id text,
    service_name text NOT NULL,
    operation_name text NOT NULL,
    status_message text,
    scope text,
    tags jsonb NOT NULL,
    tags_json json,
    events_json json,
    links_json json,
    symbol text,
    strategy text,
    decision text,
    reason_code text,
    run_id text,
    keep_reason text,
    http_method text,
    http_url text,
    user_id text,
    error_message text
  ) PARTITION BY RANGE (start_time)`,
  // A trace by its id, and the same span once.
  "CREATE UNIQUE INDEX traces_span ON traces (trace_id, span_id, start_time)",
  // Partial: what a list of traces begins with, which is one span in many: roots, and spans whose parent may be in another service (2
  // server, 5 consumer).
  `CREATE INDEX traces_roots ON traces (start_time, id) INCLUDE (trace_id, span_id, service_name, operation_name, duration_nanos)
    WHERE parent_span_id IS NULL OR span_kind IN (2, 5)`,
  // The first of them in a trace: by it the trace is listed, once.
  `CREATE INDEX traces_entry ON traces (trace_id, (parent_span_id IS NOT NULL), start_time)
    WHERE parent_span_id IS NULL OR span_kind IN (2, 5)`,
  "CREATE INDEX traces_errors ON traces (trace_id) WHERE status_code = 2",
  // BRIN: all spans of a time, for exports and counts.
  "CREATE INDEX traces_time ON traces USING brin (start_time) WITH (pages_per_range = 32)",
  // GIN: `tags @> '{"endpoint": "/documents/process"}'` of the spans that a list shows; the stages of flows have few tags, and are many.
  "CREATE INDEX traces_tags ON traces USING gin (tags jsonb_path_ops) WHERE parent_span_id IS NULL OR span_kind IN (2, 5)",
];
