// Text within events: the newest of a filter are looked at one after another, as many as the caller allows.

import { toEvent } from "../../queries/event-rows.ts";
import { scopeOf } from "../../queries/event-scope.ts";
import { requiredText, wholeNumber } from "../../queries/query-values.ts";
import type { EventFilter, EventSearch } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { EVENT_COLUMNS } from "./event-columns.ts";
import { type EventPlace, pageParameters, pageQuery, walkIndexOf } from "./event-pages.ts";
import type { Statements } from "./statements.ts";

/** Events that are looked at in one go: a search that finds enough of them early ends early. */
const GO = 1_000;
const LONGEST_TEXT = 1_000;

const MATCHING = `SELECT ${EVENT_COLUMNS} FROM telemetry_events AS e LEFT JOIN instances AS i ON i.id = e.instance
  WHERE e.id IN (SELECT value FROM json_each($ids)) AND (e.event_type LIKE $pattern ESCAPE '\\' OR e.symbol LIKE $pattern ESCAPE '\\'
    OR e.run_id LIKE $pattern ESCAPE '\\' OR e.data_json LIKE $pattern ESCAPE '\\' OR e.data_json LIKE $quoted ESCAPE '\\')`;

/** The case of letters beyond ASCII matters. Cost: reads up to `maxScanned` rows, 100,000 in about half a second. */
export function searchEvents(
  statements: Statements,
  filter: EventFilter,
  text: string,
  limit: number,
  maxScanned: number,
): EventSearch {
  const scope = scopeOf(filter);
  requiredText("text", text, LONGEST_TEXT);
  wholeNumber("limit", limit, 1);
  wholeNumber("maxScanned", maxScanned, 1);
  const index = walkIndexOf(statements, scope);
  const found: StoredEvent[] = [];
  let place: EventPlace | undefined;
  for (let left = maxScanned; left > 0; left -= GO) {
    const size = Math.min(left, GO);
    // One more: whether anything is left.
    const places = statements.all<EventPlace>(pageQuery(scope, index), pageParameters(scope, size + 1, 0, place));
    const looked = places.slice(0, size);
    const matching = matchesAmong(statements, looked, text);
    for (const [i, one] of looked.entries()) {
      const match = matching.get(one.id);
      if (match !== undefined) found.push(match);
      const isLast = i === looked.length - 1 && places.length <= size;
      if (found.length === limit) return { events: found, searchedBackTo: isLast ? null : one.timestamp };
    }
    if (places.length <= size) return { events: found, searchedBackTo: null };
    place = looked.at(-1);
  }
  return { events: found, searchedBackTo: place?.timestamp ?? null };
}

function matchesAmong(
  statements: Statements,
  places: readonly EventPlace[],
  text: string,
): ReadonlyMap<number, StoredEvent> {
  const rows = statements.lists(MATCHING, {
    ids: JSON.stringify(places.map((place) => place.id)),
    pattern: containing(text),
    // Within JSON quotes and backslashes are escaped.
    quoted: containing(JSON.stringify(text).slice(1, -1)),
  });
  return new Map(rows.map(toEvent).map((event) => [event.id, event]));
}

/** A text behind NUL would not be looked at; none of the columns has one. */
function containing(text: string): string | undefined {
  return text.includes("\0") ? undefined : `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
