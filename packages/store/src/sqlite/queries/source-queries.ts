// Who writes into the store.

import { rangeOf } from "../../queries/event-scope.ts";
import type { StoreSource, TimeRange } from "../../store-queries.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import type { Statements } from "./statements.ts";

/** Nobody looks at more; a service that gives itself a new id with each start has thousands. */
const MAX_SOURCES = 1_000;

const SOURCES = `SELECT service_name, instance_id, last_timestamp AS lastTimestamp, events, spans FROM instances
  WHERE last_timestamp >= $start AND first_timestamp <= $end
  ORDER BY last_timestamp DESC, service_name, instance_id LIMIT ${MAX_SOURCES}`;

/** The newest thousand. Cost: reads a row for each instance that ever wrote, and no rows of what it wrote. */
export function sources(statements: Statements, range: TimeRange): readonly StoreSource[] {
  const { start = FIRST_TIMESTAMP, end = LAST_TIMESTAMP } = rangeOf(range);
  return statements.all<StoreSource>(SOURCES, { start, end }).map((row) => ({ ...row }));
}
