// Keeps what records of system metrics come to by the hour.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { LARGEST_VALUE, toList } from "../records/hour-values.ts";
import type { SystemRecord } from "../records/system-record.ts";

/** What came to a row. */
interface Addition {
  readonly keys: readonly (string | number)[];
  readonly values: number[];
  largest95: number | null;
}

/** More values than this are written before the batch is over. */
const MAX_VALUES = 20_000;
const HOUR_LENGTH = "2026-11-20T12".length;
/** Of the minute its first digit: the ten minutes of an hour that a row is of, so that a row has an end. */
const PART_AT = "2026-11-20T12:".length;

/** Writes the rows of records into `metric_hours`. All methods are part of the caller's transaction. */
export class RecordHours {
  readonly #write: StatementSync;
  readonly #added = new Map<string, Addition>();
  #values = 0;

  constructor(database: DatabaseSync) {
    this.#write = database.prepare(
      `INSERT INTO metric_hours (hour, part, instance, service_name, metric_name, metric_unit, samples, value_sum, value_min, value_max,
         largest_95, value_list) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (hour, series, part, instance, service_name, metric_name, metric_unit) DO UPDATE SET samples = samples + excluded.samples,
         value_sum = value_sum + excluded.value_sum, value_min = min(value_min, excluded.value_min),
         value_max = max(value_max, excluded.value_max),
         largest_95 = coalesce(max(largest_95, excluded.largest_95), largest_95, excluded.largest_95),
         value_list = value_list || ',' || excluded.value_list`,
    );
  }

  /** A record is there that was not. */
  add(record: SystemRecord, instance: number): void {
    const { metricTimestamp: time, serviceName, metricName, metricUnit, metricValue, percentiles } = record;
    const hour = `${time.slice(0, HOUR_LENGTH)}:00:00.000000Z`;
    const keys = [hour, Number(time[PART_AT]), instance, serviceName ?? "", metricName, metricUnit];
    const key = JSON.stringify(keys);
    let addition = this.#added.get(key);
    if (addition === undefined) {
      addition = { keys, values: [], largest95: null };
      this.#added.set(key, addition);
    }
    addition.values.push(Math.min(Math.max(metricValue, -LARGEST_VALUE), LARGEST_VALUE));
    const [, , percentile95] = percentiles;
    if (percentile95 !== null) addition.largest95 = Math.max(percentile95, addition.largest95 ?? percentile95);
    if (++this.#values >= MAX_VALUES) this.flush();
  }

  /** Writes what was added. */
  flush(): void {
    for (const { keys, values, largest95 } of this.#added.values()) {
      const sum = values.reduce((all, value) => all + value, 0);
      const [least, largest] = [Math.min(...values), Math.max(...values)];
      this.#write.run(...keys, values.length, sum, least, largest, largest95, toList(values));
    }
    this.clear();
  }

  /** Forgets what was added: the transaction was rolled back. */
  clear(): void {
    this.#added.clear();
    this.#values = 0;
  }
}
