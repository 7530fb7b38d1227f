// One trace: its spans and its events.

import { traceIdOf } from "../../queries/query-values.ts";
import { parentsFirst } from "../../queries/span-order.ts";
import { toSpan } from "../../queries/span-rows.ts";
import type { TraceDetail } from "../../store-queries.ts";
import { SPAN_COLUMNS } from "./span-columns.ts";
import type { Statements } from "./statements.ts";
import { eventsOfTrace } from "./trace-events.ts";

/** A trace that has more is cut to its earliest. */
export const MAX_SPANS = 10_000;
const MAX_EVENTS = 10_000;

/** The earliest 10,000 spans and events. Cost: reads the rows of the trace. */
export function trace(statements: Statements, traceIdText: string): TraceDetail {
  const traceId = traceIdOf("traceId", traceIdText);
  const rows = statements.lists(
    `SELECT ${SPAN_COLUMNS} FROM (
       SELECT id FROM traces WHERE trace_id = $traceId ORDER BY start_time, start_nanos, id LIMIT $limit
     ) AS page CROSS JOIN traces AS t ON t.id = page.id LEFT JOIN instances AS i ON i.id = t.instance
     ORDER BY t.start_time, t.start_nanos, t.id`,
    { traceId, limit: MAX_SPANS },
  );
  return { spans: parentsFirst(rows.map(toSpan)), events: eventsOfTrace(statements, traceId, MAX_EVENTS) };
}
