// Events: the newest, those that a poller has not seen, pages of a filter, one of them, text within them.
import { toEventsJson } from "../../queries/event-json.ts";
import { toEvent } from "../../queries/event-rows.ts";
import { type EventScope, scopeOf } from "../../queries/event-scope.ts";
import { requiredText, wholeNumber } from "../../queries/query-values.ts";
import type { EventFilter, EventPage, EventPageJson, EventSearch, EventsJson } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import type { Column, Connection } from "../connection.ts";
import { toText } from "../micros.ts";
import { idAt } from "../writing/row-ids.ts";
import { ofScope } from "./asking.ts";
import { countScope } from "./count-queries.ts";

/** The columns of an event, in the order of {@link StoredEvent}. */
export const EVENT_COLUMNS =
  "id, event_type, time_micros, run_id, symbol, data, TraceId, SpanId, SeverityNumber, instance_id, ServiceName, seq";
/** Rows that are asked for at a time: a page may end before the next of them are needed. */
const STEP = 500;
/** Events that a search looks at in one go: few at first, so that one that finds enough of them early ends early. */
const FIRST_GO = 2_000;
const LARGEST_GO = 50_000;
const GROWTH = 5;
const LONGEST_TEXT = 1_000;
const NOTHING: EventsJson = Object.freeze({ json: "[]", count: 0 });

/** A place in the order by time and id: what comes after it is older. */
interface Place {
  readonly micros: string;
  readonly id: string;
}

/** A row of {@link EVENT_COLUMNS} as it is read. */
export function toEventRow(row: readonly Column[]): Column[] {
  return row.map((value, i) =>
    i === 2 ? toText(value!) : i === 5 ? value : value === "" || value === "0" ? (i === 8 ? 0 : null) : value,
  );
}

/** Cost: reads `limit` rows from the end of the table; with `sinceId`, those parts of it whose ids are larger. */
export async function recentEventsJson(
  connection: Connection,
  pollLagMs: number,
  limit: number,
  sinceId?: number,
): Promise<EventsJson> {
  wholeNumber("limit", limit, 1);
  if (sinceId === undefined) return pageJson(connection, scopeOf({}), limit, 0);
  wholeNumber("sinceId", sinceId, 0);
  const settled = pollLagMs === 0 ? "1" : `id < ${idAt(Date.now() - pollLagMs)}`;
  const texts: string[] = [];
  let since: string | number = sinceId;
  let bytes = 0;
  for (let left = limit; left > 0 && bytes < ENOUGH_BYTES; left -= STEP) {
    const size = Math.min(left, STEP);
    const rows: readonly (readonly Column[])[] = await connection.lists(
      `SELECT ${EVENT_COLUMNS} FROM otel_logs WHERE id > ${since} AND ${settled} ORDER BY id LIMIT ${size}`,
    );
    for (const row of rows) bytes += texts[texts.push(toJson(row)) - 1]!.length;
    if (rows.length < size) break;
    since = String(rows.at(-1)![0]);
  }
  return toEventsJson(texts);
}

/** Cost: a count, and a walk over the range from its end as far as the page goes. */
export async function findEventsJson(
  connection: Connection,
  filter: EventFilter,
  limit: number,
  offset: number,
): Promise<EventPageJson> {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const scope = scopeOf(filter);
  const total = await countScope(connection, scope);
  // No further than the last that there is: beyond it a walk would go on to the end of the range.
  const here = Math.min(limit, total - offset);
  return { ...(here > 0 ? await pageJson(connection, scope, here, offset) : NOTHING), total };
}

/** Of texts that were put together here. */
export function eventsOfJson({ json }: EventsJson): readonly StoredEvent[] {
  return JSON.parse(json) as readonly StoredEvent[];
}

export async function findEvents(
  connection: Connection,
  filter: EventFilter,
  limit: number,
  offset: number,
): Promise<EventPage> {
  const page = await findEventsJson(connection, filter, limit, offset);
  return { events: eventsOfJson(page), total: page.total };
}

export async function event(connection: Connection, id: number): Promise<StoredEvent | undefined> {
  wholeNumber("id", id, 0);
  const [row] = await connection.lists(`SELECT ${EVENT_COLUMNS} FROM otel_logs WHERE id = ${id} LIMIT 1`);
  return row && toEvent(toEventRow(row));
}

/** The case of letters beyond ASCII matters. Cost: reads the data of up to `maxScanned` events. */
export async function searchEvents(
  connection: Connection,
  filter: EventFilter,
  text: string,
  limit: number,
  maxScanned: number,
): Promise<EventSearch> {
  const scope = scopeOf(filter);
  requiredText("text", text, LONGEST_TEXT);
  wholeNumber("limit", limit, 1);
  wholeNumber("maxScanned", maxScanned, 1);
  const found: string[] = [];
  let place: Place | undefined;
  let go = FIRST_GO;
  for (let left = maxScanned; left > 0; left -= go, go = Math.min(go * GROWTH, LARGEST_GO)) {
    const size = Math.min(left, go);
    // One more: whether anything is left.
    const looked = await lookFor(connection, scope, text, size + 1, place);
    for (const [i, { micros, id, isHit }] of looked.slice(0, size).entries()) {
      if (isHit) found.push(id);
      place = { micros, id };
      if (found.length < limit) continue;
      const isLast = i === looked.length - 1;
      return { events: await eventsOf(connection, found), searchedBackTo: isLast ? null : toText(micros) };
    }
    if (looked.length <= size) return { events: await eventsOf(connection, found), searchedBackTo: null };
  }
  return {
    events: await eventsOf(connection, found),
    searchedBackTo: place === undefined ? null : toText(place.micros),
  };
}

/** The newest that are older than a place, each with whether it has the text. */
async function lookFor(
  connection: Connection,
  scope: EventScope,
  text: string,
  size: number,
  place: Place | undefined,
) {
  const { sql, parameters } = ofScope(scope);
  // Within JSON quotes and backslashes are escaped. A text with NUL is nowhere else.
  const quoted = JSON.stringify(text).slice(1, -1);
  const plain = text.includes("\0") ? quoted : text;
  const hits = ["event_type", "symbol", "run_id", "data"].map(
    (column) => `positionCaseInsensitive(${column}, {plain:String}) > 0`,
  );
  const rows = await connection.lists(
    `SELECT time_micros, id, ${hits.join(" OR ")} OR positionCaseInsensitive(data, {quoted:String}) > 0
     FROM (SELECT time_micros, id, event_type, symbol, run_id, data FROM otel_logs WHERE ${sql} AND ${before(place)}
       ORDER BY time_micros DESC, id DESC LIMIT ${size}) ORDER BY time_micros DESC, id DESC`,
    { ...parameters, plain, quoted },
  );
  return rows.map(([micros, id, isHit]) => ({ micros: String(micros), id: String(id), isHit: Number(isHit) !== 0 }));
}

/** Events by their ids, newest first. */
async function eventsOf(connection: Connection, ids: readonly string[]): Promise<readonly StoredEvent[]> {
  if (ids.length === 0) return [];
  const rows = await connection.lists(
    `SELECT ${EVENT_COLUMNS} FROM otel_logs WHERE id IN (${ids.join(", ")}) ORDER BY time_micros DESC, id DESC LIMIT ${ids.length}`,
  );
  return rows.map((row) => toEvent(toEventRow(row)));
}

/** More than a page holds: what is beyond need not be read. */
const ENOUGH_BYTES = 40 * 1_048_576;

async function pageJson(connection: Connection, scope: EventScope, limit: number, offset: number): Promise<EventsJson> {
  const { sql, parameters } = ofScope(scope);
  const texts: string[] = [];
  let place: Place | undefined;
  let bytes = 0;
  for (let left = limit; left > 0 && bytes < ENOUGH_BYTES; left -= STEP) {
    const size = Math.min(left, STEP);
    const rows: readonly (readonly Column[])[] = await connection.lists(
      `SELECT ${EVENT_COLUMNS} FROM otel_logs WHERE ${sql} AND ${before(place)}
       ORDER BY time_micros DESC, id DESC LIMIT ${size} OFFSET ${place === undefined ? offset : 0}`,
      parameters,
    );
    for (const row of rows) bytes += texts[texts.push(toJson(row)) - 1]!.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) break;
    place = { micros: String(last[2]), id: String(last[0]) };
  }
  return toEventsJson(texts);
}

/** That a row comes after a place, newest first. */
function before(place: Place | undefined): string {
  if (place === undefined) return "1";
  const { micros, id } = place;
  return `time_micros <= ${micros} AND (time_micros, id) < (${micros}, ${id})`;
}

/** The JSON of an event; its data is text of JSON already. */
function toJson(row: readonly Column[]): string {
  const data = String(row[5]);
  const { data: _, ...event } = toEvent(toEventRow(row).with(5, "{}"));
  const isObject = data.startsWith("{");
  const { id, event_type, timestamp, run_id, symbol, ...rest } = event;
  const head = JSON.stringify({ id, event_type, timestamp, run_id, symbol });
  const text = isObject ? data : JSON.stringify({ unreadable: data });
  return `${head.slice(0, -1)},"data":${text},${JSON.stringify(rest).slice(1)}`;
}
