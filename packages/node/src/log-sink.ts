// Event records as OpenTelemetry log records, on their way to the log exporter.
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Redactor } from "@tracebook/core";
import type { EndedFlow, EventRecord, FlowSink, RecordSink } from "@tracebook/core/extension";
import { redactLogRecord } from "./redacted-signals.ts";

/** What the sink needs to know. */
export interface LogSinkOptions {
  readonly redactor: Redactor;
  /** `kept`: records of a flow leave when its trace is kept; `all`: every record leaves; `none`: no event record does. */
  readonly records: "kept" | "all" | "none";
  /** Takes an event record to the exporter. May throw for a payload that cannot be read. */
  readonly pushRecord: (record: EventRecord) => void;
  /** True while anybody takes log records. */
  readonly isWanted: () => boolean;
  /** Takes what a logger made to the exporter. */
  readonly pushLog: (record: ReadableLogRecord) => void;
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

/** Records that may wait for the end of the tick; a burst beyond it is counted, never grown into. */
const MAX_WAITING = 16_384;

/** Makes the sink. Log records are made after the tick. */
export function createLogSink(options: LogSinkOptions): LogSink {
  const queue: EventRecord[] = [];
  const push = (record: EventRecord): void => {
    try {
      options.pushRecord(record);
    } catch {
      // A payload of the host's that cannot be read: this record is lost, and nothing else.
      options.onDrop("unreadable", 1);
    }
  };
  let scheduled = false;
  const drain = (): void => {
    scheduled = false;
    for (const record of queue.splice(0)) push(record);
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
      if (options.records !== "kept") return;
      for (let i = 0; i < flow.recordCount; i++) push(flow.recordAt(i)!);
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
      onEmit(record) {
        if (!options.isWanted()) return;
        try {
          options.pushLog(redactLogRecord(record, options.redactor));
        } catch {
          options.onDrop("unreadable", 1);
        }
      },
      // The SDK asks before it makes a record.
      enabled: options.isWanted,
      forceFlush: options.flush,
      shutdown: options.flush,
    } as LogRecordProcessor,
  };
}
