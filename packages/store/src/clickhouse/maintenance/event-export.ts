// Events as a file of their own, in pieces.
import { checkEventFormat, toEventPieces } from "../../queries/event-pieces.ts";
import { toEvent } from "../../queries/event-rows.ts";
import { scopeOf } from "../../queries/event-scope.ts";
import type { ExportFormat } from "../../store.ts";
import type { EventFilter } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import type { Connection } from "../connection.ts";
import { ofScope } from "../queries/asking.ts";
import { EVENT_COLUMNS, toEventRow } from "../queries/event-queries.ts";

const PAGE_ROWS = 1_000;

/**
 * Yields the events of a filter in pieces of about 64 KiB, oldest first: what is written meanwhile is not among them. Memory is bounded by
 * a page. Rejects with `invalid_query`, and what the database says.
 */
export async function* exportEvents(
  connection: Connection,
  filter: EventFilter,
  format: ExportFormat,
): AsyncGenerator<Uint8Array> {
  checkEventFormat(format);
  yield* toEventPieces(pages(connection, filter), format);
}

/** A page begins behind the last event of the one before, however many have the same time. */
async function* pages(connection: Connection, filter: EventFilter): AsyncGenerator<readonly StoredEvent[]> {
  const { sql, parameters } = ofScope(scopeOf(filter));
  const [newest] = await connection.lists("SELECT max(id) FROM otel_logs");
  let place = "1";
  for (;;) {
    const rows = await connection.lists(
      `SELECT ${EVENT_COLUMNS} FROM otel_logs WHERE ${sql} AND ${place} AND id <= ${newest?.[0] ?? 0} ORDER BY time_micros, id LIMIT ${PAGE_ROWS}`,
      parameters,
    );
    yield rows.map((row) => toEvent(toEventRow(row)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    place = `time_micros >= ${last[2]} AND (time_micros, id) > (${last[2]}, ${last[0]})`;
  }
}
