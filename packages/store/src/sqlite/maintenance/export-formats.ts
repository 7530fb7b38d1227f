// How exported events are written.
import type { ExportFormat } from "../../store.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { toCsvCell } from "./csv-cell.ts";

/** A way to write events, in pieces that are put one behind the other. */
export interface EventFormat {
  readonly head: string;
  readonly tail: string;
  /** Between two events. */
  readonly separator: string;
  readonly write: (event: StoredEvent) => string;
}

/** The columns of S0's export. */
const CSV_COLUMNS = "event_type,timestamp,symbol,data";

/** All of them. JSON and NDJSON have every field that the API has; an event is one line, whatever it holds. */
export const EVENT_FORMATS: Readonly<Record<ExportFormat, EventFormat>> = {
  json: { head: "[\n", tail: "\n]\n", separator: ",\n", write: (event) => JSON.stringify(event) },
  ndjson: { head: "", tail: "", separator: "", write: (event) => `${JSON.stringify(event)}\n` },
  csv: {
    head: `${CSV_COLUMNS}\r\n`,
    tail: "",
    separator: "",
    write: ({ event_type, timestamp, symbol, data }) =>
      `${[event_type, timestamp, symbol ?? "", JSON.stringify(data)].map(toCsvCell).join(",")}\r\n`,
  },
};
