// Stores of PostgreSQL for the contract: the writer and the questions, over connections of their own.
import { afterAll } from "vitest";
import { BatchWriter } from "../src/postgres/batch-writer.ts";
import type { ConnectionPlan } from "../src/postgres/connection.ts";
import { CountLimits, readKnownKeys } from "../src/postgres/count-limits.ts";
import { DayGuard } from "../src/postgres/day-guard.ts";
import { InstanceNumbers } from "../src/postgres/instance-numbers.ts";
import { createPostgresQueries } from "../src/postgres/queries/postgres-queries.ts";
import { CREATE_STAGED_SPANS } from "../src/postgres/span-functions.ts";
import type { SqlClient } from "../src/postgres/sql-client.ts";
import { createSqlPool, type SqlPool } from "../src/postgres/sql-pool.ts";
import { CREATE_STAGED_EVENTS } from "../src/postgres/staged-events.ts";
import { WriteConnection } from "../src/postgres/write-connection.ts";
import type { WriteRequest } from "../src/sqlite/write-request.ts";
import type { ContractStore } from "./contract/contract-store.ts";
import { TEST_SCHEMA, usePostgres } from "./postgres-database.ts";

/** A store with what its questions are asked over. */
export interface PostgresContractStore extends ContractStore {
  readonly client: SqlClient;
}

/** A database with its connections, empty whenever nobody has it. */
interface TestDatabase {
  readonly pool: SqlPool;
  readonly connection: WriteConnection;
  /** The parts of days stay: what knows of them stays, too. */
  readonly days: DayGuard;
}

const KEPT = ["schema_versions", "day_tables", "last_ids"];
const FIRST_IDS = "UPDATE last_ids SET id = 0";
const TABLES = `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
  AND NOT relispartition AND relname <> ALL ($1::text[])`;

/** Opens stores of one server for all tests of a file: call it where tests are declared. A store that is closed leaves its database to the next. */
export function usePostgresStores(): () => Promise<PostgresContractStore> {
  const databases = usePostgres();
  const all: TestDatabase[] = [];
  const idle: TestDatabase[] = [];
  afterAll(async () => {
    for (const { pool, connection } of all) await Promise.all([pool.close(), connection.close()]);
  });
  return async () => {
    let database = idle.pop();
    if (database === undefined) {
      database = connectTo(await databases.create());
      all.push(database);
    }
    return openStore(database, () => idle.push(database));
  };
}

function connectTo(url: string): TestDatabase {
  const plan: ConnectionPlan = { url, place: "the test database", schema: TEST_SCHEMA, statementTimeoutMs: 60_000 };
  return {
    pool: createSqlPool(plan, 2),
    connection: new WriteConnection(plan, `${CREATE_STAGED_EVENTS}; ${CREATE_STAGED_SPANS}`),
    days: new DayGuard(),
  };
}

async function openStore(
  { pool, connection, days }: TestDatabase,
  giveBack: () => void,
): Promise<PostgresContractStore> {
  const limits = new CountLimits(await readKnownKeys(connection));
  const writer = new BatchWriter({ connection, instances: new InstanceNumbers(), days, limits }, "the test database");
  const write = async (request: Pick<WriteRequest, "kind" | "items">) => {
    const [outcome] = await writer.write([{ ...request, rejected: 0, message: undefined } as WriteRequest]);
    if (outcome !== undefined && "error" in outcome) throw outcome.error;
  };
  return {
    ...createPostgresQueries(pool),
    client: pool,
    writeEvents: (items) => write({ kind: "events", items }),
    writeSpans: (items) => write({ kind: "spans", items }),
    writePoints: (items) => write({ kind: "points", items }),
    close: async () => {
      const tables = await connection.rows<{ name: string }>(TABLES, [KEPT]);
      const deletes = tables.map(({ name }) => `DELETE FROM ${name}`);
      // All of it goes, in whatever order: nothing that points to something else is left.
      await connection.each(
        ["BEGIN", "SET LOCAL session_replication_role = replica", ...deletes, FIRST_IDS, "COMMIT"].join("; "),
      );
      giveBack();
    },
  };
}
