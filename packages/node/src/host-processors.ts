// Span and log record processors of the host's own: what leaves over OTLP they get as objects, and nothing they do reaches the rest.
import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { TelemetryDestination } from "./telemetry-destination.ts";

/** What a host may put beside Tracebook's own destinations, in code only. */
export interface TelemetryExtensions {
  /**
   * Get every span that is exported, redacted, once it has ended and its flow is kept: `onEnd` alone, since until then nobody knows
   * whether it is. With one of these, flows become span objects, at three times the cost.
   */
  readonly spanProcessors?: readonly SpanProcessor[] | undefined;
  /** Get every log record that is exported, redacted. With one of these, events become log record objects. */
  readonly logRecordProcessors?: readonly LogRecordProcessor[] | undefined;
  /** Get spans, log records and metrics as OTLP requests, beside OTLP or without it; `telemetry.addDestination` adds further ones. */
  readonly destinations?: readonly TelemetryDestination[] | undefined;
}

/** The host's processors, guarded. */
export interface HostProcessors {
  readonly takesSpans: boolean;
  readonly takesLogs: boolean;
  span(span: ReadableSpan): void;
  log(record: ReadableLogRecord): void;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Guards the processors: one that throws or rejects is told of once by `warn`, and called again all the same. */
export function createHostProcessors(
  { spanProcessors = [], logRecordProcessors = [] }: TelemetryExtensions,
  warn: (line: string) => void,
): HostProcessors {
  const told = new Set<object>();
  const failed = (processor: object, error: unknown): void => {
    if (told.has(processor)) return;
    told.add(processor);
    const why = error instanceof Error ? error.message : String(error);
    warn(`tracebook: ${processor.constructor?.name ?? "a processor"} of the host failed: ${why}`);
  };
  const all = [...spanProcessors, ...logRecordProcessors];
  const each = async (work: (processor: SpanProcessor | LogRecordProcessor) => Promise<void>): Promise<void> => {
    await Promise.all(
      all.map(async (processor) => {
        try {
          await work(processor);
        } catch (error) {
          failed(processor, error);
        }
      }),
    );
  };
  return {
    takesSpans: spanProcessors.length > 0,
    takesLogs: logRecordProcessors.length > 0,
    span(span) {
      for (const processor of spanProcessors) {
        try {
          processor.onEnd(span);
        } catch (error) {
          failed(processor, error);
        }
      }
    },
    log(record) {
      for (const processor of logRecordProcessors) {
        try {
          // What processors are given is the SDK's own record; they read it, and it may no longer be changed here.
          processor.onEmit(record as never, ROOT_CONTEXT);
        } catch (error) {
          failed(processor, error);
        }
      }
    },
    flush: () => each((processor) => processor.forceFlush()),
    shutdown: () => each((processor) => processor.shutdown()),
  };
}
