// Events that are metrics, as rows of the tables of records.
import { BUSINESS_METRIC, businessRecordOf } from "../../records/business-record.ts";
import { SYSTEM_METRIC, systemRecordOf } from "../../records/system-record.ts";
import type { EventInput } from "../../store-input.ts";
import type { Insert } from "../connection.ts";
import { toMicros } from "../micros.ts";
import { instanceKeyOf } from "./record-keys.ts";

const KEY_COLUMNS = ["event_id", "record_key"];
const SYSTEM_COLUMNS = [
  ...KEY_COLUMNS,
  "time_micros",
  "metric_name",
  "metric_type",
  "metric_unit",
  "service_name",
  "host_name",
  "instance_id",
  "metric_value",
  "percentile_50",
  "percentile_90",
  "percentile_95",
  "percentile_99",
  "tags",
];
const BUSINESS_COLUMNS = [
  ...KEY_COLUMNS,
  "metric_name",
  "metric_category",
  "value_text",
  "metric_unit",
  "currency",
  "period_start",
  "period_end",
  "period_type",
  "calculation_method",
  "user_id",
  "license_id",
  "tags",
  "metric_timestamp",
];

/** The rows of one insert. */
export class RecordRows {
  readonly #system: unknown[][] = [];
  readonly #business: unknown[][] = [];

  add(event: EventInput, id: number): void {
    const key = event.seq > 0 ? `${instanceKeyOf(event)} ${event.seq}` : `id ${id}`;
    if (event.eventType === SYSTEM_METRIC) this.#addSystem(event, id, key);
    else if (event.eventType === BUSINESS_METRIC) this.#addBusiness(event, id, key);
  }

  inserts(): readonly Omit<Insert, "token">[] {
    return [
      { table: "system_records", columns: SYSTEM_COLUMNS, rows: this.#system },
      { table: "business_metrics", columns: BUSINESS_COLUMNS, rows: this.#business },
    ];
  }

  #addSystem(event: EventInput, id: number, key: string): void {
    const record = systemRecordOf(event);
    if (record === undefined) return;
    this.#system.push([
      id,
      key,
      toMicros(record.metricTimestamp),
      record.metricName,
      record.metricType,
      record.metricUnit,
      record.serviceName ?? "",
      record.hostName ?? "",
      record.instanceId ?? "",
      record.metricValue,
      ...record.percentiles,
      JSON.stringify(record.tags),
    ]);
  }

  #addBusiness(event: EventInput, id: number, key: string): void {
    const record = businessRecordOf(event);
    if (record === undefined) return;
    this.#business.push([
      id,
      key,
      record.metricName,
      record.metricCategory,
      record.metricValue,
      record.metricUnit,
      record.currency,
      record.periodStart,
      record.periodEnd,
      record.periodType,
      record.calculationMethod,
      record.userId,
      record.licenseId,
      JSON.stringify(record.tags),
      record.metricTimestamp,
    ]);
  }
}
