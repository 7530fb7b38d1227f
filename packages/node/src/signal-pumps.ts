// The pumps between Tracebook's queues and the OTLP exporters of spans and log records.
import type { ExportResult } from "@opentelemetry/core";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { type BatchPump, createBatchPump } from "./batch-pump.ts";
import type { QueueConfig, TelemetryConfig } from "./config.ts";
import type { DropLedger } from "./drop-ledger.ts";
import type { OtlpExporters } from "./otlp-exporters.ts";
import type { ExportHealth } from "./telemetry.ts";

/** Spans and log records on their way out; a signal that is not exported has no pump. */
export interface SignalPumps {
  readonly spans: BatchPump<ReadableSpan> | undefined;
  readonly logs: BatchPump<ReadableLogRecord> | undefined;
  health(): { traces: ExportHealth | undefined; logs: ExportHealth | undefined };
  flush(deadlineMs: number): Promise<void>;
  /** Flushes within the deadline, then shuts the exporters; their sockets stay open, since metrics may still be on their way. Never rejects. */
  close(deadlineMs: number): Promise<void>;
}

/** Connects the exporters with pumps that count every loss in `ledger`. */
export function createSignalPumps(config: TelemetryConfig, exporters: OtlpExporters, ledger: DropLedger): SignalPumps {
  const errors = new Map<string, string>();
  const pump = <T>(
    signal: string,
    queue: QueueConfig,
    exportBatch: (items: T[], done: (result: ExportResult) => void) => void,
  ) =>
    createBatchPump<T>({
      exportBatch,
      maxQueue: queue.maxSize,
      batchSize: queue.batchSize,
      delayMs: queue.delayMs,
      timeoutMs: queue.timeoutMs,
      onDrop: (reason, count) => ledger.add(signal, reason, count),
      onFailure: (error) => {
        const why = describeFailure(error);
        errors.set(signal, why);
        ledger.warn(
          `export-${signal}`,
          `${signal} are not getting through: ${why}; they wait, then the newest are dropped and counted`,
        );
      },
    });
  const { spans: spanExporter, logs: logExporter } = exporters;
  const spans =
    spanExporter && pump<ReadableSpan>("spans", config.spanQueue, (items, done) => spanExporter.export(items, done));
  const logs =
    logExporter && pump<ReadableLogRecord>("logs", config.logQueue, (items, done) => logExporter.export(items, done));
  const both = [spans, logs].filter((one) => one !== undefined);
  const health = (
    signal: string,
    url: string | undefined,
    one: BatchPump<never> | undefined,
  ): ExportHealth | undefined =>
    one && url !== undefined
      ? { url, exported: one.exported, queued: one.queued, lastError: errors.get(signal) }
      : undefined;
  return {
    spans,
    logs,
    health: () => ({
      traces: health("spans", config.otlp.traces?.url, spans as BatchPump<never> | undefined),
      logs: health("logs", config.otlp.logs?.url, logs as BatchPump<never> | undefined),
    }),
    async flush(deadlineMs) {
      await Promise.all(both.map((one) => one.flush(deadlineMs)));
    },
    async close(deadlineMs) {
      await Promise.all(both.map((one) => one.close(deadlineMs)));
      // Nothing is left to send; a shutdown that waits for a dead peer is not waited for.
      void spanExporter?.shutdown().catch(() => {});
      void logExporter?.shutdown().catch(() => {});
    },
  };
}

/** Why an export failed, in one short line. */
export function describeFailure(error: Error): string {
  const { code } = error as { code?: unknown };
  const text = error.message.replace(/\s+/g, " ").slice(0, 200);
  return code === undefined || text.includes(String(code)) ? text : `${text} (${String(code)})`;
}
