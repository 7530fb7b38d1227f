// The columns of a decision, in the order in which a row is read.
import { timeText } from "./sql-texts.ts";

/** The columns of a decision, of `decision_entries`, or a walk over them, as `page`, and of `telemetry_events` as `e`. */
export const DECISION_COLUMNS = `page.event_id, ${timeText("page.timestamp")} AS time, page.decision, page.reason_code, page.strategy, page.symbol,
  page.edge_unit, e.trace_id, e.run_id, e.data_json::text AS data`;

/** The event of `page`. */
export const WITH_EVENT = "LEFT JOIN telemetry_events AS e ON e.timestamp = page.timestamp AND e.id = page.event_id";
