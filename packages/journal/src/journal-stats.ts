// What a journal says about itself.
import type { RecordClass } from "@tracebook/core/extension";
import type { LatencyStream } from "./latency-stream.ts";
import { CLASSES, type RecordStream } from "./record-stream.ts";

/** Counts of a journal since it was opened: `accepted + declared = written + pending + droppedTotal`. */
export interface JournalStats {
  /** Records given to `accept`. */
  readonly accepted: number;
  /** `records_dropped` records that the journal made itself. */
  readonly declared: number;
  /** Records that the operating system has. */
  readonly written: number;
  /** Records that wait in memory. */
  readonly pending: number;
  /**
   * Write-through records that the operating system did not have when `accept` returned: the disk was full or gone, or the journal
   * closed. The order went ahead; its record was written later, or is among the dropped. `onProblem` hears of the first of a failure,
   * and of how many there were.
   */
  readonly late: number;
  readonly droppedTotal: number;
  /** Dropped records by class, then by reason (`queue_full`, `below_class`, `closed`, `internal_error`). */
  readonly dropped: Readonly<Record<RecordClass, Readonly<Record<string, number>>>>;
  /** Bytes of records that were written, latencies not included. */
  readonly bytesWritten: number;
  /** The lowest and the highest `seq` written; 0 before the first. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Lines of `logs/metrics.jsonl`. */
  readonly latencies: { readonly written: number; readonly pending: number; readonly dropped: number };
  /** True while a file cannot be written. */
  readonly isFailing: boolean;
  /** The last error of a file (`ENOSPC: /path`), also after recovery. */
  readonly lastError: string | undefined;
  /** The files that are open. */
  readonly files: readonly string[];
}

/** Adds up the counts of the streams of a journal. */
export function toJournalStats(
  accepted: number,
  late: number,
  streams: readonly RecordStream[],
  latencies: LatencyStream,
): JournalStats {
  const files = [...streams.map((stream) => stream.file), latencies.file];
  const sum = (count: (stream: RecordStream) => number) => streams.reduce((total, stream) => total + count(stream), 0);
  const dropped = { market: {}, event: {}, evidence: {} } as Record<RecordClass, Record<string, number>>;
  let droppedTotal = 0;
  for (const stream of streams)
    for (const recordClass of CLASSES)
      for (const [reason, count] of Object.entries(stream.dropped[recordClass])) {
        dropped[recordClass][reason] = (dropped[recordClass][reason] ?? 0) + count;
        droppedTotal += count;
      }
  const firsts = streams.map((stream) => stream.firstSeq).filter((seq) => seq > 0);
  return {
    accepted,
    late,
    declared: sum((stream) => stream.declared),
    written: sum((stream) => stream.written),
    pending: sum((stream) => stream.pending),
    droppedTotal,
    dropped,
    bytesWritten: sum((stream) => stream.bytesWritten),
    firstSeq: firsts.length === 0 ? 0 : Math.min(...firsts),
    lastSeq: Math.max(...streams.map((stream) => stream.lastSeq)),
    latencies: { written: latencies.written, pending: latencies.pending, dropped: latencies.dropped },
    isFailing: files.some((file) => file.isFailing),
    lastError: files.map((file) => file.lastError).findLast((error) => error !== undefined),
    files: files.map((file) => file.path).filter((path) => path !== ""),
  };
}
