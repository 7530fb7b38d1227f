// The events of a trace, found by the filters that say which part of the events may hold them.

import { toEvent } from "../../queries/event-rows.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { mayHold } from "../trace-filter.ts";
import { EVENT_COLUMNS } from "./event-columns.ts";
import type { Statements } from "./statements.ts";

/**
 * Oldest first, `limit` at most. Cost: looks at the filters of all events, 4 KiB for 2,048 of them (those of 10 million take about 30 ms),
 * and reads the events of those that say yes.
 */
export function eventsOfTrace(statements: Statements, traceId: string, limit: number): readonly StoredEvent[] {
  const ranges: (readonly [number, number])[] = [];
  for (const [first, last, bits] of statements.each("SELECT first_id, last_id, bits FROM trace_filters"))
    if (mayHold(bits as Uint8Array, traceId)) ranges.push([Number(first), Number(last)]);
  // Filters of two writers may overlap: a row is there once all the same.
  const rows = statements.lists(
    `SELECT ${EVENT_COLUMNS} FROM telemetry_events AS e LEFT JOIN instances AS i ON i.id = e.instance
     WHERE e.id IN (SELECT o.id FROM json_each($ranges) AS r
       CROSS JOIN telemetry_events AS o ON o.id BETWEEN r.value ->> 0 AND r.value ->> 1 WHERE o.trace_id = $traceId)
     ORDER BY e.timestamp, e.id LIMIT $limit`,
    { ranges: JSON.stringify(ranges), traceId, limit },
  );
  return rows.map(toEvent);
}
