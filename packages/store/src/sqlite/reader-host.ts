// The reader's thread: answers questions from a connection that cannot write.
import type { DatabaseSync } from "node:sqlite";
import type { ExportFormat } from "../store.ts";
import type { EventFilter } from "../store-queries.ts";
import { exportEvents } from "./maintenance/event-export.ts";
import { checkVersion } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { createSqliteQueries, type SqliteQueries } from "./queries/sqlite-queries.ts";
import { toStoreError } from "./sqlite-errors.ts";
import type { WorkerPlan } from "./worker-calls.ts";

/** What the reader's thread does when it is asked. */
export class ReaderHost {
  readonly #plan: WorkerPlan;
  readonly #exports = new Map<number, Iterator<Uint8Array>>();
  #opened: { readonly database: DatabaseSync; readonly queries: SqliteQueries } | undefined;

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
  }

  /** Answers one of the questions of `StoreQueries`. */
  query(name: keyof SqliteQueries, args: readonly unknown[]): unknown {
    return this.#use(({ queries }) => (queries[name] as (...all: readonly unknown[]) => unknown)(...args));
  }

  /** Begins an export; `id` is the caller's name for it. */
  beginExport(id: number, filter: EventFilter, format: ExportFormat): void {
    this.#use(({ database }) => this.#exports.set(id, exportEvents(database, filter, format)[Symbol.iterator]()));
  }

  /** Its next piece; undefined at its end. */
  nextPiece(id: number): Uint8Array | undefined {
    return this.#use(() => {
      const next = this.#exports.get(id)?.next();
      if (next?.done === false) return next.value;
      this.#exports.delete(id);
      return undefined;
    });
  }

  endExport(id: number): void {
    this.#exports.get(id)?.return?.();
    this.#exports.delete(id);
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }

  #use<T>(work: (opened: { readonly database: DatabaseSync; readonly queries: SqliteQueries }) => T): T {
    try {
      return work(this.#ready());
    } catch (error) {
      throw toStoreError(error, "reading", this.#plan.open.path);
    }
  }

  #ready() {
    if (this.#opened !== undefined) return this.#opened;
    const { open } = this.#plan;
    const database = openDatabase(open);
    try {
      checkVersion(database, open.path);
      this.#opened = { database, queries: createSqliteQueries(database, open.path) };
    } catch (error) {
      database.close();
      throw error;
    }
    return this.#opened;
  }
}
