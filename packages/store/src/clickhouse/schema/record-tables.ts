// Metrics as records: of systems and of the business. They stay when their events are cleaned away.
import type { Table } from "./table.ts";

const LOW = "LowCardinality(String)";

/** A record that is written again, as after an insert whose answer was lost, takes the place of itself: `record_key` says which it is. */
const KEY = ["event_id UInt64 CODEC(ZSTD(1))", "record_key String CODEC(ZSTD(1))"];

export const RECORD_TABLES: readonly Table[] = [
  {
    name: "system_records",
    columns: [
      ...KEY,
      "time_micros Int64 CODEC(Delta(8), ZSTD(1))",
      ...["metric_name", "metric_type", "metric_unit", "service_name", "host_name", "instance_id"].map(
        (name) => `${name} ${LOW}`,
      ),
      "metric_value Float64 CODEC(ZSTD(1))",
      ...[50, 90, 95, 99].map((share) => `percentile_${share} Nullable(Float64) CODEC(ZSTD(1))`),
      "tags String CODEC(ZSTD(1))",
    ],
    engine: "ReplacingMergeTree",
    orderBy: "(time_micros, record_key)",
    kept: "always",
    shardBy: "cityHash64(record_key)",
  },
  {
    name: "business_metrics",
    columns: [
      ...KEY,
      `metric_name ${LOW}`,
      `metric_category Nullable(String)`,
      // As it was written, and as what can be added up: both are exact.
      "value_text String CODEC(ZSTD(1))",
      "metric_value Decimal(76, 38) DEFAULT toDecimal256(value_text, 38) CODEC(ZSTD(1))",
      `metric_unit ${LOW}`,
      "currency Nullable(String)",
      "period_start String",
      ...["period_end", "period_type", "calculation_method", "user_id", "license_id"].map(
        (name) => `${name} Nullable(String)`,
      ),
      "tags String CODEC(ZSTD(1))",
      "metric_timestamp String",
    ],
    engine: "ReplacingMergeTree",
    orderBy: "(period_start, record_key)",
    kept: "always",
    shardBy: "cityHash64(record_key)",
  },
];
