// Counts the rows of a store anew, and shows the counts that are kept: both must be the same, always.
import type { DatabaseSync } from "node:sqlite";
import { RESOLUTIONS } from "../src/resolutions.ts";
import { FLOW_OUTCOMES } from "../src/sqlite/metric-writer.ts";
import { confidenceOf, rejectionOf, textOf } from "../src/sqlite/signal-fields.ts";
import type { EventData } from "../src/store-input.ts";
import { rowsOf } from "./rows-of.ts";

type Counts = Record<string, Record<string, number>>;

/** By table, then by the texts of the key. */
export function keptCounts(database: DatabaseSync): Counts {
  const counts: Counts = {};
  for (const [table, keys] of Object.entries(KEYS)) {
    const kept: Record<string, number> = {};
    for (const row of rowsOf(database, `SELECT * FROM ${table}`)) {
      const key = ["resolution", "bucket", ...keys].map((name) => row[name]).join("|");
      kept[key] = Number(row["count"]);
      if ("sum" in row) kept[`${key}|sum`] = Number(row["sum"]);
    }
    counts[table] = kept;
  }
  return counts;
}

/** The same from the rows. Of rejections: as long as there are no more sentences than are told apart, and none is too long. */
export function recount(database: DatabaseSync): Counts {
  const counts: Counts = Object.fromEntries(Object.keys(KEYS).map((table) => [table, {}]));
  const add = (table: string, second: number, keys: readonly unknown[], count: number, sum?: number): void => {
    for (const resolution of RESOLUTIONS) {
      const bucket = Math.floor(second / resolution) * resolution;
      const told = table === "event_rollups" && resolution !== RESOLUTIONS[0] ? [...keys.slice(0, 2), ""] : keys;
      const key = [resolution, bucket, ...told].join("|");
      const into = counts[table]!;
      into[key] = (into[key] ?? 0) + count;
      if (sum !== undefined) into[`${key}|sum`] = (into[`${key}|sum`] ?? 0) + sum;
    }
  };
  for (const row of rowsOf(database, "SELECT * FROM telemetry_events")) {
    const second = Math.floor(Date.parse(String(row["timestamp"])) / 1000);
    const type = String(row["event_type"]);
    const symbol = row["symbol"] ?? "";
    const data = JSON.parse(String(row["data_json"])) as EventData;
    const strategy = textOf(data["strategy"]) ?? "";
    add("event_rollups", second, [type, symbol, row["run_id"] ?? ""], 1);
    if (type === "decision") {
      const keys = [
        type,
        textOf(data["decision"]) ?? "",
        textOf(data["reason_code"]) ?? "no_reason",
        "",
        strategy,
        symbol,
      ];
      add("reason_rollups", second, keys, 1);
    } else if (type === "signal_rejected") {
      const { reasonCode, reason } = rejectionOf(data);
      add("reason_rollups", second, [type, "", reasonCode, reason, strategy, symbol], 1);
    } else if (type === "signal_generated") {
      const confidence = confidenceOf(data);
      if (confidence !== undefined) add("confidence_rollups", second, [symbol, confidence.bin], 1, confidence.score);
    }
  }
  const points = `SELECT bucket, value, labels_json FROM metric_points JOIN metric_series ON id = series WHERE name = '${FLOW_OUTCOMES}' AND value <> 0`;
  for (const row of rowsOf(database, points)) {
    const labels = JSON.parse(String(row["labels_json"])) as Record<string, string>;
    add(
      "flow_rollups",
      Number(row["bucket"]),
      KEYS.flow_rollups.map((name) => labels[name] ?? ""),
      Number(row["value"]),
    );
  }
  return counts;
}

const KEYS = {
  event_rollups: ["event_type", "symbol", "run_id"],
  reason_rollups: ["event_type", "decision", "reason_code", "reason", "strategy", "symbol"],
  confidence_rollups: ["symbol", "score_bin"],
  flow_rollups: ["flow", "stage", "reason_code", "strategy", "symbol"],
} as const;
