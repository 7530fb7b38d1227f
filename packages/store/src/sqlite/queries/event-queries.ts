// Events: the newest, those that a poller has not seen, pages of a filter, one of them.

import { fromEventsJson } from "../../queries/event-json.ts";
import { toEvent } from "../../queries/event-rows.ts";
import { type EventScope, scopeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import type { EventFilter, EventPage, EventPageJson, EventsJson } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { countScope } from "./count-queries.ts";
import { EVENT_COLUMNS } from "./event-columns.ts";
import { readEventsJson } from "./event-json.ts";
import { pageParameters, pageQuery, walkIndexOf } from "./event-pages.ts";
import type { Statements } from "./statements.ts";

const FROM_EVENTS = "FROM telemetry_events AS e LEFT JOIN instances AS i ON i.id = e.instance";

/** Cost: reads `limit` rows. */
export function recentEvents(statements: Statements, limit: number, sinceId?: number): readonly StoredEvent[] {
  return fromEventsJson(recentEventsJson(statements, limit, sinceId));
}

/** {@link recentEvents} as text. */
export function recentEventsJson(statements: Statements, limit: number, sinceId?: number): EventsJson {
  wholeNumber("limit", limit, 1);
  if (sinceId === undefined) return readPage(statements, scopeOf({}), limit, 0);
  wholeNumber("sinceId", sinceId, 0);
  return readEventsJson(statements, `${FROM_EVENTS} WHERE e.id > $sinceId ORDER BY e.id LIMIT $limit`, {
    sinceId,
    limit,
  });
}

/**
 * Cost: a count, and a walk over the entries of one index as far as the end of the page; `limit` rows are read. With several filters the
 * walk is over the index that answers all of them, or over a filter that is so rare that its rows are read sooner.
 */
export function findEvents(statements: Statements, filter: EventFilter, limit: number, offset: number): EventPage {
  const page = findEventsJson(statements, filter, limit, offset);
  return { events: fromEventsJson(page), total: page.total };
}

/** {@link findEvents} as text. */
export function findEventsJson(
  statements: Statements,
  filter: EventFilter,
  limit: number,
  offset: number,
): EventPageJson {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const scope = scopeOf(filter);
  const total = countScope(statements, scope);
  // No further than the last that there is: beyond it a walk would go on to the end of the range.
  const here = Math.min(limit, total - offset);
  return { ...(here > 0 ? readPage(statements, scope, here, offset) : NOTHING), total };
}

/** Cost: reads a row. */
export function event(statements: Statements, id: number): StoredEvent | undefined {
  wholeNumber("id", id, 0);
  const [row] = statements.lists(`SELECT ${EVENT_COLUMNS} ${FROM_EVENTS} WHERE e.id = $id`, { id });
  return row && toEvent(row);
}

function readPage(statements: Statements, scope: EventScope, limit: number, offset: number): EventsJson {
  return readEventsJson(
    statements,
    `FROM (${pageQuery(scope, walkIndexOf(statements, scope))}) AS page
     CROSS JOIN telemetry_events AS e ON e.id = page.id LEFT JOIN instances AS i ON i.id = e.instance
     ORDER BY page.timestamp DESC, page.id DESC`,
    pageParameters(scope, limit, offset),
  );
}

const NOTHING: EventsJson = Object.freeze({ json: "[]", count: 0 });
