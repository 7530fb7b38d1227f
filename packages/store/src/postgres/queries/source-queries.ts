// Who writes into the store.
import { rangeOf } from "../../queries/event-scope.ts";
import type { StoreSource, TimeRange } from "../../store-queries.ts";
import { boundsOf } from "./event-scope.ts";
import { timeText } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

/** Nobody looks at more; a service that gives itself a new id with each start has thousands. */
const MAX_SOURCES = 1_000;

const SOURCES = `SELECT service_name, instance_id, ${timeText("last_timestamp")} AS "lastTimestamp", events, spans FROM instances
  WHERE last_timestamp >= $start AND first_timestamp <= $end
  ORDER BY last_timestamp DESC, service_name COLLATE "C" NULLS FIRST, instance_id COLLATE "C" NULLS FIRST LIMIT ${MAX_SOURCES}`;

/** The newest thousand. Cost: reads a row for each instance that ever wrote, and no rows of what it wrote. */
export async function sources(statements: Statements, range: TimeRange): Promise<readonly StoreSource[]> {
  return statements.all<StoreSource>(SOURCES, boundsOf(rangeOf(range)));
}
