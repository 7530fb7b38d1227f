// Events as a file of their own, in pieces.
import type { DatabaseSync } from "node:sqlite";
import { checkEventFormat } from "../../queries/event-pieces.ts";
import { toEvent } from "../../queries/event-rows.ts";
import { type EventScope, scopeOf } from "../../queries/event-scope.ts";
import type { ExportFormat } from "../../store.ts";
import type { EventFilter } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { EVENT_COLUMNS } from "../queries/event-columns.ts";
import { type EventPlace, walkIndexOf } from "../queries/event-pages.ts";
import { conditionsOf, FIRST_TIMESTAMP, parametersOf, timeOf } from "../queries/event-scope.ts";
import { Statements } from "../queries/statements.ts";
import { EVENT_FORMATS } from "./export-formats.ts";

const PIECE_LENGTH = 65_536;
const PAGE_ROWS = 1_000;
/** A page ends earlier when its data is as long as this: an event may be as large as a request. */
const PAGE_LENGTH = 4 * 1_048_576;
/** The place of `data_json` among the columns of an event. */
const DATA_COLUMN = 5;

/**
 * Yields the events of a filter in pieces of about 64 KiB, oldest first, as they were when it began: what is written meanwhile is not among
 * them, what is removed meanwhile may be missing.
 *
 * Nothing of the database is held between two pieces: a reader that is slow, or never comes back, holds up no checkpoint. Memory is
 * bounded by a page. Throws `invalid_query` at once, and what SQLite says. Cost: about 10 us an event.
 */
export function exportEvents(database: DatabaseSync, filter: EventFilter, format: ExportFormat): Generator<Buffer> {
  checkEventFormat(format);
  return pieces(new EventPages(database, scopeOf(filter)), format);
}

function* pieces(pages: EventPages, format: ExportFormat): Generator<Buffer> {
  const { head, tail, separator, write } = EVENT_FORMATS[format];
  let text = head;
  let isFirst = true;
  for (let events = pages.next(); events.length > 0; events = pages.next()) {
    for (const event of events) {
      if (!isFirst) text += separator;
      isFirst = false;
      text += write(event);
      if (text.length < PIECE_LENGTH) continue;
      yield Buffer.from(text);
      text = "";
    }
  }
  text += tail;
  if (text !== "") yield Buffer.from(text);
}

/** The events of a filter, a page at a time. A page begins behind the last event of the one before, however many have the same timestamp. */
class EventPages {
  readonly #statements: Statements;
  readonly #scope: EventScope;
  readonly #atSameTime: string;
  readonly #later: string;
  readonly #lastId: number;
  #after: EventPlace;

  constructor(database: DatabaseSync, scope: EventScope) {
    this.#statements = new Statements(database);
    this.#scope = scope;
    const index = walkIndexOf(this.#statements, scope);
    const time = `e.${timeOf(index)}`;
    const from = `SELECT ${EVENT_COLUMNS} FROM telemetry_events AS e INDEXED BY ${index}
      LEFT JOIN instances AS i ON i.id = e.instance WHERE ${time} <= $end AND e.id <= $lastId ${conditionsOf(scope)}`;
    this.#atSameTime = `${from} AND ${time} = $timestamp AND e.id > $id ORDER BY e.id LIMIT ${PAGE_ROWS}`;
    this.#later = `${from} AND ${time} > $timestamp ORDER BY ${time}, e.id LIMIT ${PAGE_ROWS}`;
    const newest = this.#statements.get<{ id: number | null }>("SELECT max(id) AS id FROM telemetry_events");
    this.#lastId = newest?.id ?? 0;
    this.#after = { timestamp: scope.start ?? FIRST_TIMESTAMP, id: 0 };
  }

  /** The next events; none when that was all. */
  next(): readonly StoredEvent[] {
    const same = this.#read(this.#atSameTime);
    return same.length > 0 ? same : this.#read(this.#later);
  }

  #read(sql: string): readonly StoredEvent[] {
    const events: StoredEvent[] = [];
    let length = 0;
    const { timestamp, id } = this.#after;
    for (const row of this.#statements.each(sql, {
      ...parametersOf(this.#scope),
      lastId: this.#lastId,
      timestamp,
      id,
    })) {
      events.push(toEvent(row));
      length += String(row[DATA_COLUMN]).length;
      if (length > PAGE_LENGTH) break;
    }
    this.#after = events.at(-1) ?? this.#after;
    return events;
  }
}
