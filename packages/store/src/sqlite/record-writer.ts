// Writes the rows that are kept of system and business metrics beside their events.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BUSINESS_METRIC, businessRecordOf } from "../records/business-record.ts";
import { SYSTEM_METRIC, systemRecordOf } from "../records/system-record.ts";
import type { EventInput, JsonValue } from "../store-input.ts";
import { RecordHours } from "./record-hours.ts";

/** Writes into `system_records`, `metric_hours` and `business_metrics`; part of the caller's transaction. */
export class RecordWriter {
  readonly #hours: RecordHours;
  readonly #system: StatementSync;
  readonly #business: StatementSync;

  constructor(database: DatabaseSync) {
    this.#hours = new RecordHours(database);
    this.#system = database.prepare(
      `INSERT INTO system_records (event_id, instance, seq, metric_name, metric_type, metric_value, metric_unit, service_name, host_name,
         instance_id, percentile_50, percentile_90, percentile_95, percentile_99, tags, metric_timestamp)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (instance, seq) WHERE seq IS NOT NULL DO NOTHING`,
    );
    this.#business = database.prepare(
      `INSERT INTO business_metrics (event_id, instance, seq, metric_name, metric_category, metric_value, metric_unit, currency, period_start,
         period_end, period_type, calculation_method, user_id, license_id, tags, metric_timestamp)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (instance, seq) WHERE seq IS NOT NULL DO NOTHING`,
    );
  }

  /** Writes what an event has of it; most have nothing. `instance` is the number of its source. */
  write(event: EventInput, id: number, instance: number): void {
    if (event.eventType === SYSTEM_METRIC) this.#writeSystem(event, id, instance);
    else if (event.eventType === BUSINESS_METRIC) this.#writeBusiness(event, id, instance);
  }

  /** Writes what the records come to by the hour. */
  flush(): void {
    this.#hours.flush();
  }

  /** The transaction was rolled back. */
  clear(): void {
    this.#hours.clear();
  }

  #writeSystem(event: EventInput, id: number, instance: number): void {
    const record = systemRecordOf(event);
    if (record === undefined) return;
    const { metricName, metricType, metricValue, metricUnit, serviceName, hostName, instanceId, metricTimestamp } =
      record;
    const source = [serviceName, hostName, instanceId];
    const value = [metricName, metricType, metricValue, metricUnit, ...source, ...record.percentiles];
    const { changes } = this.#system.run(id, instance, seqOf(event), ...value, toCell(record.tags), metricTimestamp);
    // A record may still be there when its event is not, and comes again with it.
    if (changes > 0) this.#hours.add(record, instance);
  }

  #writeBusiness(event: EventInput, id: number, instance: number): void {
    const record = businessRecordOf(event);
    if (record === undefined) return;
    const { metricName, metricCategory, metricValue, metricUnit, currency, calculationMethod, metricTimestamp } =
      record;
    const period = [record.periodStart, record.periodEnd, record.periodType, calculationMethod];
    const value = [metricName, metricCategory, metricValue, metricUnit, currency, ...period];
    this.#business.run(
      id,
      instance,
      seqOf(event),
      ...value,
      record.userId,
      record.licenseId,
      toCell(record.tags),
      metricTimestamp,
    );
  }
}

function seqOf({ seq }: EventInput): number | null {
  return seq > 0 ? seq : null;
}

function toCell(tags: JsonValue): string | null {
  return tags === null ? null : JSON.stringify(tags);
}
