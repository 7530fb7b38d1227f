// Brings what a journal has into the database: the way back after a damaged database, and the way in for a journal from elsewhere.
import { setImmediate as nextTurn } from "node:timers/promises";
import { createReadReport, type ReadOptions, readJournal } from "@tracebook/journal";
import type { ImportOptions, ImportResult } from "../../store.ts";
import type { EventInput } from "../../store-input.ts";
import type { WriteResult } from "../../write-result.ts";
import { createJournalEvents } from "./journal-event.ts";

/** Where events go: into a database in this process, or to one that answers later. */
export interface JournalSink {
  writeEvents(events: readonly EventInput[]): WriteResult | Promise<WriteResult>;
}

/** Which records, and who hears of them. */
export interface JournalImportOptions extends ImportOptions {
  /** False for an event that is not to be written. Default: all are. */
  readonly isWanted?: (event: EventInput) => boolean;
  /** Called after each batch with what was done so far. */
  readonly onProgress?: (imported: { readonly records: number; readonly duplicates: number }) => void;
}

/** What an import has found: `records = written + duplicates`. */
export interface JournalImportResult extends ImportResult {
  /** Files that were read. */
  readonly files: number;
}

/** A batch is a transaction, and holds up a live request for about as long as one of its own size does. */
const BATCH_RECORDS = 1_000;

/**
 * Writes every valid record of the journal at `dir` that the database has not. `import(import(x)) = import(x)`: a record is known by its
 * instance and its number, whichever way it came, from whichever copy of a shard.
 *
 * Each batch is all there or not at all, so that an import that was ended, or failed, may be begun again. Between batches the event loop
 * goes round. Parts that cannot be read, and records whose timestamp is no instant, are counted in `skipped`. Rejects with `JournalError`
 * (`no_journal`), or with what the database says. Cost: about 20 us a record; memory for one batch.
 */
export async function importJournal(
  writer: JournalSink,
  dir: string,
  options: JournalImportOptions = {},
): Promise<JournalImportResult> {
  const { onProgress, isWanted } = options;
  const report = createReadReport();
  const toEvent = createJournalEvents();
  const counts = { written: 0, duplicates: 0, timeless: 0 };
  let batch: EventInput[] = [];
  const write = async (): Promise<void> => {
    const { written, duplicates } = await writer.writeEvents(batch);
    counts.written += written;
    counts.duplicates += duplicates;
    batch = [];
    onProgress?.({ records: counts.written + counts.duplicates, duplicates: counts.duplicates });
  };
  for await (const record of readJournal(dir, { report, ...rangeOf(options) })) {
    const event = toEvent(record);
    if (event === undefined) counts.timeless++;
    else if (isWanted?.(event) === false) continue;
    else if (batch.push(event) >= BATCH_RECORDS) {
      await write();
      await nextTurn();
    }
  }
  if (batch.length > 0) await write();
  const { written, duplicates, timeless } = counts;
  const skipped = report.skippedCount + timeless;
  return { records: written + duplicates, written, duplicates, skipped, files: report.files };
}

function rangeOf({ from, to }: ImportOptions): Pick<ReadOptions, "from" | "to"> {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
