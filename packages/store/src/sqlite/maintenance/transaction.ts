// One transaction around some work.
import type { DatabaseSync } from "node:sqlite";

/** Runs `work` in a transaction that has the lock from the start: what it does is there when it returns, and nothing of it when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has done it already where the disk was full or the file damaged.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
