// The journal as an OpenTelemetry log record exporter: it fits into anyone's SDK, beside any other exporter.
import type { EventKind, EventRecord, RecordClass } from "@tracebook/core/extension";
import { hexToWord } from "@tracebook/core/extension";
import type { Journal } from "./journal.ts";

/** What of an OpenTelemetry log record a journal reads (`ReadableLogRecord` of `@opentelemetry/sdk-logs` 3.x has it). */
export interface ExportableLogRecord {
  /** Seconds and nanoseconds since 1970. */
  readonly hrTime: readonly [number, number];
  readonly eventName?: string | undefined;
  readonly severityNumber?: number | undefined;
  readonly body?: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly spanContext?: { readonly traceId: string; readonly spanId: string } | undefined;
}

/** A `LogRecordExporter` as `@opentelemetry/sdk-logs` 3.x wants it. */
export interface JournalLogExporter {
  export(logs: readonly ExportableLogRecord[], resultCallback: (result: { code: number }) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Options of {@link createJournalExporter}. */
export interface JournalExporterOptions {
  /** Finds declarations by event type: `eventKindOf` of core. Default: class and file by the names that the journal knows. */
  readonly kindOf?: (eventType: string) => EventKind | undefined;
  /** The run that records without `trading.run_id` belong to. Default: the journal's instance id. */
  readonly runId?: string;
}

const PREFIX = "trading.";
const SUCCESS = 0;
const EVIDENCE = new Set(["decision", "order_request", "order_result", "trading_halted"]);
const EVENTS_FILE = new Set([...EVIDENCE, "orderbook_snapshot", "signal"]);
/** Event types come from code, so they are few; more than this are an accident. */
const MAX_KINDS = 1_000;

/**
 * Makes an exporter that writes log records with an event name of `trading.*` into `journal`; others are left to other exporters.
 * Attributes lose the prefix `trading.`; an object as body is data too. Shutting it down flushes the journal and leaves it open.
 *
 * @example
 * const journal = createJournal({ dir: "./telemetry", instanceId, clock: createSystemClock() });
 * new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: createJournalExporter(journal) })] });
 */
export function createJournalExporter(journal: Journal, options: JournalExporterOptions = {}): JournalLogExporter {
  const kinds = new Map<string, EventKind>();
  const kindOf = (eventType: string, severityNumber: number): EventKind => {
    let kind = kinds.get(eventType);
    if (kind === undefined) {
      kind = toExportKind(eventType, severityNumber, options.kindOf?.(eventType));
      if (kinds.size < MAX_KINDS) kinds.set(eventType, kind);
    }
    return kind;
  };
  return {
    export(logs, resultCallback) {
      for (const log of logs) {
        if (!log.eventName?.startsWith(PREFIX)) continue;
        const kind = kindOf(log.eventName.slice(PREFIX.length), log.severityNumber ?? 0);
        journal.accept(toRecord(log, kind, journal, options.runId ?? journal.instanceId), false);
      }
      resultCallback({ code: SUCCESS });
    },
    forceFlush: () => journal.flush(),
    shutdown: () => journal.flush(),
  };
}

/** The declaration that suits a log record: its payload is a log record, whatever the event's own payload is. */
function toExportKind(eventType: string, severityNumber: number, declared: EventKind | undefined): EventKind {
  const recordClass: RecordClass = EVIDENCE.has(eventType)
    ? "evidence"
    : eventType === "orderbook_snapshot"
      ? "market"
      : "event";
  return Object.freeze({
    eventType,
    recordClass: declared?.recordClass ?? recordClass,
    // The log record comes from a batch: whatever it was to precede has happened.
    writeThrough: false,
    severityNumber: declared?.severityNumber ?? severityNumber,
    stream: declared?.stream ?? (EVENTS_FILE.has(eventType) ? "events" : "telemetry"),
    toData: (payload: unknown) => toData(payload as ExportableLogRecord),
  });
}

/** Fields that stand on the record itself. */
const HEAD_FIELDS = new Set(["symbol", "run_id"]);

function toData(log: ExportableLogRecord): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  if (typeof log.body === "object" && log.body !== null && !Array.isArray(log.body)) Object.assign(data, log.body);
  else if (log.body !== undefined && log.body !== null) data["body"] = log.body;
  for (const [name, value] of Object.entries(log.attributes)) {
    const field = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
    if (!HEAD_FIELDS.has(field)) data[field] = value;
  }
  return data;
}

function toRecord(log: ExportableLogRecord, kind: EventKind, journal: Journal, runId: string): EventRecord {
  const { traceId = "", spanId = "" } = log.spanContext ?? {};
  const traced = /^[0-9a-f]{32}$/.test(traceId) && /^[0-9a-f]{16}$/.test(spanId);
  const word = (hex: string, at: number) => (traced ? hexToWord(hex, at) : 0);
  return {
    kind,
    seq: journal.nextSeq(),
    timeMs: journal.toTimeMs(log.hrTime[0] * 1e6 + Math.floor(log.hrTime[1] / 1000)),
    runId: text(log.attributes[`${PREFIX}run_id`]) ?? runId,
    payload: log,
    symbol: text(log.attributes[`${PREFIX}symbol`]),
    strategy: text(log.attributes[`${PREFIX}strategy`]),
    traced,
    trace0: word(traceId, 0),
    trace1: word(traceId, 8),
    trace2: word(traceId, 16),
    trace3: word(traceId, 24),
    span0: word(spanId, 0),
    span1: word(spanId, 8),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
