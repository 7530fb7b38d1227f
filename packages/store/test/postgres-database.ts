// Databases with the schema of the store, for tests.
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { migratePostgres } from "../src/postgres/migrate.ts";
import { type PostgresServer, postgresBinaries, startPostgres } from "./postgres-server.ts";

/** What every test database has its tables in. */
export const TEST_SCHEMA = "tracebook";

const TEMPLATE = "tracebook_template";

/** Gives databases of one server. */
export interface PostgresDatabases {
  readonly server: PostgresServer;
  /** A new database that is migrated and empty; its URL. */
  create(): Promise<string>;
  /** A new database without anything; its URL. */
  createEmpty(): Promise<string>;
}

/** False where PostgreSQL is not installed: then its tests are skipped, and a line says so. */
export const HAS_POSTGRES: boolean = postgresBinaries() !== undefined;
if (!HAS_POSTGRES) process.stderr.write("PostgreSQL is not installed: the tests that need it are skipped.\n");

/** A server for all tests of a file, which ends after them. Call it where tests are declared. */
export function usePostgres(settings: readonly string[] = []): PostgresDatabases {
  let server: PostgresServer;
  let count = 0;
  beforeAll(async () => {
    server = await startPostgres(settings);
    await command(server.url(), `CREATE DATABASE ${TEMPLATE}`);
    const client = new pg.Client({ connectionString: server.url(TEMPLATE) });
    await client.connect();
    await migratePostgres(client, TEST_SCHEMA);
    await client.end();
  }, 60_000);
  afterAll(() => server.close());
  const create = async (from: string) => {
    const name = `test_${++count}`;
    await command(server.url(), `CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY FILE_COPY`);
    return server.url(name);
  };
  return {
    get server() {
      return server;
    },
    create: () => create(TEMPLATE),
    createEmpty: () => create("template0"),
  };
}

/** Runs a statement at a database. */
export async function command(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  // A server that crashes meanwhile is heard of by the statement.
  client.on("error", () => {});
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
