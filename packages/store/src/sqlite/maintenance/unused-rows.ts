// Removes series of metrics that have no points, filters of trace ids that are of no event, and instances that nothing is of.
import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "./transaction.ts";

/** A series that fell silent may speak again: without its state, all that it ever counted would be new. */
const SILENT_MICROS = 86_400e6;
const SCAN_ROWS = 20_000;
/** Tables of more rows are not searched for instances: those take a ten-thousandth of their room. */
const MAX_SCANNED_ROWS = 1_000_000;

/**
 * Removes series without points whose last point was before `cutMicros`, and a day before `nowMicros`; up to `limit` in a transaction. False
 * when none is left.
 *
 * The last one that was made stays, here as with filters and instances: whoever knows a row by its number finds it gone, and never
 * another one in its place.
 */
export function removeSilentSeries(
  database: DatabaseSync,
  cutMicros: number,
  nowMicros: number,
  limit: number,
): boolean {
  const remove = database.prepare(
    `DELETE FROM metric_series WHERE id IN (SELECT id FROM metric_series AS s
       WHERE last_time_micros < ? AND id < (SELECT max(id) FROM metric_series)
         AND NOT EXISTS (SELECT 1 FROM metric_points WHERE series = s.id) LIMIT ?)`,
  );
  const before = Math.min(cutMicros, nowMicros - SILENT_MICROS);
  return inTransaction(database, () => Number(remove.run(before, limit).changes)) === limit;
}

/** Removes filters of trace ids whose events are all gone; up to `limit` in a transaction. False when none is left. */
export function removeEmptyFilters(database: DatabaseSync, limit: number): boolean {
  const remove = database.prepare(
    `DELETE FROM trace_filters WHERE id IN (SELECT id FROM trace_filters AS f
       WHERE id < (SELECT max(id) FROM trace_filters)
         AND NOT EXISTS (SELECT 1 FROM telemetry_events WHERE id BETWEEN f.first_id AND f.last_id) LIMIT ?)`,
  );
  return inTransaction(database, () => Number(remove.run(limit).changes)) === limit;
}

/** Rows of one table, by ids that rise with the order of writing. */
interface Scan {
  readonly table: "telemetry_events" | "traces";
  readonly condition: string;
  /** The newest row at the beginning. */
  readonly last: number;
  next: number;
}

/** Looks for instances that nothing refers to, in steps, and removes them. */
export class UnusedInstances {
  readonly #database: DatabaseSync;
  readonly #unused: Set<number>;
  readonly #scans: readonly Scan[];
  readonly #isTooMuch: boolean;

  constructor(database: DatabaseSync) {
    this.#database = database;
    // Records with a number are found by it, and known by it should a journal bring them again; whoever still has a series is alive.
    const rows = database
      .prepare(
        `SELECT id FROM instances AS i WHERE id < (SELECT max(id) FROM instances)
           AND NOT EXISTS (SELECT 1 FROM telemetry_events WHERE instance = i.id AND seq IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM system_records WHERE instance = i.id AND seq IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM business_metrics WHERE instance = i.id AND seq IS NOT NULL)
           AND id NOT IN (SELECT instance FROM metric_series)`,
      )
      .all() as { id: number }[];
    this.#unused = new Set(rows.map(({ id }) => id));
    this.#scans = [this.#scanOf("telemetry_events", "AND seq IS NULL"), this.#scanOf("traces", "")];
    this.#isTooMuch = this.#scans.some(({ next, last }) => last - next > MAX_SCANNED_ROWS);
  }

  /** Looks at the next rows, and removes what is left when all have been seen. False when there is nothing more to do. */
  step(): boolean {
    if (this.#unused.size === 0 || this.#isTooMuch) return false;
    const scan = this.#scans.find(({ next, last }) => next <= last);
    if (scan === undefined) {
      this.#remove();
      return false;
    }
    const to = scan.next + SCAN_ROWS;
    this.#see(scan, scan.next, to);
    scan.next = to;
    return true;
  }

  #scanOf(table: Scan["table"], condition: string): Scan {
    const { first, last } = this.#database
      .prepare(`SELECT coalesce(min(id), 1) AS first, coalesce(max(id), 0) AS last FROM ${table}`)
      .get() as { first: number; last: number };
    return { table, condition, last, next: first };
  }

  #see({ table, condition }: Scan, from: number, to: number): void {
    const rows = this.#database.prepare(`SELECT DISTINCT instance FROM ${table} WHERE id >= ? AND id < ? ${condition}`);
    for (const row of rows.iterate(from, to)) this.#unused.delete((row as { instance: number }).instance);
  }

  /** SQLite would look for references in every row of tables that have no index of them: it has been done, all but the newest rows. */
  #remove(): void {
    const database = this.#database;
    const remove = database.prepare("DELETE FROM instances WHERE id = ?");
    database.exec("PRAGMA foreign_keys = OFF");
    try {
      inTransaction(database, () => {
        for (const scan of this.#scans) this.#see({ ...scan, condition: "" }, scan.last + 1, Number.MAX_SAFE_INTEGER);
        this.#seeSeries();
        for (const id of this.#unused) remove.run(id);
      });
    } finally {
      database.exec("PRAGMA foreign_keys = ON");
    }
  }

  #seeSeries(): void {
    const rows = this.#database.prepare("SELECT DISTINCT instance FROM metric_series");
    for (const row of rows.iterate()) this.#unused.delete((row as { instance: number }).instance);
  }
}
