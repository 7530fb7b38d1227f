// The writer's thread: the database, the one that writes into it, and what is done when the file turns out to be damaged.
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import type { OtlpFormat, OtlpSignal } from "../otlp/read-otlp.ts";
import type { CleanUpOptions, CleanUpResult, ImportOptions, ImportResult } from "../store.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";
import type { WriteResult } from "../write-result.ts";
import { cleanUp } from "./maintenance/cleanup.ts";
import { inspectDatabase } from "./maintenance/inspect-database.ts";
import { toExactTimestamp } from "./maintenance/journal-event.ts";
import { importJournal } from "./maintenance/journal-import.ts";
import { logState } from "./maintenance/log-header.ts";
import { makeReserve } from "./maintenance/reserve-file.ts";
import { setAside } from "./maintenance/set-aside.ts";
import { toShallow } from "./maintenance/shallow-data.ts";
import { hasUnfinishedCuts } from "./maintenance/unfinished-cuts.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { toStoreError } from "./sqlite-errors.ts";
import { StoreWriter } from "./store-writer.ts";
import type { WorkerNotice, WorkerPlan } from "./worker-calls.ts";

interface Opened {
  readonly database: DatabaseSync;
  readonly writer: StoreWriter;
}

/** What the writer's thread does when it is asked. Every method throws `StoreError` for what the database cannot do. */
export class WriterHost {
  readonly #plan: WorkerPlan;
  readonly #notify: (notice: WorkerNotice) => void;
  #opened: Opened | undefined;
  #isInspected = false;

  constructor(plan: WorkerPlan, notify: (notice: WorkerNotice) => void) {
    this.#plan = plan;
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

  takeOtlp(signal: OtlpSignal, body: Uint8Array, format: OtlpFormat): WriteResult {
    return this.#use(({ writer }) => writer.takeOtlp(signal, body, format), "writing to");
  }

  writeEvents(events: readonly EventInput[]): WriteResult {
    const { sound, rejected, message } = checkEvents(events);
    return this.#use(({ writer }) => writer.writeEvents(sound, rejected, message), "writing to");
  }

  writeSpans(spans: readonly SpanInput[]): WriteResult {
    return this.#use(({ writer }) => writer.writeSpans(spans), "writing to");
  }

  writePoints(points: readonly MetricPointInput[]): WriteResult {
    return this.#use(({ writer }) => writer.writePoints(points), "writing to");
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
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.database.close();
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

  #ready(): Opened {
    if (this.#opened !== undefined) return this.#opened;
    const { open } = this.#plan;
    if (!this.#isInspected) this.#inspect();
    const database = openDatabase(open);
    try {
      migrate(database, open.path);
      this.#opened = { database, writer: new StoreWriter(database) };
    } catch (error) {
      database.close();
      throw error;
    }
    return this.#opened;
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
    this.close();
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

/** Events that the database can take: those whose timestamp is an instant, nested no deeper than it reads. */
function checkEvents(events: readonly EventInput[]) {
  const sound: EventInput[] = [];
  let message: string | undefined;
  for (const event of events) {
    const timestamp = toExactTimestamp(event.timestamp);
    if (timestamp === undefined)
      message ??= `The timestamp ${JSON.stringify(event.timestamp)} of a ${event.eventType} is none: 2026-11-20T12:34:56.789012Z is one.`;
    else sound.push({ ...event, timestamp, data: toShallow(event.data) });
  }
  return { sound, rejected: events.length - sound.length, message };
}
