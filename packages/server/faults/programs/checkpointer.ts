// Another process that carries the log over again and again, as somebody with `sqlite3` and a cron job may do.
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { answerOrders } from "../desk/answer-orders.ts";

/** What it has done so far. */
export interface CheckpointerReport {
  /** Logs that were cut to nothing, and tries in vain since others were at work. */
  readonly cut: number;
  readonly busy: number;
  readonly failures: readonly string[];
}

const PAUSE_MS = 10;
const database = new DatabaseSync(process.argv[2] ?? "", { timeout: 50 });
const failures: string[] = [];
let [cut, busy] = [0, 0];

async function work(): Promise<void> {
  for (;;) {
    try {
      if (database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"] === 0) cut++;
      else busy++;
    } catch (error) {
      failures.push(String(error));
    }
    await sleep(PAUSE_MS);
  }
}

void work();
answerOrders<"report">(() => ({ cut, busy, failures }) satisfies CheckpointerReport);
