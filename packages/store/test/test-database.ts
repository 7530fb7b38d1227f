// A database of the store in a folder of its own, for tests.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { migrate } from "../src/sqlite/migrate.ts";
import { openDatabase } from "../src/sqlite/open-database.ts";
import { StoreWriter } from "../src/sqlite/store-writer.ts";

/** A folder that is gone after the test. */
export function testFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-store-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Opens the database at `path` as a store does. */
export function openStoreDatabase(path: string, busyTimeoutMs = 5_000): DatabaseSync {
  const database = openDatabase({ path, isReadOnly: false, busyTimeoutMs, cacheKib: 2_048 });
  migrate(database, path);
  return database;
}

/** A new database with its writer, closed after the test. */
export function createTestDatabase() {
  const dir = testFolder();
  const path = join(dir, "telemetry.db");
  const database = openStoreDatabase(path);
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return { dir, path, database, writer: new StoreWriter(database) };
}
