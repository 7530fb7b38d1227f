// One trace: its spans and its events.
import type { TraceDetail } from "../../store-queries.ts";
import type { StoredSpan } from "../../stored-event.ts";
import { traceIdOf } from "./query-values.ts";
import { SPAN_COLUMNS, toSpan } from "./span-rows.ts";
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

/** Spans that began together: a clock of milliseconds says no more, and a parent is there before its children. */
function parentsFirst(spans: readonly StoredSpan[]): readonly StoredSpan[] {
  const depths = depthsOf(spans);
  // Sorting is stable: what is equal stays in the order of writing.
  return [...spans].sort(
    (a, b) => byStart(a, b) || (depths.get(a.span_id) as number) - (depths.get(b.span_id) as number),
  );
}

function byStart(a: StoredSpan, b: StoredSpan): number {
  if (a.start_time !== b.start_time) return a.start_time < b.start_time ? -1 : 1;
  return a.start_nanos - b.start_nanos;
}

/** How many ancestors each span has here. */
function depthsOf(spans: readonly StoredSpan[]): ReadonlyMap<string, number> {
  const parents = new Map(spans.map((span) => [span.span_id, span.parent_span_id]));
  const depths = new Map<string, number>();
  for (const { span_id: id } of spans) {
    const path: string[] = [];
    // Spans that name each other as parents are on the path already.
    const seen = new Set<string>();
    let at: string | null | undefined = id;
    while (typeof at === "string" && parents.has(at) && !depths.has(at) && !seen.has(at)) {
      path.push(at);
      seen.add(at);
      at = parents.get(at);
    }
    let depth = typeof at === "string" ? (depths.get(at) ?? -1) : -1;
    for (const one of path.reverse()) depths.set(one, ++depth);
  }
  return depths;
}
