// What the data of the events at an end of a range say, where the counts of whole minutes do not reach.
import { toData } from "../../queries/event-rows.ts";
import type { Edge } from "../../queries/range-parts.ts";
import type { EventData } from "../../store-input.ts";
import { boundsOf } from "./event-scope.ts";
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

/** Those of one type. Cost: reads the rows of the edge, some us each. */
export async function fieldsAtEdge(
  statements: Statements,
  edge: Edge,
  { eventType, symbol, fields }: EdgeQuestion,
): Promise<readonly EdgeFields[]> {
  // A field that is not there is null, as one that is null. PostgreSQL refuses to look into data that has NUL somewhere: it comes whole.
  const pairs = fields
    .map((field) => `'"${field}":', coalesce((data_json -> '${field}')::text, 'null')`)
    .join(", ',', ");
  const rows = await statements.all<{ fields: string; count: number }>(
    `SELECT CASE WHEN position('\\u' IN data_json::text) = 0 THEN concat('{', ${pairs}, '}') ELSE data_json::text END AS fields,
       count(*) AS count FROM telemetry_events
     WHERE event_type = $eventType AND timestamp >= $start AND timestamp <= $end ${symbol === undefined ? "" : "AND symbol = $symbol"}
     GROUP BY 1`,
    { ...boundsOf(edge), eventType, symbol },
  );
  return rows.map((row) => ({ data: toData(row.fields), count: row.count }));
}
