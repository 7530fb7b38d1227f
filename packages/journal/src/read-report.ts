// What a reader could not use, and where it lies.

/** Why something was skipped. */
export type SkipReason =
  /** The line breaks off: what a crash in the middle of a write leaves. */
  | "torn"
  | "not_json"
  | "not_utf8"
  | "too_long"
  /** JSON, but no journal record. */
  | "not_a_record"
  /** Zero bytes, such as a file system leaves behind after a power loss. */
  | "nul_bytes"
  /** A compressed file that breaks off, or whose content does not match its checksum; what was read before it counts. */
  | "truncated_gzip"
  | "damaged_gzip"
  | "not_a_file"
  | "unreadable";

/** One thing that was skipped. */
export interface SkippedPart {
  readonly file: string;
  /** From 1; 0 when it concerns the file. */
  readonly line: number;
  /** Of the first byte in the (inflated) content. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly reason: SkipReason;
}

/** What a reading found. Filled while it goes on: look at it when the reading is through. */
export interface ReadReport {
  files: number;
  /** Valid records that were read, before filters. */
  records: number;
  skippedCount: number;
  skippedBytes: number;
  readonly byReason: Partial<Record<SkipReason, number>>;
  /** The first 1,000 in full; all are counted. */
  readonly skipped: SkippedPart[];
}

const MAX_KEPT = 1_000;

/** An empty report, to be given to a reader. */
export function createReadReport(): ReadReport {
  return { files: 0, records: 0, skippedCount: 0, skippedBytes: 0, byReason: {}, skipped: [] };
}

/** Adds to the counts, and to the list while it is short. */
export function addSkipped(report: ReadReport, part: SkippedPart): void {
  report.skippedCount++;
  report.skippedBytes += part.sizeBytes;
  report.byReason[part.reason] = (report.byReason[part.reason] ?? 0) + 1;
  if (report.skipped.length < MAX_KEPT) report.skipped.push(part);
}
