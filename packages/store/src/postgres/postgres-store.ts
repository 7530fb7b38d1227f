// The store on PostgreSQL: one thread writes over a connection of its own, questions go over a few others.
import type { Worker } from "node:worker_threads";
import { CountedWrites } from "../counted-writes.ts";
import { NO_COUNTS, type WriterCounts } from "../sqlite/writer-counts.ts";
import type { CleanUpResult, Store } from "../store.ts";
import { startThread, ThreadLink } from "../thread-link.ts";
import { createPostgresAlerts } from "./alerts/alert-records.ts";
import { createPostgresFeed } from "./alerts/feed-queries.ts";
import { exportEvents } from "./event-export.ts";
import { type PostgresStoreOptions, toPostgresSettings } from "./postgres-options.ts";
import { createPostgresQueries } from "./queries/postgres-queries.ts";
import { createSqlPool, type SqlPool } from "./sql-pool.ts";
import type { PostgresNotice, PostgresWriterPlan } from "./writer-plan.ts";

/** A store on PostgreSQL: like any other. */
export type PostgresStore = Store;

/**
 * Opens the database at `url`; its schema is made, or brought up to date, where it is not. Several processes may write to it at once.
 * Rejects with `StoreError`: `database_unavailable` where it cannot be reached or this user may not, `not_a_store` for a schema with tables
 * of somebody else, `database_newer`.
 *
 * Where the server is lost later, writes are refused with `database_unavailable` and may be sent again; the store goes on by itself when it
 * is back, and brings in what a journal at `journalDir` has of the time between.
 *
 * @example
 * const store = await openPostgresStore({ url: process.env.DATABASE_URL, journalDir: "./telemetry" });
 * const { events, total } = await store.findEvents({ eventType: "decision" }, 100, 0);
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const store = new PostgresHost(options);
  try {
    await store.open();
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    ...createPostgresQueries(store.pool),
    alerts: createPostgresAlerts(store.alertPool),
    alertFeed: createPostgresFeed(store.alertPool),
    takeOtlp: (signal, body, format, given) => store.writes.takeOtlp(signal, body, format, given),
    writeEvents: (events) => store.writes.writeItems("writeEvents", events),
    writeSpans: (spans) => store.writes.writeItems("writeSpans", spans),
    writePoints: (points) => store.writes.writeItems("writePoints", points),
    onWritten: (listener) => store.writes.onWritten(listener),
    importJournal: (dir, from) => store.writes.importJournal(dir, from),
    cleanUp: (bounds) => store.cleanUp(bounds),
    exportEvents: (filter, format) => exportEvents(store.pool, filter, format),
    health: () => store.health(),
    close: () => store.close(),
  };
}

class PostgresHost {
  readonly pool: SqlPool;
  /** Of its own: whoever keeps the others busy with questions must not keep alerts from being evaluated. */
  readonly alertPool: SqlPool;
  readonly writes: CountedWrites;
  readonly #settings: ReturnType<typeof toPostgresSettings>;
  readonly #writer: ThreadLink<PostgresWriterPlan, PostgresNotice>;
  #writerCounts: WriterCounts = NO_COUNTS;
  #problem: string | undefined;
  #closing: Promise<unknown> | undefined;

  constructor(options: PostgresStoreOptions) {
    const settings = toPostgresSettings(options);
    const { url, place, schema, statementTimeoutMs, journalDir, redactKeys } = settings;
    const connection = { url, place, schema, statementTimeoutMs };
    this.#settings = settings;
    this.#writer = new ThreadLink({ role: "writer", connection, journalDir, redactKeys }, startWriter, (notice) =>
      this.#hear(notice),
    );
    this.writes = new CountedWrites(this.#writer, settings);
    this.pool = createSqlPool(connection, settings.poolSize);
    this.alertPool = createSqlPool(connection, ALERT_POOL_SIZE);
  }

  open(): Promise<void> {
    return this.#writer.call("open", []);
  }

  cleanUp(options: Parameters<Store["cleanUp"]>[0]): Promise<CleanUpResult> {
    return this.#writer.call("cleanUp", [options]);
  }

  health(): ReturnType<Store["health"]> {
    return { problem: this.#problem, ...this.writes.counts(), ...this.#writerCounts };
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all([this.#writer.close(), this.pool.close(), this.alertPool.close()]);
    await this.#closing;
    this.writes.close();
  }

  #hear(notice: PostgresNotice): void {
    const { place, onProblem, journalDir } = this.#settings;
    switch (notice.kind) {
      case "counts":
        this.#writerCounts = notice.counts;
        return;
      case "lost":
        this.#problem = notice.problem;
        return onProblem(notice.problem);
      case "caught_up":
        this.#problem = undefined;
        if (notice.records > 0) onProblem(`${place}: ${notice.records} records came from the journal in ${journalDir}`);
        return;
      case "catch_up_failed":
        this.#problem = `The journal in ${journalDir} could not be read: ${notice.problem}`;
        return onProblem(`${place}: ${this.#problem}`);
    }
  }
}

function startWriter(plan: PostgresWriterPlan): Worker {
  return startThread(import.meta.url, "./postgres-worker", "tracebook-postgres-writer", plan);
}

/** Connections for alerts; they are opened when somebody asks. */
const ALERT_POOL_SIZE = 2;
