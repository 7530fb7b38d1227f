// A record: one event that happened, as sinks receive it.
import type { AttributeSink } from "./attribute-sink.ts";
import type { JsonWriter } from "./json-writer.ts";
import type { Redactor } from "./redaction.ts";

/**
 * How much a record matters under pressure; the lower classes are dropped first.
 *
 * `evidence`: decisions, order requests and order results. `event`: everything else a service says about itself.
 * `market`: market data, which the venue could repeat.
 */
export type RecordClass = "evidence" | "event" | "market";

/** What a type of event is: its name, how it is treated, and how its payload becomes data. One object per type, compared by identity. */
export interface EventKind<P = unknown> {
  /** The name on the record, `snake_case`: `signal_generated`. Its OpenTelemetry name is `trading.` + this. */
  readonly eventType: string;
  /** What is dropped first under pressure. */
  readonly recordClass: RecordClass;
  /** True when the record must be with the operating system before `emit` returns (evidence before action). */
  readonly writeThrough: boolean;
  /** OpenTelemetry severity number (9 INFO, 13 WARN, 17 ERROR). */
  readonly severityNumber: number;
  /** The file a journal puts it into: `events` (evidence and market events) or `telemetry` (pipeline events). */
  readonly stream: "events" | "telemetry";
  /** The plain data of a payload: what stands under `data` in a journal line. Called after the tick. */
  toData(payload: P, record: EventRecord): Record<string, unknown>;
  /**
   * Writes what of a payload stands on the root span of its flow, when the trace is kept: named as attributes, bounded and redacted.
   * Undefined: nothing. Called after the tick.
   */
  readonly writeSpanAttributes?: ((payload: P, redactor: Redactor, out: AttributeSink) => void) | undefined;
  /**
   * Writes the attributes of its log record, named, bounded and redacted; false, and nothing written, or undefined: `toData` is
   * bounded and redacted instead, at three times the cost. Called after the tick.
   */
  readonly writeLogAttributes?:
    | ((payload: P, record: EventRecord, redactor: Redactor, out: AttributeSink) => boolean)
    | undefined;
  /** Writes the same data as JSON without building the object; undefined: `toData` is written. Called after the tick. */
  readonly writeData?: ((payload: P, record: EventRecord, out: JsonWriter) => void) | undefined;
}

/**
 * One record as it leaves the hot path: numbers and references, nothing formatted.
 *
 * Sinks may hold it; nobody changes it after it was emitted. The host must not change `payload` after emitting it.
 */
export interface EventRecord {
  readonly kind: EventKind;
  /** Rises by one per record of this instance, from 1. */
  readonly seq: number;
  /** Monotonic milliseconds of the runtime's clock; `Clock.epochMicros` makes it a time of day. */
  readonly timeMs: number;
  readonly runId: string;
  /** What the user passed; `kind.toData(payload, record)` makes it data. */
  readonly payload: unknown;
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
  /** True when the record belongs to a trace; then the six id words are set. */
  readonly traced: boolean;
  /** The trace id as four signed 32-bit words, most significant first. */
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  /** The span id as two signed 32-bit words. */
  readonly span0: number;
  readonly span1: number;
}

/**
 * Where records go. A sink queues and returns: `accept` is called on the hot path and must not throw, wait or do I/O
 * (except for the write-through of `kind.writeThrough`). Whatever a sink cannot take it counts.
 */
export interface RecordSink {
  /**
   * Takes a record. `held` is true when the record will come again with its flow, should the flow's trace be kept
   * (`EndedFlow.records`): a sink that exports whole traces leaves it until then, a sink that keeps everything does not.
   */
  accept(record: EventRecord, held: boolean): void;
  /** Resolves when everything accepted so far is where it should be, or counted as dropped. Never rejects. */
  flush(): Promise<void>;
  /** Flushes and lets go of files, sockets and timers. Never rejects. */
  close(): Promise<void>;
}
