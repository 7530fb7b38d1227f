// What the journal had to drop, among all other losses: in the same counts, metrics and lines.
import type { Journal } from "@tracebook/journal";
import type { DropLedger } from "./drop-ledger.ts";

/** Returns a function that adds the journal's losses since its last call to `ledger`. Call it before the ledger is read. */
export function followJournalDrops(journal: Journal | undefined, ledger: DropLedger): () => void {
  const told = new Map<string, number>();
  const tell = (lost: string, reason: string, count: number): void => {
    const key = `${lost} ${reason}`;
    const grown = count - (told.get(key) ?? 0);
    if (grown <= 0) return;
    told.set(key, count);
    ledger.add(lost, reason, grown);
  };
  return () => {
    if (journal === undefined) return;
    const { dropped, latencies } = journal.stats();
    for (const [name, reasons] of Object.entries(dropped))
      for (const [reason, count] of Object.entries(reasons)) tell(`journal_${name}`, reason, count);
    tell("journal_latencies", "queue_full", latencies.dropped);
  };
}
