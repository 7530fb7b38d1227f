// Spans in OTLP/JSON.
import type { SpanInput } from "../store-input.ts";
import type { ItemList } from "./item-list.ts";
import { SPAN_KINDS, STATUS_CODES } from "./json-enums.ts";
import { type JsonObject, type JsonReader, jsonField } from "./json-reader.ts";
import type { JsonItemReader, JsonLists } from "./json-request.ts";
import { readJsonAttributes } from "./json-value.ts";
import { SpanDraft, type SpanPartDraft } from "./span-draft.ts";

const TRACE_ID = jsonField("traceId");
const SPAN_ID = jsonField("spanId");
const PARENT_SPAN_ID = jsonField("parentSpanId");
const NAME = jsonField("name");
const KIND = jsonField("kind");
const START = jsonField("startTimeUnixNano");
const END = jsonField("endTimeUnixNano");
const ATTRIBUTES = jsonField("attributes");
const DROPPED_ATTRIBUTES = jsonField("droppedAttributesCount");
const EVENTS = jsonField("events");
const TIME = jsonField("timeUnixNano");
const LINKS = jsonField("links");
const STATUS = jsonField("status");
const MESSAGE = jsonField("message");
const CODE = jsonField("code");

/** The lists of a request of spans. */
export const JSON_SPAN_LISTS: JsonLists = Object.freeze({
  resources: jsonField("resourceSpans"),
  scopes: jsonField("scopeSpans"),
  items: jsonField("spans"),
});

/** Makes the reader of spans. */
export function createJsonSpanReader(list: ItemList<SpanInput>): JsonItemReader {
  const { nowMicros, maxDepth } = list.settings;
  const draft = new SpanDraft(nowMicros);
  return (reader, span, { source, scope }) => {
    list.begin();
    draft.clear();
    readSpan(reader, span, draft);
    readParts(reader, span, draft, maxDepth);
    list.addOrReject(draft.toInput(source, scope));
  };
}

function readSpan(reader: JsonReader, span: JsonObject, draft: SpanDraft): void {
  draft.traceId = reader.id(span, TRACE_ID, 16);
  draft.spanId = reader.id(span, SPAN_ID, 8);
  draft.parentSpanId = reader.id(span, PARENT_SPAN_ID, 8);
  draft.name = reader.text(span, NAME);
  draft.kind = reader.int32(span, KIND, SPAN_KINDS);
  const start = reader.instant(span, START);
  draft.start(start.micros, start.nanosRest);
  const end = reader.instant(span, END);
  draft.end(end.micros, end.nanosRest);
  reader.in(span, STATUS, (status) => {
    draft.statusCode = reader.int32(status, CODE, STATUS_CODES);
    draft.statusMessage = reader.text(status, MESSAGE);
  });
}

function readParts(reader: JsonReader, span: JsonObject, draft: SpanDraft, maxDepth: number): void {
  const attributesOf = (object: JsonObject, { attributes }: SpanDraft | SpanPartDraft): void => {
    readJsonAttributes(reader, object, ATTRIBUTES, attributes, maxDepth);
    attributes.dropped += reader.count(object, DROPPED_ATTRIBUTES);
  };
  attributesOf(span, draft);
  reader.forEach(span, EVENTS, (event) => {
    const part = draft.part.clear();
    part.name = reader.text(event, NAME);
    part.timeMicros = reader.instant(event, TIME).micros;
    attributesOf(event, part);
    draft.addEvent();
  });
  reader.forEach(span, LINKS, (link) => {
    const part = draft.part.clear();
    part.traceId = reader.id(link, TRACE_ID, 16);
    part.spanId = reader.id(link, SPAN_ID, 8);
    attributesOf(link, part);
    draft.addLink();
  });
}
