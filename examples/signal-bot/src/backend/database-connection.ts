// The connections to PostgreSQL.
import pg from "pg";
import type { Logger } from "pino";
import { createOutageLog } from "../shared/outage-log.ts";
import { createDatabase, type Database } from "./database.ts";
import { explainDatabaseError } from "./database-error.ts";
import { SCHEMA, TABLES } from "./database-schema.ts";

/** Connects, and makes the tables where they are missing. Rejects with what to do when PostgreSQL cannot be had. */
export async function openDatabase(url: URL, log: Logger): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url.href,
    max: 8,
    options: `-c search_path=${SCHEMA}`,
    connectionTimeoutMillis: 5_000,
  });
  const outage = createOutageLog(log, "PostgreSQL is in trouble", "PostgreSQL is back");
  // A connection that breaks while it is idle; without a listener it would end the process.
  pool.on("error", outage.failed);
  pool.on("connect", outage.worked);
  try {
    await pool.query(`create schema if not exists ${SCHEMA}`);
    await pool.query(TABLES);
  } catch (error) {
    await pool.end();
    throw explainDatabaseError(error, url);
  }
  return createDatabase(pool);
}
