// What the rows of an export are like, in a line: whether there are others by now, without reading them.
import { createHash } from "node:crypto";
import { rangeOf } from "../../queries/event-scope.ts";
import { checkSignalTable } from "../../queries/export-cells.ts";
import type { TimeRange } from "../../store-queries.ts";
import type { SignalTable } from "../../warehouse/export-columns.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import { secondOf } from "./export-queries.ts";
import type { Statements } from "./statements.ts";

/** Rows that are added and removed, and never changed: an index of their times, and their ids, which rise with writing. */
interface GrowingRows {
  readonly from: string;
  readonly time: string;
  readonly id: string;
}

const ROWS: Readonly<Record<SignalTable, GrowingRows>> = {
  telemetry_events: { from: "telemetry_events INDEXED BY idx_timestamp", time: "timestamp", id: "id" },
  decisions: { from: "decision_entries", time: "timestamp", id: "event_id" },
  traces: { from: "traces INDEXED BY idx_traces_start", time: "start_time", id: "id" },
  system_metrics: {
    from: "system_records INDEXED BY idx_system_records_time",
    time: "metric_timestamp",
    id: "event_id",
  },
  business_metrics: {
    from: "business_metrics INDEXED BY idx_business_metrics_time",
    time: "metric_timestamp",
    id: "event_id",
  },
};

const PIECE_LENGTH = 65_536;

/** See `StoreQueries`. Cost: the index entries of the range, ten million in a second or two; of points their rows. */
export function exportState(statements: Statements, table: SignalTable, range: TimeRange): string {
  checkSignalTable(table);
  const { start = FIRST_TIMESTAMP, end = LAST_TIMESTAMP } = rangeOf(range);
  const { from, time, id } = ROWS[table];
  const { rows, last } = statements.get<{ rows: number; last: number }>(
    `SELECT count(*) AS rows, coalesce(max(${id}), 0) AS last FROM ${from} WHERE ${time} >= $start AND ${time} <= $end`,
    { start, end },
  )!;
  return `${rows} ${last}${table === "system_metrics" ? ` ${pointsState(statements, start, end)}` : ""}`;
}

/** A point of a minute changes as long as something comes to it: all of them are looked at. */
function pointsState(statements: Statements, start: string, end: string): string {
  const hash = createHash("sha256");
  let text = "";
  for (const row of statements.each(
    `SELECT bucket, series, value, count FROM metric_points INDEXED BY idx_metric_points_bucket
     WHERE bucket >= $from AND bucket <= $to ORDER BY bucket, series`,
    { from: secondOf(start, -Number.MAX_VALUE), to: secondOf(end, Number.MAX_VALUE) },
  )) {
    text += `${row.join(" ")}\n`;
    if (text.length < PIECE_LENGTH) continue;
    hash.update(text);
    text = "";
  }
  return hash.update(text).digest("base64url");
}
