// Text within events: the newest of a filter are looked at one after another, as many as the caller allows.
import { toEvent } from "../../queries/event-rows.ts";
import { type EventScope, scopeOf } from "../../queries/event-scope.ts";
import { requiredText, wholeNumber } from "../../queries/query-values.ts";
import type { EventFilter, EventSearch } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { type EventPlace, matching, matchingParameters, NEWEST_FIRST } from "./event-pages.ts";
import { EVENT_COLUMNS, WITH_INSTANCE } from "./event-rows.ts";
import type { Parameters, Statements } from "./statements.ts";

/** Events that are looked at in one go: a search that finds enough of them early ends early. */
const GO = 2_000;
const LONGEST_TEXT = 1_000;

/** In the collation C the letters of ASCII alone have a lower case. */
const HITS = `(${["event_type", "symbol", "run_id", "data_json::text"].map((column) => `lower(e.${column} COLLATE "C") LIKE $pattern`).join(" OR ")}
  OR lower(e.data_json::text COLLATE "C") LIKE $quoted)`;

/** What of a go comes back: what was found, and the last two places, of which the second tells whether anything is left. */
interface Looked {
  readonly found: readonly { readonly place: number; readonly event: StoredEvent }[];
  readonly last: EventPlace | undefined;
  readonly count: number;
}

/** The case of letters beyond ASCII matters. Cost: reads up to `maxScanned` rows, 100,000 in about half a second. */
export async function searchEvents(
  statements: Statements,
  filter: EventFilter,
  text: string,
  limit: number,
  maxScanned: number,
): Promise<EventSearch> {
  const scope = scopeOf(filter);
  requiredText("text", text, LONGEST_TEXT);
  wholeNumber("limit", limit, 1);
  wholeNumber("maxScanned", maxScanned, 1);
  // Within JSON quotes and backslashes are escaped.
  const patterns = { pattern: containing(text), quoted: containing(JSON.stringify(text).slice(1, -1)) };
  const events: StoredEvent[] = [];
  let last: EventPlace | undefined;
  for (let left = maxScanned; left > 0; left -= GO) {
    const size = Math.min(left, GO);
    const looked = await lookAt(statements, scope, last, { ...patterns, size });
    for (const { place, event } of looked.found) {
      events.push(event);
      const isLast = place === looked.count;
      if (events.length === limit) return { events, searchedBackTo: isLast ? null : event.timestamp };
    }
    if (looked.count <= size) return { events, searchedBackTo: null };
    last = looked.last;
  }
  return { events, searchedBackTo: last?.time ?? null };
}

async function lookAt(
  statements: Statements,
  scope: EventScope,
  before: EventPlace | undefined,
  parameters: Parameters & { readonly size: number },
): Promise<Looked> {
  const rows = await statements.lists(
    `WITH looked AS MATERIALIZED (
       SELECT e.*, ${HITS} AS is_hit, row_number() OVER (ORDER BY ${NEWEST_FIRST}) AS place, count(*) OVER () AS looked
       FROM (SELECT * FROM telemetry_events ${matching(scope, before)} ORDER BY timestamp DESC, id DESC LIMIT $size::bigint + 1) AS e
     )
     SELECT ${EVENT_COLUMNS}, e.is_hit::integer AS is_hit, e.place, e.looked FROM looked AS e ${WITH_INSTANCE}
     WHERE (e.is_hit AND e.place <= $size::bigint) OR e.place = $size::bigint ORDER BY ${NEWEST_FIRST}`,
    { ...matchingParameters(scope, before), ...parameters },
  );
  const end = rows.at(-1);
  return {
    found: rows.filter((row) => row[12] === 1).map((row) => ({ place: Number(row[13]), event: toEvent(row) })),
    last: end && { id: Number(end[0]), time: String(end[2]) },
    count: end === undefined ? 0 : Number(end[14]),
  };
}

/** A text with NUL is none that a column has; within JSON it is an escape. */
function containing(text: string): string | null {
  if (text.includes("\0")) return null;
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `%${lower.replace(/[\\%_]/g, "\\$&")}%`;
}
