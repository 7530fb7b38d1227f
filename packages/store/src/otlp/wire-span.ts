// Spans in protobuf: Span, its events, links and status, of opentelemetry-proto 1.x, trace.proto.
import type { SpanInput } from "../store-input.ts";
import type { ItemList } from "./item-list.ts";
import { SpanDraft, type SpanPartDraft } from "./span-draft.ts";
import type { WireReader } from "./wire-reader.ts";
import type { WireItemReader } from "./wire-request.ts";
import { readWireAttribute } from "./wire-value.ts";

const TRACE_ID = 0x0a;
const SPAN_ID = 0x12;
const PARENT_SPAN_ID = 0x22;
const NAME = 0x2a;
const KIND = 0x30;
const START = 0x39;
const END = 0x41;
const ATTRIBUTES = 0x4a;
const DROPPED_ATTRIBUTES = 0x50;
const EVENTS = 0x5a;
const LINKS = 0x6a;
const STATUS = 0x7a;
const EVENT_TIME = 0x09;
const EVENT_NAME = 0x12;
const EVENT_ATTRIBUTES = 0x1a;
const EVENT_DROPPED = 0x20;
const LINK_TRACE_ID = 0x0a;
const LINK_SPAN_ID = 0x12;
const LINK_ATTRIBUTES = 0x22;
const LINK_DROPPED = 0x28;
const STATUS_MESSAGE = 0x12;
const STATUS_CODE = 0x18;

/** Makes the reader of spans. */
export function createWireSpanReader(list: ItemList<SpanInput>): WireItemReader {
  const { nowMicros, maxDepth } = list.settings;
  const draft = new SpanDraft(nowMicros);
  return (reader, end, { source, scope }) => {
    list.begin();
    draft.clear();
    readSpan(reader, end, draft, maxDepth);
    list.addOrReject(draft.toInput(source, scope));
  };
}

function readSpan(reader: WireReader, end: number, draft: SpanDraft, maxDepth: number): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === ATTRIBUTES) readWireAttribute(reader, reader.enter(end), draft.attributes, maxDepth);
    else if (tag === TRACE_ID) draft.traceId = reader.id(end, 16);
    else if (tag === SPAN_ID) draft.spanId = reader.id(end, 8);
    else if (tag === PARENT_SPAN_ID) draft.parentSpanId = reader.id(end, 8);
    else if (tag === NAME) draft.name = reader.text(end);
    else if (tag === KIND) draft.kind = reader.int32();
    else if (tag === START) draft.start(reader.instant(), reader.nanosRest);
    else if (tag === END) draft.end(reader.instant(), reader.nanosRest);
    else if (tag === EVENTS) readEvent(reader, reader.enter(end), draft, maxDepth);
    else if (tag === LINKS) readLink(reader, reader.enter(end), draft, maxDepth);
    else if (tag === STATUS) readStatus(reader, reader.enter(end), draft);
    else if (tag === DROPPED_ATTRIBUTES) draft.attributes.dropped += reader.uint64();
    else reader.skip(tag, end);
  }
}

function readEvent(reader: WireReader, end: number, draft: SpanDraft, maxDepth: number): void {
  const part: SpanPartDraft = draft.part.clear();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === EVENT_ATTRIBUTES) readWireAttribute(reader, reader.enter(end), part.attributes, maxDepth);
    else if (tag === EVENT_TIME) part.timeMicros = reader.instant();
    else if (tag === EVENT_NAME) part.name = reader.text(end);
    else if (tag === EVENT_DROPPED) part.attributes.dropped += reader.uint64();
    else reader.skip(tag, end);
  }
  reader.close(end);
  draft.addEvent();
}

function readLink(reader: WireReader, end: number, draft: SpanDraft, maxDepth: number): void {
  const part: SpanPartDraft = draft.part.clear();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === LINK_ATTRIBUTES) readWireAttribute(reader, reader.enter(end), part.attributes, maxDepth);
    else if (tag === LINK_TRACE_ID) part.traceId = reader.id(end, 16);
    else if (tag === LINK_SPAN_ID) part.spanId = reader.id(end, 8);
    else if (tag === LINK_DROPPED) part.attributes.dropped += reader.uint64();
    else reader.skip(tag, end);
  }
  reader.close(end);
  draft.addLink();
}

function readStatus(reader: WireReader, end: number, draft: SpanDraft): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === STATUS_MESSAGE) draft.statusMessage = reader.text(end);
    else if (tag === STATUS_CODE) draft.statusCode = reader.int32();
    else reader.skip(tag, end);
  }
  reader.close(end);
}
