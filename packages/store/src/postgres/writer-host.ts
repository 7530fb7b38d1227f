// The writer's thread: one connection that writes, and what is done when the server is gone and comes back.
import { toTimestamp } from "@tracebook/core";
import type { OtlpFormat, OtlpSignal } from "../otlp/read-otlp.ts";
import { ItemRedactor } from "../redaction/item-redactor.ts";
import { importJournal } from "../sqlite/maintenance/journal-import.ts";
import { withOwnBody } from "../sqlite/own-body.ts";
import { checkEvents } from "../sqlite/sound-events.ts";
import type { WorkerCall, WriteMethod } from "../sqlite/worker-calls.ts";
import { readWriteRequest, type WriteRequest } from "../sqlite/write-request.ts";
import type { CleanUpOptions, CleanUpResult, ImportOptions, ImportResult } from "../store.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";
import type { WriteResult } from "../write-result.ts";
import { BatchWriter, type RequestOutcome } from "./batch-writer.ts";
import { CatchUp, isRefusal } from "./catch-up.ts";
import { cleanUp } from "./cleanup.ts";
import { connect } from "./connection.ts";
import { CountLimits, readKnownKeys } from "./count-limits.ts";
import { DayGuard } from "./day-guard.ts";
import { DAY_TABLES } from "./day-parts.ts";
import type { EventBatch } from "./event-batch.ts";
import { InstanceNumbers } from "./instance-numbers.ts";
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
    const { journalDir: dir } = plan;
    const importMissed = async (from: string | undefined, to: string) =>
      (await this.importJournal(dir!, { from, to })).written;
    this.#catchUp = new CatchUp(dir === undefined ? undefined : importMissed, notify);
  }

  /** Migrates the schema, and sees to the days that come next. What the journal has of the time since the last event is brought in. */
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
      this.#catchUp.begin(await this.#lastTimeMs());
    } catch (error) {
      throw toPostgresError(error, "opening", connection.place);
    }
  }

  /** Reads calls that came one behind the other. It waits for nothing: the batch before may be on its way. */
  read(calls: readonly WorkerCall[]): ReadCalls {
    const requests = calls.map((call) => {
      try {
        return this.#read(call);
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
      const written = await this.#writer.write(
        requests.filter((request) => "kind" in request),
        batch,
      );
      this.#notice(written);
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
    await this.#inTurn(() => this.#parts.connection.close());
    await this.#maintenance.close();
  }

  #read({ method, args }: WorkerCall): WriteRequest {
    const [first, ...rest] = args;
    switch (method as WriteMethod) {
      case "takeOtlp":
        return withOwnBody(rest[0] as Uint8Array<ArrayBuffer>, (body) =>
          readWriteRequest(first as OtlpSignal, body, rest[1] as OtlpFormat, this.#redactor),
        );
      case "writeEvents":
        return checkEvents(first as readonly EventInput[]);
      case "writeSpans":
        return { kind: "spans", items: first as readonly SpanInput[], rejected: 0, message: undefined };
      case "writePoints":
        return { kind: "points", items: first as readonly MetricPointInput[], rejected: 0, message: undefined };
    }
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

  async #lastTimeMs(): Promise<number | undefined> {
    const sql =
      "SELECT extract(epoch FROM max(last_timestamp)) * 1000 AS ms FROM instances WHERE last_timestamp <= now()";
    const rows = await this.#parts.connection.rows<{ ms: string | null }>(sql);
    const ms = rows[0]?.ms ?? null;
    return ms === null ? undefined : Number(ms);
  }

  /** Whether the database takes what is written: what it has missed is in the journal. */
  #notice(outcomes: readonly RequestOutcome[]): void {
    const failure = outcomes.map((outcome) => ("error" in outcome ? outcome.error : undefined)).find(isRefusal);
    if (failure !== undefined) {
      if (failure.code === "database_unavailable") {
        // It may be another server that comes back, or the same one with an older state.
        this.#parts.instances.forget();
        this.#parts.days.forget();
      }
      this.#catchUp.refused(failure);
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
