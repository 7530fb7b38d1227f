// Events: the table of log records as the Collector's ClickHouse exporter has it, with columns of ours beside.
import { ATTRIBUTES, bucketOf, dateTimeOf, ID, INSTANCE_KEY, jsonOf } from "./pieces.ts";
import type { Feed, Table } from "./table.ts";

const LOW = "LowCardinality(String)";
const NAME = "if(EventName != '', EventName, LogAttributes['event.name'])";
const OWN = "substring(k, if(startsWith(k, 'trading.'), 9, 1))";
/** Attributes that have a column, and are not part of the data. */
const PLACED = "'trading.seq', 'trading.run_id', 'trading.symbol', 'trading.instance_id', 'event.name'";

function attribute(name: string, type: string, otherwise = ""): string {
  const value = `LogAttributes['trading.${name}']`;
  return `${name} ${type} DEFAULT ${otherwise === "" ? value : `if(${value} = '', ${otherwise}, ${value})`} CODEC(ZSTD(1))`;
}

/**
 * What the exporter writes has no columns of ours: they are worked out of its attributes by their defaults. Our writer gives them, and leaves
 * the attributes empty: `data` has what they would say, with its types.
 *
 * `Timestamp` cannot hold every time that a broken clock gives, `time_micros` can: questions go by it.
 */
const LOGS: Table = {
  name: "otel_logs",
  columns: [
    "Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1))",
    "TimestampTime DateTime DEFAULT toDateTime(Timestamp)",
    "TraceId String CODEC(ZSTD(1))",
    "SpanId String CODEC(ZSTD(1))",
    "TraceFlags UInt8",
    `SeverityText ${LOW} CODEC(ZSTD(1))`,
    "SeverityNumber UInt8",
    `ServiceName ${LOW} CODEC(ZSTD(1))`,
    "Body String CODEC(ZSTD(1))",
    `ResourceSchemaUrl ${LOW} CODEC(ZSTD(1))`,
    `ResourceAttributes ${ATTRIBUTES}`,
    `ScopeSchemaUrl ${LOW} CODEC(ZSTD(1))`,
    "ScopeName String CODEC(ZSTD(1))",
    `ScopeVersion ${LOW} CODEC(ZSTD(1))`,
    `ScopeAttributes ${ATTRIBUTES}`,
    `LogAttributes ${ATTRIBUTES}`,
    "EventName String CODEC(ZSTD(1))",
    ID,
    "time_micros Int64 DEFAULT toUnixTimestamp64Micro(Timestamp) CODEC(Delta(8), ZSTD(1))",
    `event_type ${LOW} DEFAULT multiIf(startsWith(${NAME}, 'trading.') AND length(${NAME}) > 8, substring(${NAME}, 9), ${NAME} = '', 'log', ${NAME}) CODEC(ZSTD(1))`,
    `instance_id ${LOW} DEFAULT if(LogAttributes['trading.instance_id'] != '', LogAttributes['trading.instance_id'], ResourceAttributes['service.instance.id']) CODEC(ZSTD(1))`,
    "seq UInt64 DEFAULT toUInt64OrZero(LogAttributes['trading.seq']) CODEC(Delta(8), ZSTD(1))",
    attribute("run_id", LOW),
    attribute("symbol", LOW),
    `data String DEFAULT ${jsonOf("LogAttributes", () => OWN, `k NOT IN (${PLACED})`)} CODEC(ZSTD(1))`,
    attribute("event_category", LOW),
    "user_id String DEFAULT if(LogAttributes['user.id'] != '', LogAttributes['user.id'], LogAttributes['trading.user_id']) CODEC(ZSTD(1))",
    attribute("decision", LOW),
    attribute("reason_code", LOW, "if(event_type IN ('decision', 'signal_rejected'), 'no_reason', '')"),
    attribute("reason", LOW, "if(event_type = 'signal_rejected', reason_code, '')"),
    attribute("strategy", LOW),
    attribute("edge_unit", LOW),
    "margin Nullable(Float64) DEFAULT toFloat64OrNull(LogAttributes['trading.net_edge']) - toFloat64OrNull(LogAttributes['trading.min_threshold']) CODEC(ZSTD(1))",
    "score Nullable(Float64) DEFAULT toFloat64OrNull(LogAttributes['trading.confidence_score']) CODEC(ZSTD(1))",
  ],
  indexes: [
    "idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1",
    "idx_id id TYPE minmax GRANULARITY 1",
    "idx_event_type event_type TYPE set(64) GRANULARITY 1",
    "idx_symbol symbol TYPE set(256) GRANULARITY 1",
    "idx_run_id run_id TYPE bloom_filter(0.01) GRANULARITY 1",
  ],
  engine: "MergeTree",
  partitionBy: "toDate(TimestampTime)",
  orderBy: "(time_micros, id)",
  age: "TimestampTime",
  kept: "events",
  // The same row always goes to the same shard: there it is known when it comes again.
  shardBy: "cityHash64(if(TraceId = '', toString(id), TraceId))",
};

function rollup(name: string, keys: readonly string[], sums: readonly string[]): Table {
  const [bucket, ...others] = ["bucket", ...keys];
  return {
    name,
    columns: [
      "resolution UInt32",
      `${bucket} Int64`,
      ...others.map((key) => `${key} ${key === "score_bin" ? "UInt8" : LOW}`),
      ...sums.map((sum) => `${sum} ${sum === "count" ? "UInt64" : "Float64"}`),
    ],
    engine: "SummingMergeTree",
    engineColumns: `(${sums.join(", ")})`,
    partitionBy: "resolution",
    orderBy: `(resolution, bucket, ${keys.join(", ")})`,
    age: dateTimeOf("bucket"),
    kept: "events",
    shardBy: "cityHash64(bucket)",
  };
}

/** Counts by minute, hour and day of rows of the events, which are counted by the minute first: an insert has few minutes. */
function count(
  to: string,
  keys: readonly (readonly [string, string])[],
  sums: readonly (readonly [string, string])[],
  where: string,
): Feed {
  const names = keys.map(([name]) => name);
  return {
    name: `${to}_feed`,
    to,
    from: "otel_logs",
    select: `SELECT resolution, minute - positiveModulo(minute, toInt64(resolution)) AS bucket, ${[...names, ...sums.map(([name]) => `sum(s_${name}) AS ${name}`)].join(", ")}
  FROM (SELECT ${bucketOf("time_micros", "60")} AS minute, ${[...keys.map(([name, sql]) => (name === sql ? name : `${sql} AS ${name}`)), ...sums.map(([name, sql]) => `${sql} AS s_${name}`)].join(", ")}
    FROM {from} WHERE ${where} GROUP BY ${["minute", ...names].join(", ")})
  ARRAY JOIN [toUInt32(60), toUInt32(3600), toUInt32(86400)] AS resolution GROUP BY ${["resolution", "bucket", ...names].join(", ")}`,
  };
}

const COUNT = [["count", "count()"]] as const;
const same = (...names: readonly string[]) => names.map((name) => [name, name] as const);

/** How a decision came out, as the counts have it. */
export const VERDICT = "if(decision IN ('ACCEPT', 'REJECT'), decision, '')";

export const LOG_TABLES: readonly Table[] = [
  LOGS,
  rollup("event_rollups", ["event_type", "symbol"], ["count"]),
  rollup("run_rollups", ["run_id", "event_type", "symbol"], ["count"]),
  rollup("reason_rollups", ["event_type", "verdict", "reason_code", "reason_text", "strategy", "symbol"], ["count"]),
  rollup("confidence_rollups", ["symbol", "score_bin"], ["count", "sum"]),
  {
    // By which a record that comes again is known: see record-keys.ts.
    name: "record_keys",
    columns: [
      "instance_key String CODEC(ZSTD(1))",
      "seq UInt64 CODEC(Delta(8), ZSTD(1))",
      "TimestampTime DateTime CODEC(Delta(4), ZSTD(1))",
    ],
    engine: "MergeTree",
    orderBy: "(instance_key, seq)",
    age: "TimestampTime",
    kept: "events",
    shardBy: "cityHash64(instance_key)",
  },
  {
    name: "instances",
    columns: [
      "instance_key String",
      "instance_id SimpleAggregateFunction(max, String)",
      "service_name SimpleAggregateFunction(max, String)",
      "first_micros SimpleAggregateFunction(min, Int64)",
      "last_micros SimpleAggregateFunction(max, Int64)",
      "events SimpleAggregateFunction(sum, UInt64)",
      "spans SimpleAggregateFunction(sum, UInt64)",
    ],
    engine: "AggregatingMergeTree",
    orderBy: "instance_key",
    kept: "always",
    shardBy: "cityHash64(instance_key)",
  },
];

export const LOG_FEEDS: readonly Feed[] = [
  count("event_rollups", same("event_type", "symbol"), COUNT, "1"),
  count("run_rollups", same("run_id", "event_type", "symbol"), COUNT, "run_id != ''"),
  count(
    "reason_rollups",
    [
      ["event_type", "event_type"],
      ["verdict", `if(event_type = 'decision', ${VERDICT}, '')`],
      ["reason_code", "reason_code"],
      // The sentence of a decision holds its figures: there are as many as decisions. The code is what can be counted.
      ["reason_text", "if(event_type = 'decision', '', reason)"],
      ["strategy", "strategy"],
      ["symbol", "symbol"],
    ],
    COUNT,
    "event_type IN ('decision', 'signal_rejected')",
  ),
  count(
    "confidence_rollups",
    [
      ["symbol", "symbol"],
      ["score_bin", "toUInt8(least(floor(least(greatest(assumeNotNull(score), 0), 100) / 10), 9))"],
    ],
    [
      ["count", "count()"],
      ["sum", "sum(assumeNotNull(score))"],
    ],
    "event_type = 'signal_generated' AND score IS NOT NULL",
  ),
  {
    name: "record_keys_feed",
    to: "record_keys",
    from: "otel_logs",
    select: `SELECT ${INSTANCE_KEY} AS instance_key, seq, TimestampTime FROM {from} WHERE seq > 0`,
  },
  {
    name: "instances_of_logs_feed",
    to: "instances",
    from: "otel_logs",
    select: `SELECT key AS instance_key, max(instance) AS instance_id, max(service) AS service_name, min(micros) AS first_micros, max(micros) AS last_micros,
    count() AS events, toUInt64(0) AS spans
  FROM (SELECT ${INSTANCE_KEY} AS key, toString(instance_id) AS instance, toString(ServiceName) AS service, time_micros AS micros FROM {from}) GROUP BY key`,
  },
];
