// Brings a database to the schema of this version: all of a migration or nothing, whenever the process is killed.
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { APPLICATION_ID, MIGRATIONS, type Migration, SCHEMA_VERSION } from "./schema.ts";

/** Options of {@link migrate}, for tests. */
export interface MigrateOptions {
  readonly migrations?: readonly Migration[];
  /** Called before each statement: what it throws ends the migration where it is. */
  readonly beforeStatement?: (statement: string) => void;
}

/**
 * Migrates a database that was opened for writing; returns the version it had (0: it was new). Another process that does the same at
 * the same time is waited for. Throws `not_a_store` for somebody else's database and `database_newer` for one of a later version.
 */
export function migrate(database: DatabaseSync, path: string, options: MigrateOptions = {}): number {
  const { migrations = MIGRATIONS } = options;
  const found = checkVersion(database, path, migrations.at(-1)?.version ?? SCHEMA_VERSION);
  for (const migration of migrations) if (migration.version > found) apply(database, migration, options);
  return found;
}

/** The schema version of a database that is ours, or empty. Throws like {@link migrate}. */
export function checkVersion(database: DatabaseSync, path: string, newest = SCHEMA_VERSION): number {
  // The mark last: another process may migrate meanwhile, and what it has made must not look like somebody else's.
  const isUsed = hasTables(database);
  const version = pragma(database, "user_version");
  const application = pragma(database, "application_id");
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || isUsed))
    throw new StoreError("not_a_store", `${path} is a database, but not one of Tracebook.`);
  if (version > newest)
    throw new StoreError(
      "database_newer",
      `${path} has schema version ${version}; this program knows up to ${newest}.`,
    );
  return version;
}

function apply(database: DatabaseSync, { version, statements }: Migration, { beforeStatement }: MigrateOptions): void {
  // The lock first: two processes that find the same old version must not both migrate it.
  const all = [
    ...statements,
    `PRAGMA application_id = ${APPLICATION_ID}`,
    // Part of the transaction, as all of SQLite's header is.
    `PRAGMA user_version = ${version}`,
  ];
  database.exec("BEGIN IMMEDIATE");
  try {
    if (pragma(database, "user_version") < version) {
      for (const statement of all) {
        beforeStatement?.(statement);
        database.exec(statement);
      }
    }
    beforeStatement?.("COMMIT");
    database.exec("COMMIT");
  } catch (error) {
    // SQLite has done it already where the disk was full or the file damaged.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined;
}
