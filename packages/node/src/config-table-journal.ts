// Rows of the configuration table: the journal, instrumentation and secrecy, export queues.

import { readHostGlob, readSecretKey } from "./config-name-parsers.ts";
import type { RecordScope } from "./config-options.ts";
import { booleanKind, byteSize, choice, choiceList, listOf, printableText, wholeNumber } from "./config-parsers.ts";
import { setting } from "./config-setting.ts";
import type { InstrumentationName } from "./instrumentations.ts";

const scope = choice(["kept", "all", "none"]);

/** Journal and events. */
export const JOURNAL_SETTINGS = {
  journal: setting<boolean>({
    group: "Journal and events",
    env: ["TELEMETRY_JOURNAL"],
    kind: booleanKind,
    fallback: true,
    doc: "Writes the journal when telemetry is enabled.",
  }),
  dir: setting<string>({
    group: "Journal and events",
    env: ["TELEMETRY_DIR"],
    kind: printableText(4_096),
    fallback: ".",
    doc: "The folder that gets `data/events` and `logs`.",
  }),
  journalMaxBytes: setting<number>({
    group: "Journal and events",
    env: ["TELEMETRY_JOURNAL_MAX_BYTES"],
    kind: byteSize(1_048_576),
    fallback: 10_000_000_000,
    doc: "The size of all journal files together; beyond it the oldest closed files of the lowest class go first.",
  }),
  journalRetentionDays: setting<number>({
    group: "Journal and events",
    env: ["TELEMETRY_JOURNAL_RETENTION_DAYS"],
    kind: wholeNumber(1, 36_500, "days"),
    fallback: 30,
    doc: "How long journal files are kept.",
  }),
  journalBufferSize: setting<number>({
    group: "Journal and events",
    env: ["TELEMETRY_JOURNAL_BUFFER_SIZE"],
    kind: wholeNumber(1, 65_536, "records"),
    fallback: 100,
    doc: "This many waiting records are written as soon as the tick is over.",
  }),
  journalFlushMs: setting<number>({
    group: "Journal and events",
    env: ["TELEMETRY_JOURNAL_FLUSH_MS"],
    kind: wholeNumber(1, 60_000, "milliseconds"),
    fallback: 100,
    doc: "Fewer records wait no longer than this.",
  }),
  journalFsync: setting<"never" | "interval">({
    group: "Journal and events",
    env: ["TELEMETRY_JOURNAL_FSYNC"],
    kind: choice(["never", "interval"]),
    fallback: "never",
    doc: "`interval` puts the journal on the medium once a second, so that a power loss takes about a second at most.",
  }),
  metricsLog: setting<RecordScope>({
    group: "Journal and events",
    env: ["TELEMETRY_METRICS_LOG"],
    kind: scope,
    fallback: "kept",
    doc: "Which flows get a line of stage latencies in `logs/metrics.jsonl`.",
  }),
  logRecords: setting<RecordScope>({
    group: "Journal and events",
    env: ["TELEMETRY_LOG_RECORDS"],
    kind: scope,
    fallback: "kept",
    doc: "Which events leave as OTLP logs; `kept` means those of kept traces and those of no trace.",
  }),
};

const INSTRUMENTATION_NAMES = [
  "http",
  "undici",
  "pg",
  "redis",
  "pino",
  "host",
] as const satisfies readonly InstrumentationName[];

/** Instrumentation and secrecy. */
export const HOST_SETTINGS = {
  instrument: setting<readonly InstrumentationName[]>({
    group: "Instrumentation and secrecy",
    env: ["TELEMETRY_INSTRUMENT"],
    kind: choiceList(INSTRUMENTATION_NAMES, true),
    fallback: Object.freeze([...INSTRUMENTATION_NAMES]),
    fallbackText: "all",
    doc: "What is instrumented: `undici` is `fetch`, `host` are the metrics of the machine and the process.",
  }),
  propagateTo: setting<readonly string[]>({
    group: "Instrumentation and secrecy",
    env: ["TELEMETRY_PROPAGATE_TO"],
    kind: listOf("a list of host names with * globs, each with or without :port", readHostGlob),
    fallback: Object.freeze([]),
    doc: "Hosts that may see trace headers, beyond loopback, private addresses and internal names. Never list an exchange.",
  }),
  redactKeys: setting<readonly string[]>({
    group: "Instrumentation and secrecy",
    env: ["TELEMETRY_REDACT_KEYS"],
    kind: listOf("a list of names with 2 to 128 letters or digits each", readSecretKey),
    fallback: Object.freeze([]),
    doc: "Names whose values are secrets, beyond the known ones, in any case and with any separators.",
  }),
};

const QUEUE_GROUP = "Export queues";
const items = wholeNumber(1, 1_048_576);
const delay = wholeNumber(0, 3_600_000, "milliseconds");
const timeout = wholeNumber(1, 600_000, "milliseconds");

/** Export queues. Larger than OpenTelemetry's 2,048: that holds 341 ticks of six spans, and a burst has more. */
export const QUEUE_SETTINGS = {
  spanQueueSize: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BSP_MAX_QUEUE_SIZE"],
    kind: items,
    fallback: 65_536,
    doc: "Spans that may wait for export; what comes on top is dropped and counted.",
  }),
  spanBatchSize: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"],
    kind: items,
    // A request costs as much as a hundred spans, at the pace of a market several hundred: 4,096 of them are 0.8 MB.
    fallback: 4096,
    doc: "Spans of one export; no more than may wait. Spans that leave as objects leave by 1,024 at most.",
  }),
  spanDelayMs: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BSP_SCHEDULE_DELAY"],
    kind: delay,
    fallback: 5_000,
    doc: "How long spans wait for a full batch.",
  }),
  spanExportTimeoutMs: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BSP_EXPORT_TIMEOUT"],
    kind: timeout,
    fallback: 30_000,
    doc: "After this an export of spans that was not answered counts as failed.",
  }),
  logQueueSize: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BLRP_MAX_QUEUE_SIZE"],
    kind: items,
    fallback: 65_536,
    doc: "Log records that may wait for export; what comes on top is dropped and counted.",
  }),
  logBatchSize: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE"],
    kind: items,
    fallback: 2048,
    doc: "Log records of one export; no more than may wait.",
  }),
  logDelayMs: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BLRP_SCHEDULE_DELAY"],
    kind: delay,
    fallback: 1_000,
    doc: "How long log records wait for a full batch.",
  }),
  logExportTimeoutMs: setting<number>({
    group: QUEUE_GROUP,
    env: ["OTEL_BLRP_EXPORT_TIMEOUT"],
    kind: timeout,
    fallback: 30_000,
    doc: "After this an export of log records that was not answered counts as failed.",
  }),
};
