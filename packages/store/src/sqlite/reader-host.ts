// The reader's thread: answers questions from a connection that cannot write.
import type { DatabaseSync } from "node:sqlite";
import type { ExportFormat } from "../store.ts";
import type { EventFilter } from "../store-queries.ts";
import { createAlertQueries, type SqliteAlertQueries } from "./alerts/alert-queries.ts";
import { createAlertFeedQueries, type SqliteAlertFeed } from "./alerts/feed-queries.ts";
import { exportEvents } from "./maintenance/event-export.ts";
import { checkVersion } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { createSqliteQueries, type SqliteQueries } from "./queries/sqlite-queries.ts";
import { toStoreError } from "./sqlite-errors.ts";
import type { WorkerPlan } from "./worker-calls.ts";

interface Opened {
  readonly database: DatabaseSync;
  readonly queries: SqliteQueries;
  readonly alerts: SqliteAlertQueries;
  readonly feed: SqliteAlertFeed;
}

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** What the reader's thread does when it is asked. */
export class ReaderHost {
  readonly #plan: WorkerPlan;
  readonly #exports = new Map<number, Iterator<Uint8Array>>();
  #opened: Opened | undefined;

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
  }

  /** Answers one of the questions of `StoreQueries`. */
  query(name: keyof SqliteQueries, args: readonly unknown[]): unknown {
    return this.#use(({ queries }) => (queries[name] as (...all: readonly unknown[]) => unknown)(...args));
  }

  /** Answers one of the questions of `AlertRecords`, or of `AlertFeed`. */
  alertQuery(part: "records" | "feed", name: string, args: readonly unknown[]): unknown {
    return this.#use(({ alerts, feed }) =>
      ((part === "records" ? alerts : feed) as unknown as Methods)[name]!(...args),
    );
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

  #use<T>(work: (opened: Opened) => T): T {
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
      this.#opened = {
        database,
        queries: createSqliteQueries(database, open.path),
        alerts: createAlertQueries(database),
        feed: createAlertFeedQueries(database),
      };
    } catch (error) {
      database.close();
      throw error;
    }
    return this.#opened;
  }
}
