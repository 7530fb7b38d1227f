// Metrics: their series, their points as what came since the point before, and sums of these by minute, hour and day.
import { bucketOf, dateTimeOf, ID, INSTANCE_KEY } from "./pieces.ts";
import type { Feed, Table } from "./table.ts";

const LOW = "LowCardinality(String)";
const RESOLUTIONS = "[toUInt32(60), toUInt32(3600), toUInt32(86400)]";

/** The counter of how flows ended, from which the funnel is made. */
const FLOW_OUTCOMES = "trading_flow_outcomes_total";

export const METRIC_TABLES: readonly Table[] = [
  {
    name: "metric_series",
    columns: [
      "id UInt64",
      `name ${LOW}`,
      "labels_json String CODEC(ZSTD(1))",
      `type ${LOW}`,
      `unit ${LOW}`,
      "description String CODEC(ZSTD(1))",
      "instance_id String",
      `ServiceName ${LOW}`,
      `host_name ${LOW}`,
      "bounds Array(Float64) CODEC(ZSTD(1))",
      // Where the series stood: to tell increase from restart.
      "last_start_micros Int64",
      "last_time_micros Int64",
      "last_value Float64",
      "last_counts Array(Float64) CODEC(ZSTD(1))",
      "version UInt64",
    ],
    engine: "ReplacingMergeTree",
    engineColumns: "version",
    orderBy: "id",
    kept: "always",
    shardBy: "id",
  },
  {
    name: "metric_points",
    columns: [
      "series UInt64",
      `name ${LOW}`,
      "labels Map(LowCardinality(String), String) CODEC(ZSTD(1))",
      "instance_id String CODEC(ZSTD(1))",
      `ServiceName ${LOW}`,
      "time_micros Int64 CODEC(Delta(8), ZSTD(1))",
      "value Float64 CODEC(ZSTD(1))",
      "amount UInt64 CODEC(ZSTD(1))",
      "bucket_counts Array(UInt64) CODEC(ZSTD(1))",
      ID,
    ],
    engine: "MergeTree",
    partitionBy: `toDate(${dateTimeOf("intDiv(time_micros, 1000000)")})`,
    orderBy: "(name, series, time_micros)",
    age: dateTimeOf("intDiv(time_micros, 1000000)"),
    kept: "metrics",
    shardBy: "series",
  },
  {
    name: "metric_rollups",
    columns: [
      "resolution UInt32",
      "bucket Int64",
      "series UInt64",
      // Counts of other bounds are of another length, and must not be added to these.
      "length UInt16",
      "sum SimpleAggregateFunction(sum, Float64)",
      "last AggregateFunction(argMax, Float64, Int64)",
      "count SimpleAggregateFunction(sum, UInt64)",
      "counts AggregateFunction(sumForEach, Array(UInt64))",
      "least SimpleAggregateFunction(min, Float64)",
      "most SimpleAggregateFunction(max, Float64)",
      "points SimpleAggregateFunction(sum, UInt64)",
    ],
    engine: "AggregatingMergeTree",
    partitionBy: "resolution",
    orderBy: "(resolution, series, bucket, length)",
    age: dateTimeOf("bucket"),
    kept: "metrics",
    shardBy: "series",
  },
  {
    name: "flow_rollups",
    columns: [
      "resolution UInt32",
      "bucket Int64",
      ...["flow", "stage", "reason_code", "strategy", "symbol"].map((name) => `${name} ${LOW}`),
      "count UInt64",
    ],
    engine: "SummingMergeTree",
    engineColumns: "count",
    partitionBy: "resolution",
    orderBy: "(resolution, bucket, flow, stage, reason_code, strategy, symbol)",
    age: dateTimeOf("bucket"),
    kept: "metrics",
    shardBy: "cityHash64(bucket)",
  },
];

export const METRIC_FEEDS: readonly Feed[] = [
  {
    name: "metric_rollups_feed",
    to: "metric_rollups",
    from: "metric_points",
    select: `SELECT resolution, ${bucketOf("time_micros", "resolution")} AS bucket, series, toUInt16(length(bucket_counts)) AS length, sum(value) AS sum,
    argMaxState(value, time_micros) AS last, sum(amount) AS count, sumForEachState(bucket_counts) AS counts, min(value) AS least, max(value) AS most, count() AS points
  FROM {from} ARRAY JOIN ${RESOLUTIONS} AS resolution GROUP BY resolution, bucket, series, length`,
  },
  {
    name: "flow_rollups_feed",
    to: "flow_rollups",
    from: "metric_points",
    select: `SELECT resolution, ${bucketOf("time_micros", "resolution")} AS bucket, labels['flow'] AS flow, labels['stage'] AS stage,
    labels['reason_code'] AS reason_code, labels['strategy'] AS strategy, labels['symbol'] AS symbol, sum(amount) AS count
  FROM {from} ARRAY JOIN ${RESOLUTIONS} AS resolution WHERE name = '${FLOW_OUTCOMES}' AND amount > 0
  GROUP BY resolution, bucket, flow, stage, reason_code, strategy, symbol`,
  },
  {
    name: "instances_of_metrics_feed",
    to: "instances",
    from: "metric_points",
    select: `SELECT key AS instance_key, max(instance) AS instance_id, max(service) AS service_name, min(micros) AS first_micros, max(micros) AS last_micros,
    toUInt64(0) AS events, toUInt64(0) AS spans
  FROM (SELECT ${INSTANCE_KEY} AS key, instance_id AS instance, toString(ServiceName) AS service, time_micros AS micros FROM {from}) GROUP BY key`,
  },
];
