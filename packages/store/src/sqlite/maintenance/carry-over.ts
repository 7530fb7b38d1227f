// Carries the write-ahead log over into the database, as far as readers let it, waiting for them no longer than told.
import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** Bytes by which the file of a database grows when its log is carried over. */
export function growthBytes(database: DatabaseSync, path: string): number {
  return Math.max(numberOf(database, "page_count") * numberOf(database, "page_size") - fileBytes(path), 0);
}

/**
 * Carries over what can be, and cuts the log to nothing where nobody reads or writes it; returns whether it was cut. Waits `waitMs` for
 * that: SQLite would wait for readers as long as for locks, and there are better things to do in this thread. Throws what SQLite says.
 */
export function carryOver(database: DatabaseSync, waitMs: number): boolean {
  const timeoutMs = numberOf(database, "busy_timeout");
  database.exec(`PRAGMA busy_timeout = ${waitMs}`);
  try {
    return numberOf(database, "wal_checkpoint(TRUNCATE)") === 0;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${timeoutMs}`);
  }
}

/** The first number that a pragma answers with. */
export function numberOf(database: DatabaseSync, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
