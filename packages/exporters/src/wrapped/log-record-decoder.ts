// Requests of logs, read back into the log records they were made of.
import type { AnyValue, Attributes, HrTime, SpanContext } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { readAnyValue, readKeyValue } from "./any-value.ts";
import { type DecodedScope, defineRequestReader } from "./request-entries.ts";
import type { MessageTable } from "./wire-reader.ts";

interface LogRecordDraft {
  hrTime: HrTime;
  hrTimeObserved: HrTime;
  severityNumber: number;
  severityText: string;
  /** Undefined until there is one: a body may be null. */
  body: AnyValue;
  attributes: Attributes;
  droppedAttributesCount: number;
  flags: number;
  traceId: string;
  spanId: string;
  eventName: string;
}

/** LogRecordFlags (opentelemetry-proto 1.x): the flags of W3C; the other bits are reserved. */
const TRACE_FLAGS = 0xff;

// Field numbers: opentelemetry-proto 1.x, logs/v1/logs.proto.
const LOG_RECORD: MessageTable<LogRecordDraft> = {
  1: (record, wire) => {
    record.hrTime = wire.time();
  },
  2: (record, wire) => {
    record.severityNumber = wire.uint();
  },
  3: (record, wire) => {
    record.severityText = wire.string();
  },
  5: (record, wire) => {
    record.body = readAnyValue(wire);
  },
  6: (record, wire) => readKeyValue(record.attributes, wire),
  7: (record, wire) => {
    record.droppedAttributesCount = wire.uint();
  },
  8: (record, wire) => {
    record.flags = wire.fixed32();
  },
  9: (record, wire) => {
    record.traceId = wire.hex();
  },
  10: (record, wire) => {
    record.spanId = wire.hex();
  },
  11: (record, wire) => {
    record.hrTimeObserved = wire.time();
  },
  12: (record, wire) => {
    record.eventName = wire.string();
  },
};
const readRequest = defineRequestReader(LOG_RECORD, beginLogRecord);

/**
 * The log records of an `ExportLogsServiceRequest` in its order; those of one entry share one resource and one scope object.
 * Throws an {@link OtlpDecodeError}.
 */
export function decodeLogRecords(bytes: Uint8Array): ReadableLogRecord[] {
  const records: ReadableLogRecord[] = [];
  for (const { resource, scopes } of readRequest(bytes))
    for (const { scope, items } of scopes) for (const item of items) records.push(toLogRecord(item, resource, scope));
  return records;
}

function beginLogRecord(): LogRecordDraft {
  return {
    hrTime: [0, 0],
    hrTimeObserved: [0, 0],
    severityNumber: 0,
    severityText: "",
    body: undefined,
    attributes: {},
    droppedAttributesCount: 0,
    flags: 0,
    traceId: "",
    spanId: "",
    eventName: "",
  };
}

function toLogRecord(draft: LogRecordDraft, resource: Resource, instrumentationScope: DecodedScope): ReadableLogRecord {
  const { severityNumber, severityText, body, eventName } = draft;
  const spanContext = toContext(draft);
  return {
    hrTime: draft.hrTime,
    hrTimeObserved: draft.hrTimeObserved,
    ...(spanContext === undefined ? {} : { spanContext }),
    ...(severityText === "" ? {} : { severityText }),
    ...(severityNumber === 0 ? {} : { severityNumber }),
    ...(body === undefined ? {} : { body }),
    ...(eventName === "" ? {} : { eventName }),
    resource,
    instrumentationScope,
    attributes: draft.attributes,
    droppedAttributesCount: draft.droppedAttributesCount,
  };
}

function toContext({ traceId, spanId, flags }: LogRecordDraft): SpanContext | undefined {
  if (traceId === "" && spanId === "" && flags === 0) return undefined;
  return { traceId, spanId, traceFlags: flags & TRACE_FLAGS };
}
