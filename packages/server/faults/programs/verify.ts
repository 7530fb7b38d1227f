// Reads a database that nobody has open any more: what is in it by number, whether it is whole, and whether its counts are those of its rows.
import { DatabaseSync } from "node:sqlite";
import { ItemLedger } from "../../../node/faults/harness/item-ledger.ts";
import { keptCounts, recount } from "../../../store/test/recount.ts";
import type { FileReport } from "../file-report.ts";

/** Between run and number in a trace id: see `numberedTraceId`. */
const NUMBERED = /^([\da-f]{8})7ace0000fa110000([\da-f]{8})$/;
const MAX_DIFFERENCES = 5;

const [path = "", watchedType = ""] = process.argv.slice(2);
const database = new DatabaseSync(path, { readOnly: true });

function arrivals() {
  const ledger = new ItemLedger();
  const take = (sql: string) => {
    for (const row of database.prepare(sql).iterate()) {
      const [, run = "", number = ""] = NUMBERED.exec(String(row["trace_id"])) ?? [];
      if (run === "") continue;
      const [ofRun, ofItem] = [Number.parseInt(run, 16), Number.parseInt(number, 16)];
      ledger.take({ kind: String(row["kind"]), run: ofRun, number: ofItem, isNegative: false });
    }
  };
  take("SELECT trace_id, 'trading.' || event_type AS kind FROM telemetry_events ORDER BY id");
  take("SELECT trace_id, operation_name AS kind FROM traces ORDER BY id");
  return ledger.arrivals();
}

function differences(): string[] {
  const [kept, counted] = [keptCounts(database), recount(database)];
  const found: string[] = [];
  for (const table of Object.keys(counted)) {
    for (const key of new Set([...Object.keys(kept[table] ?? {}), ...Object.keys(counted[table] ?? {})])) {
      const [is, should] = [kept[table]?.[key], counted[table]?.[key]];
      if (is !== should) found.push(`${table} ${key}: ${is}, and ${should} by its rows`);
    }
  }
  return found;
}

function numbers(sql: string, ...values: string[]): number[] {
  return database
    .prepare(sql)
    .all(...values)
    .map((row) => Number(Object.values(row)[0]));
}

const wrong = differences();
const report: FileReport = {
  integrity: String(Object.values(database.prepare("PRAGMA integrity_check").get() ?? {})[0]),
  events: numbers("SELECT count(*) FROM telemetry_events")[0] ?? 0,
  spans: numbers("SELECT count(*) FROM traces")[0] ?? 0,
  arrivals: arrivals(),
  differences: wrong.slice(0, MAX_DIFFERENCES),
  watchedIds: numbers("SELECT id FROM telemetry_events WHERE event_type = ? ORDER BY id", watchedType),
};
database.close();
process.stdout.write(JSON.stringify(report));
