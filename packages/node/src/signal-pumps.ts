// The ways out: from Tracebook's queues to the OTLP exporters of spans and log records, as bytes where nothing needs objects.
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { EndedFlow, EventRecord } from "@tracebook/core/extension";
import {
  buildFlowSpans,
  buildLogRecord,
  createFlowEncoder,
  createRecordEncoder,
  type FlowSpanOptions,
} from "@tracebook/exporters";
import { type BatchPump, type BatchPumpOptions, createBatchPump } from "./batch-pump.ts";
import type { QueueConfig, TelemetryConfig } from "./config.ts";
import { createDirectOutlet, type DirectOutlet } from "./direct-outlet.ts";
import type { DropLedger } from "./drop-ledger.ts";
import type { OtlpExporters } from "./otlp-exporters.ts";
import type { ExportHealth } from "./telemetry.ts";

/** Signals on their way out; a signal that is not exported has no pump. Each way has a queue of its own, as long as configured. */
export interface SignalPumps {
  /** Spans that the SDK or an instrumentation made. */
  readonly spans: BatchPump<ReadableSpan> | undefined;
  /** Log records that a logger made. */
  readonly logs: BatchPump<ReadableLogRecord> | undefined;
  /** Takes the spans of a kept flow; does nothing when spans are not exported. */
  pushFlow(flow: EndedFlow): void;
  /** Takes an event record as a log record; does nothing when log records are not exported. May throw for a payload that cannot be read. */
  pushRecord(record: EventRecord): void;
  health(): { traces: ExportHealth | undefined; logs: ExportHealth | undefined };
  flush(deadlineMs: number): Promise<void>;
  /** Flushes within the deadline, then shuts the exporters; their sockets stay open, since metrics may still be on their way. Never rejects. */
  close(deadlineMs: number): Promise<void>;
}

/** What the pumps work with. */
export interface SignalPumpParts extends FlowSpanOptions {
  readonly exporters: OtlpExporters;
  readonly ledger: DropLedger;
  readonly say: (line: string) => void;
}

/** What pumps and outlets have in common. */
type WayOut = Pick<BatchPump<unknown>, "exported" | "queued" | "flush" | "close">;

/** Connects the exporters with pumps that count every loss in the ledger. */
export function createSignalPumps(config: TelemetryConfig, parts: SignalPumpParts): SignalPumps {
  const { exporters, ledger } = parts;
  const errors = new Map<string, string>();
  const lossesOf: LossesOf = (signal) => ({
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
  const pump = <T>(signal: string, queue: QueueConfig, exportBatch: BatchPumpOptions<T>["exportBatch"]) =>
    createBatchPump<T>({ exportBatch, ...queue, maxQueue: queue.maxSize, ...lossesOf(signal) });
  const { spans: spanExporter, logs: logExporter } = exporters;
  const spans =
    spanExporter && pump<ReadableSpan>("spans", config.spanQueue, (items, done) => spanExporter.export(items, done));
  const logs =
    logExporter && pump<ReadableLogRecord>("logs", config.logQueue, (items, done) => logExporter.export(items, done));
  const flowBytes = orObjects("spans", parts, () => openFlowOutlet(parts, config.spanQueue, lossesOf));
  const recordBytes = orObjects("logs", parts, () => openRecordOutlet(parts, config.logQueue, lossesOf));
  const ways: readonly WayOut[] = [spans, flowBytes, logs, recordBytes].filter((one) => one !== undefined);
  return {
    spans,
    logs,
    pushFlow(flow) {
      if (flowBytes !== undefined) flowBytes.push(flow);
      else if (spans !== undefined) for (const span of buildFlowSpans(flow, parts)) spans.push(span);
    },
    pushRecord(record) {
      if (recordBytes !== undefined) recordBytes.push(record);
      else if (logs !== undefined) logs.push(buildLogRecord(record, parts));
    },
    health: () => ({
      traces: healthOf(config.otlp.traces?.url, [spans, flowBytes], errors.get("spans")),
      logs: healthOf(config.otlp.logs?.url, [logs, recordBytes], errors.get("logs")),
    }),
    async flush(deadlineMs) {
      await Promise.all(ways.map((one) => one.flush(deadlineMs)));
    },
    async close(deadlineMs) {
      await Promise.all(ways.map((one) => one.close(deadlineMs)));
      // Nothing is left to send; a shutdown that waits for a dead peer is not waited for.
      void spanExporter?.shutdown().catch(() => {});
      void logExporter?.shutdown().catch(() => {});
    },
  };
}

/** How losses and failures of one signal are counted and told. */
interface Losses {
  readonly onDrop: (reason: string, count: number) => void;
  readonly onFailure: (error: Error) => void;
}
type LossesOf = (signal: string) => Losses;

function openFlowOutlet(
  parts: SignalPumpParts,
  queue: QueueConfig,
  lossesOf: LossesOf,
): DirectOutlet<EndedFlow> | undefined {
  const { spanBytes } = parts.exporters;
  if (spanBytes === undefined) return undefined;
  const encoder = createFlowEncoder(parts);
  return createDirectOutlet<EndedFlow>({
    ...lossesOf("spans"),
    queue,
    envelope: encoder.envelope,
    append: (flow, out) => encoder.append(flow, out),
    entriesOf: (flow) => flow.markCount + 1,
    exporter: spanBytes(encoder.envelope),
  });
}

function openRecordOutlet(
  parts: SignalPumpParts,
  queue: QueueConfig,
  lossesOf: LossesOf,
): DirectOutlet<EventRecord> | undefined {
  const { logBytes } = parts.exporters;
  if (logBytes === undefined) return undefined;
  const encoder = createRecordEncoder(parts);
  return createDirectOutlet<EventRecord>({
    ...lossesOf("logs"),
    queue,
    envelope: encoder.envelope,
    append(record, out) {
      encoder.append(record, out);
      return 1;
    },
    entriesOf: () => 1,
    exporter: logBytes(encoder.envelope),
  });
}

/** A serializer that writes in another way than the encoder knows is no reason to lose anything: then objects leave through it. */
function orObjects<T>(signal: string, { say }: SignalPumpParts, open: () => T | undefined): T | undefined {
  try {
    return open();
  } catch (error) {
    say(`${signal} leave as objects, at a higher cost: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function healthOf(
  url: string | undefined,
  ways: readonly (WayOut | undefined)[],
  lastError: string | undefined,
): ExportHealth | undefined {
  const open = ways.filter((one) => one !== undefined);
  if (url === undefined || open.length === 0) return undefined;
  const sum = (of: "exported" | "queued") => open.reduce((total, one) => total + one[of], 0);
  return { url, exported: sum("exported"), queued: sum("queued"), lastError };
}

/** Why an export failed, in one short line. */
export function describeFailure(error: Error): string {
  const { code } = error as { code?: unknown };
  const text = error.message.replace(/\s+/g, " ").slice(0, 200);
  return code === undefined || text.includes(String(code)) ? text : `${text} (${String(code)})`;
}
