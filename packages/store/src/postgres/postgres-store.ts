// The store on PostgreSQL: one thread writes over a connection of its own, questions go over a few others.
import { Worker } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import { NO_COUNTS, type WriterCounts } from "../sqlite/writer-counts.ts";
import type { CleanUpResult, ImportResult, Store } from "../store.ts";
import { ThreadLink } from "../thread-link.ts";
import type { WriteResult } from "../write-result.ts";
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
    takeOtlp: (signal, body, format, given) => store.takeOtlp(signal, body, format, given),
    writeEvents: (events) => store.writeItems("writeEvents", events),
    writeSpans: (spans) => store.writeItems("writeSpans", spans),
    writePoints: (points) => store.writeItems("writePoints", points),
    onWritten: (listener) => store.onWritten(listener),
    importJournal: (dir, from) => store.importJournal(dir, from),
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
  readonly #settings: ReturnType<typeof toPostgresSettings>;
  readonly #writer: ThreadLink<PostgresWriterPlan, PostgresNotice>;
  readonly #listeners = new Set<(result: WriteResult) => void>();
  readonly #counts = { written: 0, duplicates: 0, rejected: 0, failedWrites: 0, pendingBytes: 0 };
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
    this.pool = createSqlPool(connection, settings.poolSize);
    this.alertPool = createSqlPool(connection, ALERT_POOL_SIZE);
  }

  open(): Promise<void> {
    return this.#writer.call("open", []);
  }

  takeOtlp(...[signal, body, format, options]: Parameters<Store["takeOtlp"]>): Promise<WriteResult> {
    const isOurs = options?.isHandedOver === true && body.buffer instanceof ArrayBuffer;
    // Whose body it is may use it again, and it may be a view of a buffer that is much larger. (The slice of a Buffer is no copy.)
    const own = isOurs ? (body as Uint8Array<ArrayBuffer>) : new Uint8Array(body);
    return this.#write("takeOtlp", [signal, own, format], own.byteLength, [own.buffer]);
  }

  writeItems(method: string, items: readonly unknown[]): Promise<WriteResult> {
    return this.#write(method, [items], items.length * ITEM_BYTES);
  }

  onWritten(listener: (result: WriteResult) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  importJournal(...[dir, options = {}]: Parameters<Store["importJournal"]>): Promise<ImportResult> {
    return this.#writer.call("importJournal", [dir, options]);
  }

  cleanUp(options: Parameters<Store["cleanUp"]>[0]): Promise<CleanUpResult> {
    return this.#writer.call("cleanUp", [options]);
  }

  health(): ReturnType<Store["health"]> {
    return { problem: this.#problem, ...this.#counts, ...this.#writerCounts };
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all([this.#writer.close(), this.pool.close(), this.alertPool.close()]);
    await this.#closing;
    this.#listeners.clear();
  }

  async #write(
    method: string,
    args: readonly unknown[],
    bytes: number,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<WriteResult> {
    const counts = this.#counts;
    if (counts.pendingBytes + bytes > this.#settings.maxPendingBytes && counts.pendingBytes > 0) {
      counts.failedWrites++;
      const { place } = this.#settings;
      throw new StoreError("store_overloaded", `${counts.pendingBytes} bytes wait to be written to ${place}.`);
    }
    counts.pendingBytes += bytes;
    try {
      const result = await this.#writer.call<WriteResult>(method, args, transfer);
      counts.written += result.written;
      counts.duplicates += result.duplicates;
      counts.rejected += result.rejected;
      if (result.written > 0) this.#tell(result);
      return result;
    } catch (error) {
      counts.failedWrites++;
      throw error;
    } finally {
      counts.pendingBytes -= bytes;
    }
  }

  #tell(result: WriteResult): void {
    for (const listener of this.#listeners) {
      try {
        listener(result);
      } catch {
        // It is theirs.
      }
    }
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
  // From source there is no built file beside this one, and workspace packages are found under the condition of the workspace.
  const isSource = import.meta.url.endsWith(".ts");
  const url = new URL(isSource ? "./postgres-worker.ts" : "./postgres-worker.js", import.meta.url);
  return new Worker(url, {
    name: "tracebook-postgres-writer",
    workerData: plan,
    execArgv: isSource ? ["--conditions=@tracebook/source", ...QUIET] : QUIET,
    // None of the host's: NODE_OPTIONS may hold an --import that would start telemetry in here.
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
}

/** Connections for alerts; they are opened when somebody asks. */
const ALERT_POOL_SIZE = 2;

/** About what an event, a span or a point takes on its way to the writer. */
const ITEM_BYTES = 512;

/** V8 would take 64 MiB for what lives as long as a request; with less of it a request costs the same. */
const YOUNG_MIB = 16;

/** Older versions of Node say of what they run from source that it is experimental, on stderr. */
const QUIET = ["--disable-warning=ExperimentalWarning"];
