// The columns of an event, in the order in which a row is read, and its JSON.

import { toEventsJson } from "../../queries/event-json.ts";
import type { EventsJson } from "../../store-queries.ts";
import { timeText } from "./sql-texts.ts";
import type { Parameters, Statements } from "./statements.ts";

/** A page is not read much further than this: what it is cut to. */
const MAX_PAGE_BYTES = 32 * 1_048_576;

/** The columns of an event, of `telemetry_events` as `e` and `instances` as `i`. */
export const EVENT_COLUMNS = `e.id, e.event_type, ${timeText("e.timestamp")} AS time, e.run_id, e.symbol, e.data_json::text AS data,
  e.trace_id, e.span_id, e.severity_number, i.instance_id, i.service_name, e.seq`;

/** The events `e` of a page, with who wrote them. */
export const WITH_INSTANCE = "LEFT JOIN instances AS i ON i.id = e.instance";

/** The JSON of an event: the fields of {@link StoredEvent}, in its order; its data is the text that is stored. */
const EVENT_JSON = `concat('{"id":', e.id, ',"event_type":', ${text("e.event_type")}, ',"timestamp":"', ${timeText("e.timestamp")},
  '","run_id":', ${text("e.run_id")}, ',"symbol":', ${text("e.symbol")}, ',"data":', e.data_json::text,
  ',"trace_id":', ${text("e.trace_id")}, ',"span_id":', ${text("e.span_id")}, ',"severity_number":', e.severity_number,
  ',"instance_id":', ${text("i.instance_id")}, ',"service_name":', ${text("i.service_name")},
  ',"seq":', coalesce(e.seq::text, 'null'), '}')`;

/**
 * Reads the events of a query in an order of theirs, as far as there is room: what is beyond it is not even sent. Each part of the table is
 * looked into once: a plan that names all of them twice would take longer to make than to run. Cost: about 10 us each.
 */
export async function readEventsJson(
  statements: Statements,
  page: string,
  order: string,
  parameters: Parameters,
): Promise<EventsJson> {
  const rows = await statements.all<{ json: string }>(
    `SELECT ${EVENT_JSON} AS json FROM (
       SELECT e.*, sum(octet_length(e.data_json::text)) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - octet_length(e.data_json::text) AS before
       FROM (${page}) AS e
     ) AS e ${WITH_INSTANCE} WHERE e.before <= ${MAX_PAGE_BYTES} ORDER BY ${order}`,
    parameters,
  );
  return toEventsJson(rows.map((row) => row.json));
}

function text(column: string): string {
  return `coalesce(to_json(${column})::text, 'null')`;
}
