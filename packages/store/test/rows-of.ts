// Rows of a database, for tests.
import type { DatabaseSync } from "node:sqlite";

/** All rows of a statement, as plain objects. */
export function rowsOf(database: DatabaseSync, sql: string): Record<string, unknown>[] {
  // Rows have no prototype.
  return database
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
}
