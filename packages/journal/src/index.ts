// The append-only record of a trading service: recorder, reader, replay, verify.
export { type CleanOptions, cleanJournal } from "./clean-journal.ts";
export { JOURNAL_ERRORS, JournalError, type JournalErrorCode } from "./errors.ts";
export { type FileFacts, type JournalFileSystem, nodeFileSystem } from "./file-system.ts";
export type { HousekeepingResult } from "./housekeeping.ts";
export { createJournal, type Journal } from "./journal.ts";
export type { JournalOptions } from "./journal-options.ts";
export type { JournalRecord } from "./journal-record.ts";
export type { JournalStats } from "./journal-stats.ts";
export { findJournalWriters, type JournalWriter } from "./journal-writers.ts";
export type { HostLatencies } from "./latency-stream.ts";
export {
  createJournalExporter,
  type ExportableLogRecord,
  type JournalExporterOptions,
  type JournalLogExporter,
} from "./log-exporter.ts";
export { type ReadOptions, readJournal } from "./read-journal.ts";
export { type LatencyLine, readLatencies } from "./read-latencies.ts";
export { createReadReport, type ReadReport, type SkippedPart, type SkipReason } from "./read-report.ts";
export { type ReplayEvent, type ReplayOptions, type ReplaySummary, replayJournal } from "./replay-journal.ts";
export type { InstanceResult } from "./seq-audit.ts";
export {
  type VerifyOptions,
  type VerifyProblem,
  type VerifyProblemCode,
  type VerifyResult,
  verifyJournal,
} from "./verify-journal.ts";
