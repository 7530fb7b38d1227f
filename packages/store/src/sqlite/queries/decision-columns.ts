// The columns of a decision, in the order in which a row is read.

/** What a walk gives of `decision_entries`. */
export const ENTRY_COLUMNS = "event_id, timestamp, decision, reason_code, strategy, symbol, edge_unit";

/** The columns of a decision, of `decision_entries`, or a walk over them, by the name of `entry`, and of `telemetry_events` as `e`. */
export function decisionColumns(entry: "d" | "page"): string {
  const own = ENTRY_COLUMNS.split(", ").map((column) => `${entry}.${column}`);
  return [...own, "e.trace_id", "e.run_id", "e.data_json"].join(", ");
}
