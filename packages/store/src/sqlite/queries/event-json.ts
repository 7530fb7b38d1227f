// Events as JSON, put together by SQLite: their data is stored as the text that it is handed on as.

import { toEventsJson } from "../../queries/event-json.ts";
import type { Column } from "../../queries/event-rows.ts";
import type { EventsJson } from "../../store-queries.ts";
import type { Parameters, Statements } from "./statements.ts";

const DATA = "e.data_json";
/** What is no object could not be read, and is given as it is: one damaged row must not take a page with it. */
const DATA_JSON = `CASE WHEN typeof(${DATA}) = 'text' AND json_valid(${DATA}) AND ltrim(${DATA}, char(9, 10, 13, 32)) GLOB '{*'
  THEN ${DATA} ELSE json_object('unreadable', CAST(${DATA} AS TEXT)) END`;

/** The JSON of an event, of `telemetry_events` as `e` and `instances` as `i`: the fields of {@link StoredEvent}, in its order. */
const EVENT_JSON = `concat('{"id":', e.id, ',"event_type":', ${text("e.event_type")}, ',"timestamp":', ${text("e.timestamp")},
  ',"run_id":', ${text("e.run_id")}, ',"symbol":', ${text("e.symbol")}, ',"data":', ${DATA_JSON},
  ',"trace_id":', ${text("e.trace_id")}, ',"span_id":', ${text("e.span_id")},
  ',"severity_number":', CAST(e.severity_number AS INTEGER), ',"instance_id":', ${text("i.instance_id")},
  ',"service_name":', ${text("i.service_name")}, ',"seq":', coalesce(CAST(e.seq AS INTEGER), 'null'), '}')`;

/** Reads the events of `from`, which names their tables `e` and `i`, as far as there is room. Cost: about 3 us each. */
export function readEventsJson(statements: Statements, from: string, parameters: Parameters): EventsJson {
  return toEventsJson(firstColumns(statements.each(`SELECT ${EVENT_JSON} ${from}`, parameters)));
}

function* firstColumns(rows: Iterable<readonly Column[]>): Iterable<string> {
  for (const [first] of rows) yield String(first);
}

/** A column as JSON; SQLite has no JSON for bytes, which only another program can have written there. */
function text(column: string): string {
  return `json_quote(CAST(${column} AS TEXT))`;
}
