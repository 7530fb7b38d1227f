// The store on SQLite: one thread writes, another reads, and the host's own thread does neither.
import type { AlertFeed } from "../alert-feed.ts";
import type { AlertRecords } from "../alert-records.ts";
import { CountedWrites } from "../counted-writes.ts";
import { StoreError } from "../errors.ts";
import { unpackDecisions } from "../queries/decision-rows.ts";
import { fromEventsJson } from "../queries/event-json.ts";
import type { CleanUpResult, Store } from "../store.ts";
import type { StoreQueries } from "../store-queries.ts";
import { createRemoteAlerts, createRemoteFeed } from "./alerts/remote-alerts.ts";
import { createRemoteQueries } from "./remote-queries.ts";
import { type SqliteStoreOptions, toSqliteSettings } from "./sqlite-options.ts";

import type { WorkerNotice } from "./worker-calls.ts";
import { WorkerLink } from "./worker-link.ts";
import { NO_COUNTS, type WriterCounts } from "./writer-counts.ts";

/**
 * Opens the database at `path`, which is made when it is not there. Rejects with `StoreError`: `not_a_store` for a file of another program,
 * `database_unavailable` where it may not be written. A damaged file, or one of a later version, is renamed and a new one begun.
 *
 * @example
 * const store = await openSqliteStore({ path: "./telemetry/telemetry.db", journalDir: "./telemetry" });
 * const { events, total } = await store.findEvents({ eventType: "decision" }, 100, 0);
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const store = new SqliteStore(options);
  try {
    await store.open();
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    ...store.queries,
    alerts: store.alerts,
    alertFeed: store.alertFeed,
    takeOtlp: (signal, body, format, options) => store.writes.takeOtlp(signal, body, format, options),
    writeEvents: (events) => store.writes.writeItems("writeEvents", events),
    writeSpans: (spans) => store.writes.writeItems("writeSpans", spans),
    writePoints: (points) => store.writes.writeItems("writePoints", points),
    onWritten: (listener) => store.writes.onWritten(listener),
    importJournal: (dir, from) => store.writes.importJournal(dir, from),
    cleanUp: (bounds) => store.cleanUp(bounds),
    exportEvents: (filter, format) => store.exportEvents(filter, format),
    health: () => store.health(),
    close: () => store.close(),
  };
}

class SqliteStore {
  readonly queries: StoreQueries;
  readonly writes: CountedWrites;
  readonly alerts: AlertRecords;
  readonly alertFeed: AlertFeed;
  readonly #settings: ReturnType<typeof toSqliteSettings>;
  readonly #writer: WorkerLink;
  readonly #reader: WorkerLink;
  #writerCounts: WriterCounts = NO_COUNTS;
  #problem: string | undefined;
  #exports = 0;
  #recovering: Promise<void> | undefined;

  constructor(options: SqliteStoreOptions) {
    const settings = toSqliteSettings(options);
    const { path, busyTimeoutMs, cacheKib, journalDir, reserveBytes, redactKeys } = settings;
    const open = { path, busyTimeoutMs, cacheKib };
    const common = { journalDir, reserveBytes, redactKeys };
    this.#settings = settings;
    this.#writer = new WorkerLink({ role: "writer", open: { ...open, isReadOnly: false }, ...common }, (notice) =>
      this.#hear(notice),
    );
    this.writes = new CountedWrites(this.#writer, { place: path, maxPendingBytes: settings.maxPendingBytes });
    this.#reader = new WorkerLink({ role: "reader", open: { ...open, isReadOnly: true }, ...common });
    this.alerts = createRemoteAlerts(
      (name, args) => this.#ask("alertQuery", ["records", name, args]),
      (name, args) => this.#writer.call("alertWrite", [name, args]),
    );
    this.alertFeed = createRemoteFeed((name, args) => this.#ask("alertQuery", ["feed", name, args]));
    const remote = createRemoteQueries((name, args) => this.#ask("query", [name, args]));
    this.queries = {
      ...remote,
      // One text crosses from thread to thread at a fraction of the price of objects within objects.
      recentEvents: async (...args) => fromEventsJson(await remote.recentEventsJson(...args)),
      findEvents: async (...args) => {
        const page = await remote.findEventsJson(...args);
        return { events: fromEventsJson(page), total: page.total };
      },
      judgedDecisions: async (...args) => unpackDecisions(await this.#ask("query", ["packedDecisions", args])),
    };
  }

  open(): Promise<void> {
    return this.#writer.call("open", []);
  }

  cleanUp(options: Parameters<Store["cleanUp"]>[0]): Promise<CleanUpResult> {
    return this.#writer.call("cleanUp", [options]);
  }

  async *exportEvents(...[filter, format]: Parameters<Store["exportEvents"]>): AsyncGenerator<Uint8Array> {
    const id = ++this.#exports;
    await this.#ask("beginExport", [id, filter, format]);
    try {
      for (;;) {
        const piece = await this.#reader.call<Uint8Array | undefined>("nextPiece", [id]);
        if (piece === undefined) return;
        yield piece;
      }
    } finally {
      await this.#reader.call("endExport", [id]).catch(() => {});
    }
  }

  health(): ReturnType<Store["health"]> {
    return { problem: this.#problem, ...this.writes.counts(), ...this.#writerCounts };
  }

  async close(): Promise<void> {
    await Promise.all([this.#writer.close(), this.#reader.close()]);
    this.writes.close();
  }

  /** Asks the reader; where it finds the file damaged, once more when there is a new one. */
  async #ask<T>(method: string, args: readonly unknown[]): Promise<T> {
    try {
      return await this.#reader.call<T>(method, args);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "database_corrupt") throw error;
      // Several may find it at the same time, and the new file must not be set aside as well.
      this.#recovering ??= this.#writer.call<void>("recover", [error.problem]).finally(() => {
        this.#recovering = undefined;
      });
      await this.#recovering;
      return this.#reader.call<T>(method, args);
    }
  }

  #hear(notice: WorkerNotice): void {
    const { path, onProblem, journalDir } = this.#settings;
    switch (notice.kind) {
      case "counts":
        this.#writerCounts = notice.counts;
        return;
      case "set_aside":
        // The reader has the old file open.
        void this.#reader.restart();
        this.#problem = `${notice.problem} It is now ${notice.path}, and ${path} was begun anew${journalDir === undefined ? ", empty" : ""}.`;
        return onProblem(this.#problem);
      case "log_lost":
        this.#problem = `The log of ${path} was damaged: the last rows are lost.`;
        return onProblem(this.#problem);
      case "rebuilt":
        this.#problem =
          `${this.#problem ?? ""} ${notice.records} records came back from the journal in ${journalDir}; spans and metrics did not.`.trim();
        return onProblem(`${path}: ${notice.records} records came back from the journal in ${journalDir}`);
      case "rebuild_failed":
        this.#problem =
          `${this.#problem ?? ""} The journal in ${journalDir} could not be read: ${notice.problem}`.trim();
        return onProblem(`${path}: the journal in ${journalDir} could not be read: ${notice.problem}`);
    }
  }
}
