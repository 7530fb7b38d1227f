// Keeps what the minutes of a series come to by the hour.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import { EMPTY_HOUR, type HourLists, type HourMinute, hourOf, placeOf, withMinutes } from "../records/hour-values.ts";

/** Minutes of a series that have other values than its row says. */
interface ChangedHour {
  readonly series: number;
  readonly second: number;
  readonly minutes: Map<number, HourMinute>;
}

/** More hours than this are written before the batch is over. */
const MAX_CHANGED = 20_000;

/** Writes the rows of series into `metric_hours`. All methods are part of the caller's transaction. */
export class MetricHours {
  readonly #read: StatementSync;
  readonly #write: StatementSync;
  readonly #changed = new Map<string, ChangedHour>();

  constructor(database: DatabaseSync) {
    this.#read = database.prepare(
      "SELECT value_list AS valueList, percentile_list AS percentileList FROM metric_hours WHERE hour = ? AND series = ?",
    );
    this.#write = database.prepare(
      `INSERT OR REPLACE INTO metric_hours (hour, series, samples, value_sum, value_min, value_max, largest_95, value_list, percentile_list)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** A minute, by the second at which it begins, has a value now. */
  note(series: number, bucket: number, minute: HourMinute): void {
    const second = hourOf(bucket);
    const key = `${second} ${series}`;
    let hour = this.#changed.get(key);
    if (hour === undefined) {
      if (this.#changed.size >= MAX_CHANGED) this.flush();
      hour = { series, second, minutes: new Map() };
      this.#changed.set(key, hour);
    }
    hour.minutes.set(placeOf(bucket), minute);
  }

  /** Writes what was noted. */
  flush(): void {
    for (const { series, second, minutes } of this.#changed.values()) {
      const hour = toTimestamp(second * 1e6);
      const before = (this.#read.get(hour, series) as HourLists | undefined) ?? EMPTY_HOUR;
      const row = withMinutes(before, minutes);
      const sums = [row.samples, row.valueSum, row.valueMin, row.valueMax, row.largest95];
      this.#write.run(hour, series, ...sums, row.valueList, row.percentileList);
    }
    this.#changed.clear();
  }

  /** Forgets what was noted: the transaction was rolled back. */
  clear(): void {
    this.#changed.clear();
  }
}
