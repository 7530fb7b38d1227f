// Brings a schema to the version of this code: all of a migration or nothing, whenever a process is killed, however many begin at once.
import type { ClientBase } from "pg";
import { StoreError } from "../errors.ts";
import { takeLock } from "./advisory-locks.ts";
import { POSTGRES_MIGRATIONS, POSTGRES_SCHEMA_VERSION, type PostgresMigration } from "./schema.ts";

/** Options of {@link migratePostgres}, for tests. */
export interface PostgresMigrateOptions {
  readonly migrations?: readonly PostgresMigration[];
  /** Called before each statement: what it throws ends the migration where it is. */
  readonly beforeStatement?: (statement: string) => void;
}

/**
 * Migrates `schema`, which is made when it is not there; returns the version it had (0: it was new). The connection is left with the schema
 * as its search path. A schema that is as it should be is only looked at: whoever opens a store need not be allowed to change it.
 *
 * Throws `not_a_store` for a schema with tables of somebody else, `database_newer` for one of a later version, and what PostgreSQL says.
 */
export async function migratePostgres(
  client: ClientBase,
  schema: string,
  options: PostgresMigrateOptions = {},
): Promise<number> {
  const { migrations = POSTGRES_MIGRATIONS } = options;
  const newest = migrations.at(-1)?.version ?? POSTGRES_SCHEMA_VERSION;
  await client.query(`SET search_path = ${client.escapeIdentifier(schema)}`);
  const found = await versionOf(client, schema, newest);
  for (const migration of migrations)
    if (migration.version > found) await apply(client, schema, migration, newest, options);
  return found;
}

async function versionOf(client: ClientBase, schema: string, newest: number): Promise<number> {
  const found = await client.query<{ versions: boolean; tables: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'schema_versions') AS versions,
       EXISTS (SELECT FROM pg_tables WHERE schemaname = $1) AS tables`,
    [schema],
  );
  const { versions, tables } = found.rows[0]!;
  if (!versions && tables)
    throw new StoreError("not_a_store", `The schema ${schema} has tables, but not those of Tracebook.`);
  if (!versions) return 0;
  const { rows } = await client.query<{ version: number }>(
    `SELECT coalesce(max(version), 0) AS version FROM ${client.escapeIdentifier(schema)}.schema_versions`,
  );
  const { version } = rows[0]!;
  if (version > newest)
    throw new StoreError(
      "database_newer",
      `The schema ${schema} has version ${version}; this program knows up to ${newest}.`,
    );
  return version;
}

async function apply(
  client: ClientBase,
  schema: string,
  { version, statements }: PostgresMigration,
  newest: number,
  { beforeStatement }: PostgresMigrateOptions,
): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(`SELECT ${takeLock("schema").replace("current_schema()", "$1::text")}`, [schema]);
    // Another process may have been first.
    if ((await versionOf(client, schema, newest)) < version)
      for (const statement of [...preparing(client, schema), ...statements, noting(version)]) {
        beforeStatement?.(statement);
        await client.query(statement);
      }
    beforeStatement?.("COMMIT");
    await client.query("COMMIT");
  } catch (error) {
    // The connection may be what has failed.
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** `pg_temp` last: what a user makes there must not be taken for a table or function of the store by those that run with other rights. */
function preparing(client: ClientBase, schema: string): readonly string[] {
  const name = client.escapeIdentifier(schema);
  return [
    `CREATE SCHEMA IF NOT EXISTS ${name}`,
    `SET LOCAL search_path = ${name}, pg_temp`,
    "CREATE TABLE IF NOT EXISTS schema_versions (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
  ];
}

function noting(version: number): string {
  return `INSERT INTO schema_versions (version) VALUES (${version})`;
}
