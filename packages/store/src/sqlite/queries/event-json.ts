// Events as JSON, put together by SQLite: their data is stored as the text that it is handed on as.
import type { EventsJson } from "../../store-queries.ts";
import type { StoredEvent } from "../../stored-event.ts";
import type { Parameters, Statements } from "./statements.ts";

/** A page ends before it is larger, whatever number of events was asked for: an event may have 64 KiB, and those of a journal more. */
const MAX_PAGE_BYTES = 32 * 1_048_576;

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
  const events: string[] = [];
  let leftBytes = MAX_PAGE_BYTES;
  for (const [event] of statements.each(`SELECT ${EVENT_JSON} ${from}`, parameters)) {
    const json = String(event);
    leftBytes -= Buffer.byteLength(json);
    if (leftBytes < 0 && events.length > 0) break;
    events.push(json);
  }
  return { json: `[${events.join(",")}]`, count: events.length };
}

/** The events of such a text. Cost: about 2 us each. */
export function fromEventsJson({ json }: EventsJson): readonly StoredEvent[] {
  return JSON.parse(json) as readonly StoredEvent[];
}

/** A column as JSON; SQLite has no JSON for bytes, which only another program can have written there. */
function text(column: string): string {
  return `json_quote(CAST(${column} AS TEXT))`;
}
