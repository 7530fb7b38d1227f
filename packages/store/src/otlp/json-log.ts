// Log records in OTLP/JSON.
import type { EventInput } from "../store-input.ts";
import { EventDraft } from "./event-draft.ts";
import type { ItemList } from "./item-list.ts";
import { SEVERITY_NUMBERS } from "./json-enums.ts";
import { jsonField } from "./json-reader.ts";
import type { JsonItemReader, JsonLists } from "./json-request.ts";
import { readJsonAttributes, readJsonValue } from "./json-value.ts";

const TIME = jsonField("timeUnixNano");
const OBSERVED_TIME = jsonField("observedTimeUnixNano");
const SEVERITY_NUMBER = jsonField("severityNumber");
const SEVERITY_TEXT = jsonField("severityText");
const BODY = jsonField("body");
const ATTRIBUTES = jsonField("attributes");
const DROPPED_ATTRIBUTES = jsonField("droppedAttributesCount");
const TRACE_ID = jsonField("traceId");
const SPAN_ID = jsonField("spanId");
const EVENT_NAME = jsonField("eventName");

/** The lists of a request of logs. */
export const JSON_LOG_LISTS: JsonLists = Object.freeze({
  resources: jsonField("resourceLogs"),
  scopes: jsonField("scopeLogs"),
  items: jsonField("logRecords"),
});

/** Makes the reader of log records. */
export function createJsonLogReader(list: ItemList<EventInput>): JsonItemReader {
  const { maxDepth } = list.settings;
  const draft = new EventDraft(list.settings);
  return (reader, record, { source }) => {
    list.begin();
    draft.clear();
    draft.timeMicros = reader.instant(record, TIME).micros;
    draft.observedMicros = reader.instant(record, OBSERVED_TIME).micros;
    draft.severityNumber = reader.int32(record, SEVERITY_NUMBER, SEVERITY_NUMBERS);
    draft.severityText = reader.text(record, SEVERITY_TEXT);
    draft.body = readJsonValue(reader, record, BODY, maxDepth);
    readJsonAttributes(reader, record, ATTRIBUTES, draft.attributes, maxDepth);
    draft.attributes.dropped += reader.count(record, DROPPED_ATTRIBUTES);
    draft.traceId = reader.id(record, TRACE_ID, 16);
    draft.spanId = reader.id(record, SPAN_ID, 8);
    draft.eventName = reader.text(record, EVENT_NAME);
    list.add(draft.toInput(source));
  };
}
