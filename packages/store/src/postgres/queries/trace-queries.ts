// One trace: its spans and its events.
import { toEvent } from "../../queries/event-rows.ts";
import { traceIdOf } from "../../queries/query-values.ts";
import { parentsFirst } from "../../queries/span-order.ts";
import { toSpan } from "../../queries/span-rows.ts";
import type { TraceDetail } from "../../store-queries.ts";
import { EVENT_COLUMNS, WITH_INSTANCE } from "./event-rows.ts";
import { oldestFirst, SPAN_COLUMNS } from "./span-columns.ts";
import type { Statements } from "./statements.ts";

/** A trace that has more is cut to its earliest. */
export const MAX_SPANS = 10_000;
const MAX_EVENTS = 10_000;

const SPANS = `SELECT ${SPAN_COLUMNS} FROM traces AS t LEFT JOIN instances AS i ON i.id = t.instance
  WHERE t.trace_id = $traceId ORDER BY ${oldestFirst("t")} LIMIT ${MAX_SPANS}`;
const EVENTS = `SELECT ${EVENT_COLUMNS} FROM telemetry_events AS e ${WITH_INSTANCE}
  WHERE e.trace_id = $traceId ORDER BY e.timestamp, e.id LIMIT ${MAX_EVENTS}`;

/** The earliest 10,000 spans and events. Cost: a step into two indexes of each day, and the rows of the trace. */
export async function trace(statements: Statements, traceIdText: string): Promise<TraceDetail> {
  const traceId = traceIdOf("traceId", traceIdText);
  const spans = await statements.lists(SPANS, { traceId });
  const events = await statements.lists(EVENTS, { traceId });
  return { spans: parentsFirst(spans.map(toSpan)), events: events.map(toEvent) };
}
