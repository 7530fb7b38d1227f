// Questions to PostgreSQL, over a few connections.
import pg from "pg";
import { type ConnectionPlan, clientConfig, sessionSettings } from "./connection.ts";
import { toPostgresError } from "./postgres-errors.ts";
import type { SqlClient, SqlRow, SqlValue } from "./sql-client.ts";

/** A pool. */
export interface SqlPool extends SqlClient {
  close(): Promise<void>;
}

const IDLE_MS = 30_000;

/** Makes a pool; connections are opened as they are needed, and again where they are lost. */
export function createSqlPool(plan: ConnectionPlan, size: number): SqlPool {
  const pool = new pg.Pool({
    ...clientConfig(plan),
    max: size,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    onConnect: async (client) => {
      await client.query(sessionSettings(plan));
    },
  });
  // What ends an idle connection concerns nobody: the next question opens another one.
  pool.on("error", () => {});
  return {
    rows: async <Row extends SqlRow>(sql: string, params: readonly SqlValue[] = []) => {
      try {
        return (await pool.query<Row>(sql, params as SqlValue[])).rows;
      } catch (error) {
        throw toPostgresError(error, "asking", plan.place);
      }
    },
    close: () => pool.end(),
  };
}
