// What the data of the events at an end of a range say, where the counts of whole minutes do not reach.

import { toData } from "../../queries/event-rows.ts";
import type { Edge } from "../../queries/range-parts.ts";
import type { EventData } from "../../store-input.ts";
import type { Statements } from "./statements.ts";

/** Some fields of events, and how many events say the same. */
export interface EdgeFields {
  readonly data: EventData;
  readonly count: number;
}

/** Which events, and which of their fields: texts of code, never of a caller. */
export interface EdgeQuestion {
  readonly eventType: "signal_rejected" | "signal_generated";
  readonly symbol: string | undefined;
  readonly fields: readonly string[];
}

/** Those of one type; a damaged row has no fields. Cost: reads the rows of the edge, 2 us each. */
export function fieldsAtEdge(
  statements: Statements,
  edge: Edge,
  { eventType, symbol, fields }: EdgeQuestion,
): readonly EdgeFields[] {
  const pairs = fields.map((field) => `'${field}', data_json -> '$.${field}'`).join(", ");
  const rows = statements.all<{ fields: string; count: number }>(
    `SELECT CASE WHEN json_valid(data_json) THEN json_object(${pairs}) ELSE '{}' END AS fields, count(*) AS count
     FROM telemetry_events INDEXED BY idx_event_type
     WHERE event_type = $eventType AND timestamp >= $start AND timestamp <= $end AND ($symbol IS NULL OR symbol = $symbol)
     GROUP BY fields`,
    { ...edge, eventType, symbol },
  );
  return rows.map((row) => ({ data: toData(row.fields), count: row.count }));
}
