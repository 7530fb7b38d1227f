// What the rows of an export are like, in a line: whether there are others by now, without reading them.
import { rangeOf } from "../../queries/event-scope.ts";
import { checkSignalTable } from "../../queries/export-cells.ts";
import type { TimeRange } from "../../store-queries.ts";
import type { SignalTable } from "../../warehouse/export-columns.ts";
import { boundsOf } from "./event-scope.ts";
import type { Statements } from "./statements.ts";

/** Rows that are added and removed, and never changed: their times, and their ids, which rise with writing. */
interface GrowingRows {
  readonly from: string;
  readonly time: string;
  readonly id: string;
}

const ROWS: Readonly<Record<SignalTable, GrowingRows>> = {
  telemetry_events: { from: "telemetry_events", time: "timestamp", id: "id" },
  decisions: { from: "decision_entries", time: "timestamp", id: "event_id" },
  traces: { from: "traces", time: "start_time", id: "id" },
  system_metrics: { from: "system_records", time: "metric_timestamp", id: "event_id" },
  business_metrics: { from: "business_metrics", time: "metric_timestamp", id: "event_id" },
};

/** A point of a minute changes as long as something comes to it: all of them are looked at. Hashes are summed up: their order is no matter. */
const POINTS = `SELECT concat(count(*), ' ', coalesce(sum(hashtextextended(concat_ws(' ', bucket, series, value, count), 0)), 0)) AS state
  FROM metric_points WHERE to_timestamp(bucket) >= date_trunc('minute', $start::timestamptz, 'UTC') AND to_timestamp(bucket) <= $end`;

/** See `StoreQueries`. Cost: the index entries of the range; of points their rows. */
export async function exportState(statements: Statements, table: SignalTable, range: TimeRange): Promise<string> {
  checkSignalTable(table);
  const bounds = boundsOf(rangeOf(range));
  const { from, time, id } = ROWS[table];
  const state = async (sql: string) => (await statements.get<{ state: string }>(sql, bounds))!.state;
  const rows = await state(
    `SELECT concat(count(*), ' ', coalesce(max(${id}), 0)) AS state FROM ${from} WHERE ${time} >= $start AND ${time} <= $end`,
  );
  return table === "system_metrics" ? `${rows} ${await state(POINTS)}` : rows;
}
