// The writer's thread: the database, the one that writes into it, and what is done when the file turns out to be damaged.
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { ItemRedactor } from "../redaction/item-redactor.ts";
import type { CleanUpOptions, CleanUpResult, ImportOptions, ImportResult } from "../store.ts";
import { createAlertWriter, type SqliteAlertWriter } from "./alerts/alert-writer.ts";
import { cleanUp } from "./maintenance/cleanup.ts";
import { inspectDatabase } from "./maintenance/inspect-database.ts";
import { importJournal } from "./maintenance/journal-import.ts";
import { logState } from "./maintenance/log-header.ts";
import { makeReserve } from "./maintenance/reserve-file.ts";
import { setAside } from "./maintenance/set-aside.ts";
import { hasUnfinishedCuts } from "./maintenance/unfinished-cuts.ts";
import { checkVersion, migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { readWriteCall } from "./read-call.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { engineVersion, type ShareLock, takeForMigration, takeShare } from "./share-lock.ts";
import { toStoreError } from "./sqlite-errors.ts";
import { StoreWriter } from "./store-writer.ts";
import type { WorkerCall, WorkerNotice, WorkerPlan } from "./worker-calls.ts";
import type { WriteRequest } from "./write-request.ts";
import { NO_COUNTS } from "./writer-counts.ts";

/** How a call ended. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

interface Opened {
  readonly database: DatabaseSync;
  readonly writer: StoreWriter;
  readonly alerts: SqliteAlertWriter;
}

/** What the writer's thread does when it is asked. Every method throws `StoreError` for what the database cannot do. */
export class WriterHost {
  readonly #plan: WorkerPlan;
  readonly #redactor: ItemRedactor;
  readonly #notify: (notice: WorkerNotice) => void;
  readonly #engine: string;
  #share: ShareLock | undefined;
  #opened: Opened | undefined;
  #isInspected = false;
  #isHurried = false;
  #countsTold = JSON.stringify(NO_COUNTS);

  /** `engine` is the version of SQLite. */
  constructor(plan: WorkerPlan, notify: (notice: WorkerNotice) => void, engine: string = engineVersion()) {
    this.#plan = plan;
    this.#engine = engine;
    this.#redactor = new ItemRedactor(plan.redactKeys);
    this.#notify = notify;
  }

  /** Opens and migrates the database, or begins a new one in the place of one that cannot be used. */
  open(): void {
    const isUnfinished = this.#use(({ database }) => hasUnfinishedCuts(database), "opening");
    // Nobody needs to wait for either: the disk is not full yet, and what was to be removed is old.
    setImmediate(() => {
      const { open, reserveBytes } = this.#plan;
      if (this.#opened !== undefined && reserveBytes > 0) makeReserve(open.path, reserveBytes);
      if (this.#opened !== undefined && isUnfinished) this.cleanUp({}).catch(() => {});
    });
  }

  /**
   * Answers writes that came one behind the other, in one transaction. Each is there whole or not at all, and none is there of those whose
   * answer is an error.
   */
  writeAll(calls: readonly WorkerCall[]): readonly Outcome[] {
    const requests = calls.map((call) => attempt(() => readWriteCall(call, this.#redactor)));
    const sound = requests.flatMap((request) => ("value" in request ? [request.value] : []));
    const written = this.#writeTogether(sound);
    this.#tellCounts();
    let next = 0;
    return requests.map((request) => ("value" in request ? written[next++]! : request));
  }

  /** Writes into the records of alerts. */
  alertWrite(name: keyof SqliteAlertWriter, args: readonly unknown[]): unknown {
    return this.#use(({ alerts }) => (alerts[name] as (...all: readonly unknown[]) => unknown)(...args), "writing to");
  }

  /** Others write between its steps. */
  importJournal(dir: string, options: ImportOptions): Promise<ImportResult> {
    return this.#useLong(({ writer }) => importJournal(writer, dir, options), "writing to");
  }

  /** Others write between its steps. */
  cleanUp(options: CleanUpOptions): Promise<CleanUpResult> {
    const { reserveBytes } = this.#plan;
    return this.#useLong(({ database }) => cleanUp(database, { ...options, reserveBytes }), "cleaning");
  }

  /** Begins a new database in the place of this one, in which somebody who reads has found damage. */
  recover(problem: string): void {
    this.#beginAnew("corrupt", problem);
    this.#ready();
  }

  close(): void {
    this.#closeDatabase();
    this.#share?.release();
    this.#share = undefined;
  }

  #writeTogether(requests: readonly WriteRequest[]): readonly Outcome[] {
    const all = attempt(() => this.#use(({ writer }) => writer.writeAll(requests), "writing to"));
    if ("value" in all) return all.value.map((value) => ({ value }));
    if (isBusy(all.error)) this.#stopWaiting();
    // What the database cannot do now it can do for none of them. Anything else may be the fault of one.
    if (all.error instanceof StoreError || requests.length === 1) return requests.map(() => all);
    return requests.flatMap((request) => this.#writeTogether([request]));
  }

  /**
   * The lock was waited for in vain. What has come meanwhile has waited as well: it gets one try and no wait of its own, else whoever is last
   * in the row would be answered after as many waits as there are transactions before it.
   */
  #stopWaiting(): void {
    if (this.#isHurried || this.#opened === undefined) return;
    this.#isHurried = true;
    this.#opened.database.exec("PRAGMA busy_timeout = 0");
    // The port hands over all that it has before this comes.
    setImmediate(() => {
      this.#isHurried = false;
      this.#opened?.database.exec(`PRAGMA busy_timeout = ${this.#plan.open.busyTimeoutMs}`);
    });
  }

  /** Ahead of the answer to the write: whoever has that, and asks, is told what came of it. */
  #tellCounts(): void {
    const counts = this.#opened?.writer.counts();
    const text = JSON.stringify(counts);
    if (counts === undefined || text === this.#countsTold) return;
    this.#countsTold = text;
    this.#notify({ kind: "counts", counts });
  }

  #use<T>(work: (opened: Opened) => T, doing: string): T {
    try {
      return work(this.#ready());
    } catch (error) {
      const { path } = this.#plan.open;
      const failure = toStoreError(error, doing, path);
      if (!(failure instanceof StoreError)) throw failure;
      if (failure.code === "database_corrupt") this.#beginAnew("corrupt", failure.problem);
      else if (failure.code === "database_newer") this.#beginAnew("newer", failure.problem);
      else throw failure;
      // Once more, and no further: a new file that is damaged at once says something about the disk.
      return work(this.#ready());
    }
  }

  /** Work in many steps: damage that it meets is answered, but it is not done again. */
  async #useLong<T>(work: (opened: Opened) => Promise<T>, doing: string): Promise<T> {
    const opened = this.#use((ready) => ready, doing);
    try {
      return await work(opened);
    } catch (error) {
      const failure = toStoreError(error, doing, this.#plan.open.path);
      const isDamage = failure instanceof StoreError && failure.code === "database_corrupt";
      // Another database may be in its place by now.
      if (isDamage && this.#opened === opened) this.recover(failure.problem);
      throw failure;
    }
  }

  #closeDatabase(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.database.close();
  }

  #ready(): Opened {
    if (this.#opened !== undefined) return this.#opened;
    const { open } = this.#plan;
    this.#share ??= takeShare(open.path, this.#engine, open.busyTimeoutMs);
    if (!this.#isInspected) this.#inspect();
    const database = openDatabase(open);
    try {
      this.#migrate(database);
      this.#opened = {
        database,
        writer: new StoreWriter(database, this.#redactor),
        alerts: createAlertWriter(database),
      };
    } catch (error) {
      database.close();
      throw error;
    }
    return this.#opened;
  }

  #migrate(database: DatabaseSync): void {
    const { path, busyTimeoutMs } = this.#plan.open;
    const version = checkVersion(database, path);
    // A new one nobody knows otherwise: several that begin it at the same time do it together.
    if (version === 0 || version === SCHEMA_VERSION) {
      migrate(database, path);
      return;
    }
    this.#share?.release();
    this.#share = undefined;
    const alone = takeForMigration(path, busyTimeoutMs);
    try {
      migrate(database, path);
    } finally {
      alone.release();
    }
    this.#share = takeShare(path, this.#engine, busyTimeoutMs);
  }

  /** What lies at the path, before SQLite has touched it: with a damaged header it takes our file for another program's. */
  #inspect(): void {
    const { path, busyTimeoutMs } = this.#plan.open;
    this.#isInspected = true;
    const isLogLost = logState(path) === "damaged";
    const state = inspectDatabase(path, { busyTimeoutMs });
    if (state === "not_a_store") throw new StoreError("not_a_store", `${path} is not a database of Tracebook.`);
    if (state === "corrupt") throw new StoreError("database_corrupt", `${path} is damaged.`);
    if (state === "newer")
      throw new StoreError("database_newer", `${path} has a later schema version than ${SCHEMA_VERSION}.`);
    if (!isLogLost) return;
    this.#notify({ kind: "log_lost" });
    // Once the caller of this has opened it.
    setImmediate(() => this.#fillFromJournal());
  }

  #beginAnew(why: "corrupt" | "newer", problem: string): void {
    const { open } = this.#plan;
    this.#closeDatabase();
    const path = setAside(open.path, why, Date.now());
    this.#notify({ kind: "set_aside", why, path, problem });
    this.#isInspected = true;
    // What is written in the meantime goes in between: the order of ids is the order of writing.
    this.#fillFromJournal();
  }

  #fillFromJournal(): void {
    const { journalDir } = this.#plan;
    if (journalDir === undefined) return;
    this.importJournal(journalDir, {}).then(
      ({ records, skipped }) => this.#notify({ kind: "rebuilt", records, skipped }),
      (error: unknown) => this.#notify({ kind: "rebuild_failed", problem: (error as Error).message }),
    );
  }
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof StoreError && error.code === "database_busy";
}
