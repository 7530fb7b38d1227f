// Brings what a journal has into the database.
import { createReadReport, type ReadOptions, readJournal } from "@tracebook/journal";
import { createJournalEvents } from "../../sqlite/maintenance/journal-event.ts";
import type { ImportOptions, ImportResult } from "../../store.ts";
import type { EventInput } from "../../store-input.ts";
import type { WriteResult } from "../../write-result.ts";

/** One insert: as large as it may be without holding up what is live. */
const BATCH_RECORDS = 20_000;

/**
 * Writes every valid record of the journal at `dir` that the database has not: a record is known by its instance and its number, whichever
 * way it came. Rejects with `JournalError` (`no_journal`), or with what the database says. Memory for one batch.
 */
export async function importJournal(
  write: (events: readonly EventInput[]) => Promise<WriteResult>,
  dir: string,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const report = createReadReport();
  const toEvent = createJournalEvents();
  const counts = { written: 0, duplicates: 0, timeless: 0 };
  let batch: EventInput[] = [];
  const writeBatch = async (): Promise<void> => {
    const { written, duplicates } = await write(batch);
    counts.written += written;
    counts.duplicates += duplicates;
    batch = [];
  };
  for await (const record of readJournal(dir, { report, ...rangeOf(options) })) {
    const event = toEvent(record);
    if (event === undefined) counts.timeless++;
    else if (batch.push(event) >= BATCH_RECORDS) await writeBatch();
  }
  if (batch.length > 0) await writeBatch();
  const { written, duplicates, timeless } = counts;
  return { records: written + duplicates, written, duplicates, skipped: report.skippedCount + timeless };
}

function rangeOf({ from, to }: ImportOptions): Pick<ReadOptions, "from" | "to"> {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
