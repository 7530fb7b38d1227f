// What is removed with what, and which counts are kept of it.
import { toTimestamp } from "@tracebook/core";
import { createMinuteOf } from "../minute-of.ts";
import type { CutPlan } from "./minute-cut.ts";

const OLDEST_EVENTS = "FROM telemetry_events WHERE timestamp < ? ORDER BY timestamp, id LIMIT ?";
const MINUTE_S = 60;

const BY_TEXT = {
  toTime: (second: number) => toTimestamp(second * 1e6),
  toMinute: (time: string | number) => createMinuteOf()(String(time)),
};
const BY_BUCKET = {
  toTime: (second: number) => second,
  toMinute: (time: string | number) => Math.floor(Number(time) / MINUTE_S) * MINUTE_S,
};

export const EVENT_CUT: CutPlan = {
  name: "events",
  nth: "SELECT timestamp AS at FROM telemetry_events WHERE timestamp < ? ORDER BY timestamp LIMIT 1 OFFSET ?",
  removals: [
    {
      counted: "decisions",
      sql: `DELETE FROM decision_entries WHERE (timestamp, event_id) IN (SELECT timestamp, id ${OLDEST_EVENTS})`,
    },
    { counted: "events", sql: `DELETE FROM telemetry_events WHERE id IN (SELECT id ${OLDEST_EVENTS})` },
  ],
  rollups: ["event_rollups", "reason_rollups", "confidence_rollups"],
  ...BY_TEXT,
};

export const TRACE_CUT: CutPlan = {
  name: "traces",
  nth: "SELECT start_time AS at FROM traces WHERE start_time < ? ORDER BY start_time LIMIT 1 OFFSET ?",
  removals: [
    {
      counted: "spans",
      sql: "DELETE FROM traces WHERE id IN (SELECT id FROM traces WHERE start_time < ? ORDER BY start_time, id LIMIT ?)",
    },
  ],
  rollups: [],
  ...BY_TEXT,
};

export const METRIC_CUT: CutPlan = {
  name: "metrics",
  nth: "SELECT bucket AS at FROM metric_points WHERE bucket < ? ORDER BY bucket LIMIT 1 OFFSET ?",
  removals: [
    {
      counted: "metricPoints",
      sql: `DELETE FROM metric_points WHERE (series, bucket) IN
        (SELECT series, bucket FROM metric_points WHERE bucket < ? ORDER BY bucket, series LIMIT ?)`,
    },
  ],
  rollups: ["flow_rollups"],
  hours: "series",
  ...BY_BUCKET,
};

/** Records stay as long as metrics do: their events may be gone before. */
function recordCut(name: "system_records" | "business_metrics"): CutPlan {
  return {
    name,
    nth: `SELECT metric_timestamp AS at FROM ${name} WHERE metric_timestamp < ? ORDER BY metric_timestamp LIMIT 1 OFFSET ?`,
    removals: [
      {
        counted: "metricPoints",
        sql: `DELETE FROM ${name} WHERE event_id IN
          (SELECT event_id FROM ${name} WHERE metric_timestamp < ? ORDER BY metric_timestamp, event_id LIMIT ?)`,
      },
    ],
    rollups: [],
    ...(name === "system_records" && { hours: "records" }),
    ...BY_TEXT,
  };
}

export const RECORD_CUTS: readonly CutPlan[] = [recordCut("system_records"), recordCut("business_metrics")];
