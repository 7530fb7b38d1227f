// Another process that reads the same file: in every transaction the kept counts must be those of the rows, and nothing may go away again.
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { answerOrders } from "../desk/answer-orders.ts";

/** What it has seen. */
export interface ReaderReport {
  readonly looks: number;
  /** Rows at the last look. */
  readonly rows: number;
  /** Looks at which something was wrong, and errors. */
  readonly failures: readonly string[];
}

const PAUSE_MS = 50;
const database = new DatabaseSync(process.argv[2] ?? "", { readOnly: true, timeout: 5_000 });
const rowCount = database.prepare("SELECT count(*) AS n FROM telemetry_events");
const keptCount = database.prepare("SELECT coalesce(sum(count), 0) AS n FROM event_rollups WHERE resolution = 60");
const failures: string[] = [];
let [looks, rows] = [0, 0];

function look(): void {
  database.exec("BEGIN");
  try {
    const [counted, kept] = [Number(rowCount.get()?.["n"]), Number(keptCount.get()?.["n"])];
    if (counted !== kept) failures.push(`${counted} rows, and ${kept} by the counts`);
    if (counted < rows) failures.push(`${counted} rows after ${rows}`);
    rows = counted;
    looks++;
  } finally {
    database.exec("ROLLBACK");
  }
}

async function work(): Promise<void> {
  for (;;) {
    try {
      look();
    } catch (error) {
      failures.push(String(error));
    }
    await sleep(PAUSE_MS);
  }
}

void work();
answerOrders<"report">(() => ({ looks, rows, failures }) satisfies ReaderReport);
