// The reader of journals: every valid record, in order, and a report of what is not.
import { statSync } from "node:fs";
import { JournalError } from "./errors.ts";
import { nodeFileSystem } from "./file-system.ts";
import { type JournalRecord, toJournalRecord } from "./journal-record.ts";
import { createReadReport, type ReadReport, type SkippedPart } from "./read-report.ts";
import { mergeRecords, type OpenSource, type ReadRecord } from "./record-merge.ts";
import { isCompressedTwin, listShards, type Shard } from "./shard-list.ts";
import { readShard } from "./shard-reader.ts";

/** Options of {@link readJournal}: filters, and where to put the report. */
export interface ReadOptions {
  /** Filled while the reading goes on; make it with `createReadReport()`. */
  readonly report?: ReadReport;
  readonly instanceId?: string;
  readonly runId?: string;
  readonly eventTypes?: readonly string[];
  /** The first timestamp that counts, as text (`2026-11-20T12:00:00.000000Z`, or any beginning of it). */
  readonly from?: string;
  /** The first timestamp that does not count any more, in the same form. */
  readonly to?: string;
}

/**
 * Yields the valid records of a journal folder, or of one file (`.jsonl` or `.jsonl.gz`).
 *
 * Order: `seq` within an instance, time between instances, the same at every reading; one file comes in its own order. Memory is
 * bounded whatever the files hold. Throws `no_journal` when the path is not there; damage never throws, it is in the report.
 *
 * @example
 * const report = createReadReport();
 * for await (const record of readJournal("./telemetry", { eventTypes: ["decision"], report })) console.log(record.data);
 */
export async function* readJournal(path: string, options: ReadOptions = {}): AsyncGenerator<JournalRecord> {
  for await (const { value } of await readRecords(path, options)) if (matches(value, options)) yield value;
}

/** The same with the place of every record, unfiltered; `onSkipped` sees what is left of skipped lines. */
export async function readRecords(
  path: string,
  options: ReadOptions,
  onSkipped?: (part: SkippedPart, bytes: Buffer | undefined) => void,
): Promise<AsyncGenerator<ReadRecord>> {
  const report = options.report ?? createReadReport();
  const files = await recordFiles(path);
  const openers = files.map(
    (file): OpenSource =>
      (isPeek) =>
        readShard(file, {
          toValue: toJournalRecord,
          report: isPeek ? createReadReport() : report,
          onSkipped: isPeek ? undefined : onSkipped,
        }),
  );
  return files.length === 1 ? readOne(openers[0]!) : mergeRecords(openers);
}

async function* readOne(open: OpenSource): AsyncGenerator<ReadRecord> {
  for await (const records of open(false)) yield* records;
}

/** The files of a journal that hold records, oldest day first; the path itself when it is a file. Rejects with `no_journal`. */
function recordFiles(path: string): Promise<string[]> {
  return journalFiles(path, (shard) => shard.name.stem !== "metrics");
}

/** The files of one kind below a path, or the path itself when it is a file. Rejects with `no_journal`. */
export async function journalFiles(path: string, isWanted: (shard: Shard) => boolean): Promise<string[]> {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) throw new JournalError("no_journal", `${path} is not there.`);
  if (!facts.isDirectory()) return [path];
  const shards = list(path);
  const byPath = new Map(shards.map((shard) => [shard.path, shard]));
  const files: string[] = [];
  for (const shard of shards) if (isWanted(shard) && !(await isTwin(shard, byPath))) files.push(shard.path);
  return files;
}

function list(path: string): Shard[] {
  try {
    return listShards(nodeFileSystem, path);
  } catch (cause) {
    throw new JournalError("no_journal", `${path} cannot be read.`, { cause });
  }
}

/** A compressed file beside the plain file it was made of: a crash left both, and one is enough. */
async function isTwin(shard: Shard, byPath: ReadonlyMap<string, Shard>): Promise<boolean> {
  if (!shard.name.compressed) return false;
  const plain = byPath.get(shard.path.slice(0, -".gz".length));
  // What cannot be read is said where its records are read.
  return plain !== undefined && isCompressedTwin(nodeFileSystem, shard.path, plain).catch(() => false);
}

function matches(record: JournalRecord, options: ReadOptions): boolean {
  const { instanceId, runId, eventTypes, from, to } = options;
  if (instanceId !== undefined && record.instance_id !== instanceId) return false;
  if (runId !== undefined && record.run_id !== runId) return false;
  if (eventTypes !== undefined && !eventTypes.includes(record.event_type)) return false;
  if (from !== undefined && record.timestamp < from) return false;
  return to === undefined || record.timestamp < to;
}
