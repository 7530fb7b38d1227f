// The thread that looks at a database before a command opens it. A thread, because Node 22 calls `node:sqlite` experimental, on stderr.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { FileFinding, InspectPlan } from "./store-file.ts";

/** `PRAGMA application_id` of a store: "TBst". */
const APPLICATION_ID = 0x54427374;

function look({ path, busyTimeoutMs, newestSchema, checkPages }: InspectPlan): FileFinding {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    const application = numberOf(database, "PRAGMA application_id");
    const version = numberOf(database, "PRAGMA user_version");
    const tables = numberOf(database, "SELECT count(*) FROM sqlite_schema");
    if (application === 0 && version === 0 && tables === 0) return { state: "empty" };
    if (application !== APPLICATION_ID) return { state: "not_a_store" };
    if (version > newestSchema) return { state: "newer" };
    const problem = checkPages ? textOf(database, "PRAGMA quick_check(1)") : "ok";
    return problem === "ok" ? { state: "ours" } : { state: "damaged", problem };
  } catch (error) {
    return { state: "unreadable", problem: (error as Error).message };
  } finally {
    database?.close();
  }
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}

function textOf(database: DatabaseSync, sql: string): string {
  return String(Object.values(database.prepare(sql).get() ?? {})[0]);
}

parentPort?.postMessage(look(workerData as InspectPlan));
