// What is in the database of a desk that is closed.
import { DatabaseSync } from "node:sqlite";
import type { Mix } from "./samples.ts";

/** Rows of a mix one by one, and what the counts say that are kept while writing. */
export interface KeptCounts {
  readonly rows: number;
  readonly counted: number;
}

/** Counts the rows of a database into which nothing else was sent. */
export function countKept(path: string, mix: Mix | "logs"): KeptCounts {
  const database = new DatabaseSync(path, { readOnly: true });
  const count = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);
  try {
    if (mix === "spans")
      return { rows: count("SELECT count(*) FROM traces"), counted: count("SELECT sum(spans) FROM instances") };
    const table = mix === "decisions" ? "decisions" : "telemetry_events";
    const counted = count("SELECT sum(count) FROM event_rollups WHERE resolution = 86400");
    return { rows: count(`SELECT count(*) FROM ${table}`), counted };
  } finally {
    database.close();
  }
}

/** Id and time, in milliseconds since 1970, of each event up to an id, by rising id. */
export function readEventTimes(
  path: string,
  lastId: number,
): readonly { readonly id: number; readonly timeMs: number }[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare("SELECT id, timestamp FROM telemetry_events WHERE id <= ? ORDER BY id").all(lastId);
    return rows.map(({ id, timestamp }) => ({ id: Number(id), timeMs: timeMsOf(String(timestamp)) }));
  } finally {
    database.close();
  }
}

/** `2026-11-20T12:34:56.789012Z`: Date.parse leaves out what is below a millisecond. */
function timeMsOf(timestamp: string): number {
  return Date.parse(timestamp) + Number(timestamp.slice(23, 26)) / 1e3;
}
