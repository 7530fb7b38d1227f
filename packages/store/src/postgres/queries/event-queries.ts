// Events: the newest, those that a poller has not seen, pages of a filter, one of them.
import { fromEventsJson } from "../../queries/event-json.ts";
import { toEvent } from "../../queries/event-rows.ts";
import { type EventScope, scopeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import type { EventFilter, EventPage, EventPageJson, EventsJson } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { countScope } from "./count-queries.ts";
import { matching, matchingParameters, NEWEST_FIRST } from "./event-pages.ts";
import { EVENT_COLUMNS, readEventsJson, WITH_INSTANCE } from "./event-rows.ts";
import { pageStart } from "./page-start.ts";
import type { Statements } from "./statements.ts";

const NOTHING: EventsJson = Object.freeze({ json: "[]", count: 0 });

/** Cost: reads `limit` rows. */
export async function recentEvents(
  statements: Statements,
  limit: number,
  sinceId?: number,
): Promise<readonly StoredEvent[]> {
  return fromEventsJson(await recentEventsJson(statements, limit, sinceId));
}

/** {@link recentEvents} as text. Ids are given in the order of commit: whoever has seen one has seen all below it. */
export async function recentEventsJson(statements: Statements, limit: number, sinceId?: number): Promise<EventsJson> {
  wholeNumber("limit", limit, 1);
  if (sinceId === undefined) return readPage(statements, scopeOf({}), limit, 0);
  wholeNumber("sinceId", sinceId, 0);
  return readEventsJson(
    statements,
    "SELECT * FROM telemetry_events WHERE id > $sinceId ORDER BY id LIMIT $limit",
    "e.id",
    { sinceId, limit },
  );
}

/**
 * Cost: a count, and a walk over the entries of one index as far as the end of the page, from where the counts say that it is near; `limit`
 * rows are read.
 */
export async function findEvents(
  statements: Statements,
  filter: EventFilter,
  limit: number,
  offset: number,
): Promise<EventPage> {
  const page = await findEventsJson(statements, filter, limit, offset);
  return { events: fromEventsJson(page), total: page.total };
}

/** {@link findEvents} as text. */
export async function findEventsJson(
  statements: Statements,
  filter: EventFilter,
  limit: number,
  offset: number,
): Promise<EventPageJson> {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const scope = scopeOf(filter);
  const total = await countScope(statements, scope);
  // No further than the last that there is: beyond it a walk would go on to the end of the range.
  const here = Math.min(limit, total - offset);
  return { ...(here > 0 ? await readPage(statements, scope, here, offset) : NOTHING), total };
}

/** Cost: a step into an index of each day. */
export async function event(statements: Statements, id: number): Promise<StoredEvent | undefined> {
  wholeNumber("id", id, 0);
  const [row] = await statements.lists(
    `SELECT ${EVENT_COLUMNS} FROM telemetry_events AS e ${WITH_INSTANCE} WHERE e.id = $id`,
    { id },
  );
  return row && toEvent(row);
}

async function readPage(
  statements: Statements,
  given: EventScope,
  limit: number,
  givenOffset: number,
): Promise<EventsJson> {
  const { scope, offset } = await pageStart(statements, given, givenOffset);
  return readEventsJson(
    statements,
    `SELECT * FROM telemetry_events ${matching(scope)} ORDER BY timestamp DESC, id DESC LIMIT $limit OFFSET $offset`,
    NEWEST_FIRST,
    { ...matchingParameters(scope), limit, offset },
  );
}
