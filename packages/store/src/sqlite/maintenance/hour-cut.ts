// Takes what lies before a minute out of what metrics come to by the hour.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import { type HourLists, hourOf, placeOf, withoutMinutes } from "../../records/hour-values.ts";
import { recordHoursOf } from "../hour-schema.ts";

/** Whose rows: those of series, or those of records. */
export type HoursOf = "series" | "records";

const HOUR_S = 3_600;
const OF: Readonly<Record<HoursOf, string>> = { series: "series > 0", records: "series = 0" };

/** Cuts them. The caller's transaction removes the points, or the records, that they are of. */
export class HourCut {
  readonly #removeBefore: StatementSync;
  readonly #cutHour: (second: number, cut: number) => void;

  constructor(database: DatabaseSync, of: HoursOf) {
    this.#removeBefore = database.prepare(`DELETE FROM metric_hours WHERE hour < ? AND ${OF[of]}`);
    this.#cutHour = of === "series" ? createMinuteCut(database) : createRecordCut(database);
  }

  /** Removes all before the second `cut`, which begins a minute; of an hour that is cut in two its later part stays. */
  before(cut: number): void {
    const second = hourOf(cut);
    this.#removeBefore.run(toTimestamp(second * 1e6));
    if (second < cut) this.#cutHour(second, cut);
  }
}

function createMinuteCut(database: DatabaseSync): (second: number, cut: number) => void {
  const read = database.prepare(
    `SELECT series, value_list AS valueList, percentile_list AS percentileList FROM metric_hours WHERE hour = ? AND ${OF.series}`,
  );
  const remove = database.prepare("DELETE FROM metric_hours WHERE hour = ? AND series = ?");
  const change = database.prepare(
    `UPDATE metric_hours SET samples = ?, value_sum = ?, value_min = ?, value_max = ?, largest_95 = ?, value_list = ?, percentile_list = ?
     WHERE hour = ? AND series = ?`,
  );
  return (second, cut) => {
    const hour = toTimestamp(second * 1e6);
    for (const { series, ...lists } of read.all(hour) as unknown as readonly (HourLists & { series: number })[]) {
      const row = withoutMinutes(lists, placeOf(cut));
      if (row === undefined) remove.run(hour, series);
      else {
        const { samples, valueSum, valueMin, valueMax, largest95, valueList, percentileList } = row;
        change.run(samples, valueSum, valueMin, valueMax, largest95, valueList, percentileList, hour, series);
      }
    }
  };
}

/** A record's row does not say when its values were: they are taken from the records that stay. */
function createRecordCut(database: DatabaseSync): (second: number, cut: number) => void {
  const remove = database.prepare(`DELETE FROM metric_hours WHERE hour = ? AND ${OF.records}`);
  const make = database.prepare(recordHoursOf("metric_timestamp >= ? AND metric_timestamp < ?"));
  return (second, cut) => {
    remove.run(toTimestamp(second * 1e6));
    make.run(toTimestamp(cut * 1e6), toTimestamp((second + HOUR_S) * 1e6));
  };
}
