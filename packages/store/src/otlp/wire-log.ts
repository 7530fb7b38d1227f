// Log records in protobuf: LogRecord of opentelemetry-proto 1.x, logs.proto.
import type { EventInput } from "../store-input.ts";
import { EventDraft } from "./event-draft.ts";
import type { ItemList } from "./item-list.ts";
import type { WireReader } from "./wire-reader.ts";
import type { WireItemReader } from "./wire-request.ts";
import { readWireAttribute, readWireValue } from "./wire-value.ts";

const TIME = 0x09;
const SEVERITY_NUMBER = 0x10;
const SEVERITY_TEXT = 0x1a;
const BODY = 0x2a;
const ATTRIBUTES = 0x32;
const DROPPED_ATTRIBUTES = 0x38;
const TRACE_ID = 0x4a;
const SPAN_ID = 0x52;
const OBSERVED_TIME = 0x59;
const EVENT_NAME = 0x62;

/** Makes the reader of log records. */
export function createWireLogReader(list: ItemList<EventInput>): WireItemReader {
  const { maxDepth } = list.settings;
  const draft = new EventDraft(list.settings);
  return (reader, end, { source }) => {
    list.begin();
    draft.clear();
    readLogRecord(reader, end, draft, maxDepth);
    list.add(draft.toInput(source));
  };
}

function readLogRecord(reader: WireReader, end: number, draft: EventDraft, maxDepth: number): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === ATTRIBUTES) readWireAttribute(reader, reader.enter(end), draft.attributes, maxDepth);
    else if (tag === TIME) draft.timeMicros = reader.instant();
    else if (tag === OBSERVED_TIME) draft.observedMicros = reader.instant();
    else if (tag === SEVERITY_NUMBER) draft.severityNumber = reader.int32();
    else if (tag === SEVERITY_TEXT) draft.severityText = reader.text(end);
    else if (tag === BODY) draft.body = readWireValue(reader, reader.enter(end), maxDepth);
    else if (tag === TRACE_ID) draft.traceId = reader.id(end, 16);
    else if (tag === SPAN_ID) draft.spanId = reader.id(end, 8);
    else if (tag === EVENT_NAME) draft.eventName = reader.text(end);
    else if (tag === DROPPED_ATTRIBUTES) draft.attributes.dropped += reader.uint64();
    else reader.skip(tag, end);
  }
}
