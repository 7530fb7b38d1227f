// The writer's thread: one connection that writes, and what is done when the server is gone and comes back.
import { parseTimestamp, toTimestamp } from "@tracebook/core";
import { ItemRedactor } from "../redaction/item-redactor.ts";
import { importJournal } from "../sqlite/maintenance/journal-import.ts";
import { readWriteCall } from "../sqlite/read-call.ts";
import type { WorkerCall } from "../sqlite/worker-calls.ts";
import type { WriteRequest } from "../sqlite/write-request.ts";
import type { CleanUpOptions, CleanUpResult, ImportOptions, ImportResult } from "../store.ts";
import type { EventInput } from "../store-input.ts";
import type { WriteResult } from "../write-result.ts";
import { BatchWriter, type RequestOutcome } from "./batch-writer.ts";
import { CatchUp, isRefusal, type MissedRange, OVERLAP_MS } from "./catch-up.ts";
import { cleanUp } from "./cleanup.ts";
import { connect } from "./connection.ts";
import { CountLimits, readKnownKeys } from "./count-limits.ts";
import { DayGuard } from "./day-guard.ts";
import { DAY_TABLES } from "./day-parts.ts";
import type { EventBatch } from "./event-batch.ts";
import { InstanceNumbers } from "./instance-numbers.ts";
import { JournalPositions, keyOf } from "./journal-positions.ts";
import { migratePostgres } from "./migrate.ts";
import { toPostgresError } from "./postgres-errors.ts";
import { CREATE_STAGED_SPANS } from "./span-functions.ts";
import { CREATE_STAGED_EVENTS } from "./staged-events.ts";
import { WriteConnection } from "./write-connection.ts";
import type { WriterParts } from "./writer-parts.ts";
import type { PostgresNotice, PostgresWriterPlan } from "./writer-plan.ts";

/** Calls that were read: what is to be written, and the rows of it as far as they could be made. */
export interface ReadCalls {
  readonly requests: readonly (WriteRequest | { readonly error: unknown })[];
  readonly batch: EventBatch | undefined;
}

/** What the writer's thread does when it is asked. Every method rejects with `StoreError` for what the database cannot do. */
export class PostgresWriterHost {
  readonly #plan: PostgresWriterPlan;
  readonly #notify: (notice: PostgresNotice) => void;
  readonly #redactor: ItemRedactor;
  readonly #parts: WriterParts;
  readonly #writer: BatchWriter;
  readonly #maintenance: WriteConnection;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #catchUp: CatchUp;
  readonly #positions = new JournalPositions();
  #countsTold = "";

  constructor(plan: PostgresWriterPlan, notify: (notice: PostgresNotice) => void) {
    this.#plan = plan;
    this.#notify = notify;
    this.#redactor = new ItemRedactor(plan.redactKeys);
    this.#parts = {
      connection: new WriteConnection(plan.connection, `${CREATE_STAGED_EVENTS}; ${CREATE_STAGED_SPANS}`),
      instances: new InstanceNumbers(),
      days: new DayGuard(),
      limits: undefined,
    };
    this.#maintenance = new WriteConnection(plan.connection, "SELECT 1");
    this.#writer = new BatchWriter(this.#parts, plan.connection.place);
    this.#catchUp = new CatchUp(
      plan.journalDir === undefined ? undefined : (range) => this.#importMissed(range),
      notify,
    );
  }

  /** Migrates the schema, and sees to the days that come next. What the journal has that the database has not is brought in. */
  async open(): Promise<void> {
    const { connection } = this.#plan;
    try {
      const client = await connect(connection);
      try {
        await migratePostgres(client, connection.schema);
      } finally {
        await client.abandon();
      }
      this.#parts.limits = new CountLimits(await readKnownKeys(this.#parts.connection));
      await this.#makeDays();
      this.#catchUp.begin();
    } catch (error) {
      throw toPostgresError(error, "opening", connection.place);
    }
  }

  /** Reads calls that came one behind the other. It waits for nothing: the batch before may be on its way. */
  read(calls: readonly WorkerCall[]): ReadCalls {
    const requests = calls.map((call) => {
      try {
        return readWriteCall(call, this.#redactor);
      } catch (error) {
        return { error };
      }
    });
    return { requests, batch: this.#writer.prepare(requests.filter((request) => "kind" in request)) };
  }

  /** Writes what was read, and answers each call. */
  write({
    requests,
    batch,
  }: ReadCalls): Promise<readonly ({ readonly value: unknown } | { readonly error: unknown })[]> {
    return this.#inTurn(async () => {
      const read = requests.filter((request) => "kind" in request);
      const written = await this.#writer.write(read, batch);
      this.#notice(read, written);
      await this.#notePositions(read, written);
      this.#tellCounts();
      let next = 0;
      return requests.map((request) => ("kind" in request ? written[next++]! : request));
    });
  }

  /** Others write between its batches. */
  importJournal(dir: string, options: ImportOptions): Promise<ImportResult> {
    return importJournal({ writeEvents: (events) => this.#writeEvents(events) }, dir, options);
  }

  /** Others write between its steps. */
  async cleanUp(options: CleanUpOptions): Promise<CleanUpResult> {
    try {
      return await cleanUp(this.#maintenance, options);
    } catch (error) {
      throw toPostgresError(error, "cleaning", this.#plan.connection.place);
    } finally {
      await this.#maintenance.close();
    }
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#catchUp.isComplete && this.#plan.journalDir !== undefined) await this.#note(Date.now()).catch(() => {});
      await this.#parts.connection.close();
    });
    await this.#maintenance.close();
  }

  #writeEvents(items: readonly EventInput[]): Promise<WriteResult> {
    return this.#inTurn(async () => {
      const [outcome] = await this.#writer.write([{ kind: "events", items, rejected: 0, message: undefined }]);
      if (outcome !== undefined && "value" in outcome) return outcome.value;
      throw outcome?.error;
    });
  }

  /** One after the other: a transaction is several calls of the one connection. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Today's parts and those that come, before they are needed: then nobody who writes waits for a part. */
  async #makeDays(): Promise<void> {
    const days = [0, 1].map((day) => toTimestamp((Date.now() + day * 86_400_000) * 1_000));
    const tables = [...DAY_TABLES.map(({ name }) => name), "metric_samples"];
    await this.#parts.days.ensure(this.#parts.connection, tables, days);
  }

  /** What the journal has of a range, or of each instance behind its position. */
  async #importMissed({ from, to }: MissedRange): Promise<number> {
    const { connection } = this.#parts;
    const positions = from === undefined ? await this.#inTurn(() => this.#positions.read(connection)) : undefined;
    const isWanted = ({ source, timestamp }: EventInput): boolean => {
      const position = positions?.get(keyOf(source.instanceId));
      return position === undefined || (parseTimestamp(timestamp) ?? position) >= position - OVERLAP_MS * 1_000;
    };
    const sink = { writeEvents: (events: readonly EventInput[]) => this.#writeMissed(events) };
    const { written } = await importJournal(sink, this.#plan.journalDir!, {
      ...(from !== undefined && { from }),
      to,
      isWanted,
    });
    return written;
  }

  async #writeMissed(events: readonly EventInput[]): Promise<WriteResult> {
    const result = await this.#writeEvents(events);
    this.#positions.saw(events);
    return result;
  }

  /** While nothing is missing, what is written is where a next start goes on. It costs a statement a minute; one that fails is made up for later. */
  async #notePositions(requests: readonly WriteRequest[], outcomes: readonly RequestOutcome[]): Promise<void> {
    if (this.#plan.journalDir === undefined) return;
    for (const [i, request] of requests.entries())
      if (request.kind === "events" && "value" in outcomes[i]!) this.#positions.saw(request.items);
    const nowMs = Date.now();
    if (this.#catchUp.isComplete && this.#positions.isDue(nowMs)) await this.#note(nowMs).catch(() => {});
  }

  #note(nowMs: number): Promise<void> {
    return this.#positions.note(this.#parts.connection, nowMs);
  }

  /** Whether the database takes what is written: what it has missed is in the journal. */
  #notice(requests: readonly WriteRequest[], outcomes: readonly RequestOutcome[]): void {
    const failure = outcomes.map((outcome) => ("error" in outcome ? outcome.error : undefined)).find(isRefusal);
    if (failure !== undefined) {
      if (failure.code === "database_unavailable") {
        // It may be another server that comes back, or the same one with an older state.
        this.#parts.instances.forget();
        this.#parts.days.forget();
      }
      this.#catchUp.refused(failure, firstMsOf(requests.filter((_, i) => "error" in outcomes[i]!)));
    }
    if (outcomes.some((outcome) => "value" in outcome)) this.#catchUp.accepted();
  }

  /** Ahead of the answer to the write: whoever has that, and asks, is told what came of it. */
  #tellCounts(): void {
    const others = this.#parts.limits?.others();
    if (others === undefined) return;
    const counts = { ...this.#redactor.counts(), beyondBounds: { ...others, points: this.#writer.refusedPoints } };
    const text = JSON.stringify(counts);
    if (text === this.#countsTold) return;
    this.#countsTold = text;
    this.#notify({ kind: "counts", counts });
  }
}

/** When the first of the events among requests was recorded; undefined where there are none. */
function firstMsOf(requests: readonly WriteRequest[]): number | undefined {
  let first: string | undefined;
  for (const request of requests)
    if (request.kind === "events")
      for (const { timestamp } of request.items) if (first === undefined || timestamp < first) first = timestamp;
  const micros = first === undefined ? undefined : parseTimestamp(first);
  return micros === undefined ? undefined : micros / 1_000;
}
