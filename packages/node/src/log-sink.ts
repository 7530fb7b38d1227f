// Event records as OpenTelemetry log records, on their way to the log exporter.
import type { Attributes, SeverityNumber, SpanContext } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Clock, Redactor } from "@tracebook/core";
import {
  boundAttributes,
  type EndedFlow,
  type EventRecord,
  type FlowSink,
  type RecordSink,
  toLogAttributes,
  traceIdToHex,
  wordsToHex,
} from "@tracebook/core/extension";
import { TRACEBOOK_SCOPE, toHrTime } from "./flow-spans.ts";
import { redactLogRecord } from "./redacted-signals.ts";

/** What the sink needs to know. */
export interface LogSinkOptions {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly resource: Resource;
  /** `kept`: records of a flow leave when its trace is kept; `all`: every record leaves; `none`: no event record does. */
  readonly records: "kept" | "all" | "none";
  readonly push: (record: ReadableLogRecord) => void;
  /** Hears of records that could not be taken. */
  readonly onDrop: (reason: "queue_full" | "unreadable", count: number) => void;
  readonly flush: () => Promise<void>;
}

/** A record sink, a flow sink, and the processor for the log records of loggers (pino, the API). */
export interface LogSink extends RecordSink, FlowSink {
  /** Hands over what waits for the end of the tick, now. */
  drain(): void;
  readonly processor: LogRecordProcessor;
}

const SEVERITY_TEXT: Readonly<Record<number, string>> = { 5: "DEBUG", 9: "INFO", 13: "WARN", 17: "ERROR" };

/** Records that may wait for the end of the tick; a burst beyond it is counted, never grown into. */
const MAX_WAITING = 16_384;

/** Makes the sink. Log records are built after the tick, in the exporter's batches. */
export function createLogSink(options: LogSinkOptions): LogSink {
  const queue: EventRecord[] = [];
  const send = (make: () => ReadableLogRecord): void => {
    try {
      options.push(make());
    } catch {
      // A payload of the host's that cannot be read: this record is lost, and nothing else.
      options.onDrop("unreadable", 1);
    }
  };
  let scheduled = false;
  const drain = (): void => {
    scheduled = false;
    for (const record of queue.splice(0)) send(() => toLogRecord(record, options));
  };
  return {
    drain,
    accept(record, held) {
      if (options.records === "none" || (held && options.records === "kept")) return;
      if (queue.length >= MAX_WAITING) return options.onDrop("queue_full", 1);
      queue.push(record);
      if (scheduled) return;
      scheduled = true;
      setImmediate(drain);
    },
    flowKept(flow: EndedFlow) {
      if (options.records === "kept") for (const record of flow.records) send(() => toLogRecord(record, options));
    },
    async flush() {
      drain();
      await options.flush();
    },
    async close() {
      drain();
      await options.flush();
    },
    processor: {
      onEmit: (record) => send(() => redactLogRecord(record, options.redactor)),
      enabled: () => true,
      forceFlush: options.flush,
      shutdown: options.flush,
    } as LogRecordProcessor,
  };
}

/** One event record as the log record that an exporter reads; its name is `trading.` and the event type. */
function toLogRecord(record: EventRecord, options: LogSinkOptions): ReadableLogRecord {
  const time = toHrTime(options.clock, record.timeMs);
  const { kind } = record;
  const attributes: Attributes =
    kind.toLogAttributes?.(record.payload, record, options.redactor) ??
    boundAttributes(toLogAttributes(record, undefined), options.redactor);
  attributes["trading.seq"] = record.seq;
  attributes["trading.run_id"] = options.redactor.text(record.runId);
  const made: ReadableLogRecord = {
    hrTime: time,
    hrTimeObserved: time,
    eventName: `trading.${record.kind.eventType}`,
    severityNumber: record.kind.severityNumber as SeverityNumber,
    severityText: SEVERITY_TEXT[record.kind.severityNumber] ?? "INFO",
    body: bodyOf(record, attributes),
    resource: options.resource,
    instrumentationScope: TRACEBOOK_SCOPE,
    attributes,
    droppedAttributesCount: 0,
  };
  return record.traced ? { ...made, spanContext: spanContextOf(record) } : made;
}

/** What a person reads in a log viewer: the event, and its reason where it has one. */
function bodyOf(record: EventRecord, attributes: ReadableLogRecord["attributes"]): string {
  const reason = attributes["trading.reason"] ?? attributes["exception.message"];
  return reason === undefined ? record.kind.eventType : `${record.kind.eventType}: ${String(reason)}`;
}

function spanContextOf(record: EventRecord): SpanContext {
  const traceId = traceIdToHex(record.trace0, record.trace1, record.trace2, record.trace3);
  return { traceId, spanId: wordsToHex(record.span0, record.span1), traceFlags: 0x3 };
}
