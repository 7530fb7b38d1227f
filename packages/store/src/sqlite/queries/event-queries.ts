// Events: the newest, those that a poller has not seen, pages of a filter, one of them.
import type { EventFilter, EventPage } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { countScope } from "./count-queries.ts";
import { pageParameters, pageQuery, walkIndexOf } from "./event-pages.ts";
import { EVENT_COLUMNS, type PackedEvents, packEvents, toEvent } from "./event-rows.ts";
import { type EventScope, scopeOf } from "./event-scope.ts";
import { wholeNumber } from "./query-values.ts";
import type { Column, Statements } from "./statements.ts";

type Rows = readonly (readonly Column[])[];

const FROM_EVENTS = "FROM telemetry_events AS e LEFT JOIN instances AS i ON i.id = e.instance";

/** A page of events on its way to another thread. */
export interface PackedPage {
  readonly events: PackedEvents;
  readonly total: number;
}

/** Cost: reads `limit` rows. */
export function recentEvents(statements: Statements, limit: number, sinceId?: number): readonly StoredEvent[] {
  return recentRows(statements, limit, sinceId).map(toEvent);
}

/** {@link recentEvents} on their way to another thread. */
export function packedRecent(statements: Statements, limit: number, sinceId?: number): PackedEvents {
  return packEvents(recentRows(statements, limit, sinceId));
}

/**
 * Cost: a count, and a walk over the entries of one index as far as the end of the page; `limit` rows are read. With several filters the
 * walk is over the index that answers all of them, or over a filter that is so rare that its rows are read sooner.
 */
export function findEvents(statements: Statements, filter: EventFilter, limit: number, offset: number): EventPage {
  const { rows, total } = findRows(statements, filter, limit, offset);
  return { events: rows.map(toEvent), total };
}

/** {@link findEvents} on their way to another thread. */
export function packedPage(statements: Statements, filter: EventFilter, limit: number, offset: number): PackedPage {
  const { rows, total } = findRows(statements, filter, limit, offset);
  return { events: packEvents(rows), total };
}

/** Cost: reads a row. */
export function event(statements: Statements, id: number): StoredEvent | undefined {
  wholeNumber("id", id, 0);
  const [row] = statements.lists(`SELECT ${EVENT_COLUMNS} ${FROM_EVENTS} WHERE e.id = $id`, { id });
  return row && toEvent(row);
}

function recentRows(statements: Statements, limit: number, sinceId: number | undefined): Rows {
  wholeNumber("limit", limit, 1);
  if (sinceId === undefined) return readPage(statements, scopeOf({}), limit, 0);
  wholeNumber("sinceId", sinceId, 0);
  return statements.lists(`SELECT ${EVENT_COLUMNS} ${FROM_EVENTS} WHERE e.id > $sinceId ORDER BY e.id LIMIT $limit`, {
    sinceId,
    limit,
  });
}

function findRows(statements: Statements, filter: EventFilter, limit: number, offset: number) {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const scope = scopeOf(filter);
  const total = countScope(statements, scope);
  // No further than the last that there is: beyond it a walk would go on to the end of the range.
  const here = Math.min(limit, total - offset);
  return { rows: here > 0 ? readPage(statements, scope, here, offset) : [], total };
}

function readPage(statements: Statements, scope: EventScope, limit: number, offset: number): Rows {
  return statements.lists(
    `SELECT ${EVENT_COLUMNS} FROM (${pageQuery(scope, walkIndexOf(statements, scope))}) AS page
     CROSS JOIN telemetry_events AS e ON e.id = page.id LEFT JOIN instances AS i ON i.id = e.instance
     ORDER BY page.timestamp DESC, page.id DESC`,
    pageParameters(scope, limit, offset),
  );
}
