// Events as a file of their own, in pieces.
import { checkEventFormat, toEventPieces } from "../queries/event-pieces.ts";
import { type Column, toEvent } from "../queries/event-rows.ts";
import { type EventScope, scopeOf } from "../queries/event-scope.ts";
import type { ExportFormat } from "../store.ts";
import type { EventFilter } from "../store-queries.ts";
import type { StoredEvent } from "../stored-event.ts";
import { EVENT_COLUMNS } from "./queries/event-rows.ts";
import { boundsOf, conditionsOf, parametersOf } from "./queries/event-scope.ts";
import { Statements } from "./queries/statements.ts";
import type { SqlClient } from "./sql-client.ts";

const PAGE_ROWS = 500;

/**
 * Yields the events of a filter in pieces of about 64 KiB, oldest first, as they were when it began: what is written meanwhile is not among
 * them, what is removed meanwhile may be missing. Each page is a question of its own, so that a reader that is slow holds up neither a
 * clean-up of rows nor a new day. Throws `invalid_query` at once, and what the database says.
 */
export function exportEvents(client: SqlClient, filter: EventFilter, format: ExportFormat): AsyncGenerator<Uint8Array> {
  checkEventFormat(format);
  return toEventPieces(pages(new Statements(client), scopeOf(filter)), format);
}

/** A page begins behind the last event of the one before, however many have the same timestamp. */
async function* pages(statements: Statements, scope: EventScope): AsyncGenerator<readonly StoredEvent[]> {
  const newest = await statements.get<{ id: number }>("SELECT id FROM last_ids WHERE name = 'telemetry_events'");
  const parameters = { ...parametersOf(scope), lastId: newest?.id ?? 0 };
  let after: { readonly time: string; readonly id: number } = { time: boundsOf(scope).start, id: 0 };
  for (;;) {
    const rows = await statements.lists(
      `SELECT ${EVENT_COLUMNS} FROM (
         SELECT id, timestamp FROM telemetry_events WHERE timestamp >= $start AND timestamp <= $end AND id <= $lastId::bigint
           AND (timestamp, id) > ($afterTime::timestamptz, $afterId::bigint) ${conditionsOf(scope)}
         ORDER BY timestamp, id LIMIT ${PAGE_ROWS}
       ) AS page JOIN telemetry_events AS e ON e.timestamp = page.timestamp AND e.id = page.id
       LEFT JOIN instances AS i ON i.id = e.instance ORDER BY page.timestamp, page.id`,
      { ...parameters, start: after.time, afterTime: after.time, afterId: after.id },
    );
    if (rows.length === 0) return;
    const events = rows.map((row) => toEvent(row as readonly Column[]));
    yield events;
    const last = events.at(-1)!;
    after = { time: last.timestamp, id: last.id };
  }
}
