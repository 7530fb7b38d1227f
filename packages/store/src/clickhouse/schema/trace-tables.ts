// Spans: the table of traces as the Collector's ClickHouse exporter has it, with columns of ours beside.
import { ATTRIBUTES, dateTimeOf, ID, INSTANCE_KEY, jsonOf } from "./pieces.ts";
import type { Feed, Table } from "./table.ts";

const LOW = "LowCardinality(String)";
const KINDS = "['internal', 'server', 'client', 'producer', 'consumer']";

const EVENTS = `if(empty(\`Events.Name\`), '', toJSONString(CAST(
  arrayZip(\`Events.Name\`, arrayMap(t -> toUnixTimestamp64Micro(t), \`Events.Timestamp\`), \`Events.Attributes\`),
  'Array(Tuple(name String, timeMicros Float64, attributes Map(String, String)))')))`;
const LINKS = `if(empty(\`Links.TraceId\`), '', toJSONString(CAST(arrayZip(\`Links.TraceId\`, \`Links.SpanId\`, \`Links.Attributes\`),
  'Array(Tuple(traceId String, spanId String, attributes Map(String, String)))')))`;

const TRACES: Table = {
  name: "otel_traces",
  columns: [
    "Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1))",
    "TraceId String CODEC(ZSTD(1))",
    "SpanId String CODEC(ZSTD(1))",
    "ParentSpanId String CODEC(ZSTD(1))",
    "TraceState String CODEC(ZSTD(1))",
    `SpanName ${LOW} CODEC(ZSTD(1))`,
    `SpanKind ${LOW} CODEC(ZSTD(1))`,
    `ServiceName ${LOW} CODEC(ZSTD(1))`,
    `ResourceAttributes ${ATTRIBUTES}`,
    "ScopeName String CODEC(ZSTD(1))",
    "ScopeVersion String CODEC(ZSTD(1))",
    `SpanAttributes ${ATTRIBUTES}`,
    "Duration UInt64 CODEC(T64, ZSTD(1))",
    `StatusCode ${LOW} CODEC(ZSTD(1))`,
    "StatusMessage String CODEC(ZSTD(1))",
    `Events Nested (Timestamp DateTime64(9), Name ${LOW}, Attributes Map(${LOW}, String)) CODEC(ZSTD(1))`,
    `Links Nested (TraceId String, SpanId String, TraceState String, Attributes Map(${LOW}, String)) CODEC(ZSTD(1))`,
    ID,
    "start_micros Int64 DEFAULT toUnixTimestamp64Micro(Timestamp) CODEC(Delta(8), ZSTD(1))",
    "start_nanos UInt16 DEFAULT toUInt16(toUnixTimestamp64Nano(Timestamp) % 1000) CODEC(ZSTD(1))",
    `kind UInt8 DEFAULT toUInt8(indexOf(${KINDS}, lower(replaceOne(SpanKind, 'SPAN_KIND_', '')))) CODEC(ZSTD(1))`,
    "status UInt8 DEFAULT toUInt8(indexOf(['ok', 'error'], lower(replaceOne(StatusCode, 'STATUS_CODE_', '')))) CODEC(ZSTD(1))",
    `instance_id ${LOW} DEFAULT ResourceAttributes['service.instance.id'] CODEC(ZSTD(1))`,
    `tags String DEFAULT ${jsonOf("SpanAttributes", (name) => name)} CODEC(ZSTD(1))`,
    `events_json String DEFAULT ${EVENTS} CODEC(ZSTD(1))`,
    `links_json String DEFAULT ${LINKS} CODEC(ZSTD(1))`,
    ...["symbol", "decision", "reason_code", "strategy", "run_id", "keep_reason"].map(
      (name) => `${name} ${LOW} DEFAULT SpanAttributes['trading.${name}'] CODEC(ZSTD(1))`,
    ),
    // By what a list of traces begins with: roots, and spans whose parent may be in another service (2 server, 5 consumer).
    "is_entry UInt8 MATERIALIZED ParentSpanId = '' OR kind IN (2, 5)",
  ],
  indexes: [
    "idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1",
    "idx_duration Duration TYPE minmax GRANULARITY 1",
    "idx_span_name SpanName TYPE set(256) GRANULARITY 1",
  ],
  engine: "MergeTree",
  partitionBy: "toDate(Timestamp)",
  orderBy: "(start_micros, id)",
  age: "toDateTime(Timestamp)",
  kept: "traces",
  shardBy: "cityHash64(TraceId)",
};

export const TRACE_TABLES: readonly Table[] = [
  TRACES,
  {
    // By which the spans of a trace are found, and one that comes again is known. Small steps: an id is looked for among few others.
    name: "otel_traces_trace_id_ts",
    columns: ["TraceId String CODEC(ZSTD(1))", "first_micros Int64", "last_micros Int64"],
    engine: "MergeTree",
    orderBy: "TraceId",
    age: dateTimeOf("intDiv(last_micros, 1000000)"),
    kept: "traces",
    shardBy: "cityHash64(TraceId)",
  },
];

export const TRACE_FEEDS: readonly Feed[] = [
  {
    name: "otel_traces_trace_id_ts_mv",
    to: "otel_traces_trace_id_ts",
    from: "otel_traces",
    select:
      "SELECT TraceId, min(start_micros) AS first_micros, max(start_micros) AS last_micros FROM {from} GROUP BY TraceId",
  },
  {
    name: "instances_of_traces_feed",
    to: "instances",
    from: "otel_traces",
    select: `SELECT key AS instance_key, max(instance) AS instance_id, max(service) AS service_name, min(micros) AS first_micros, max(micros) AS last_micros,
    toUInt64(0) AS events, count() AS spans
  FROM (SELECT ${INSTANCE_KEY} AS key, toString(instance_id) AS instance, toString(ServiceName) AS service, start_micros AS micros FROM {from}) GROUP BY key`,
  },
];
