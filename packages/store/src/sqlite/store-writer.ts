// Writes requests into the database, one transaction each: all of a request or nothing.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import { type OtlpFormat, type OtlpSignal, readOtlpLogs, readOtlpMetrics, readOtlpSpans } from "../otlp/read-otlp.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";
import type { WriteResult } from "../write-result.ts";
import { EventWriter } from "./event-writer.ts";
import { InstanceIds } from "./instance-ids.ts";
import { MetricWriter } from "./metric-writer.ts";
import { SpanWriter } from "./span-writer.ts";

/** The one writer of a process. Every method is one transaction, and throws when that could not be made: nothing of it is there then. */
export class StoreWriter {
  readonly #database: DatabaseSync;
  readonly #instances: InstanceIds;
  readonly #events: EventWriter;
  readonly #spans: SpanWriter;
  readonly #metrics: MetricWriter;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #lastId: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#instances = new InstanceIds(database);
    this.#events = new EventWriter(database, this.#instances);
    this.#spans = new SpanWriter(database, this.#instances);
    this.#metrics = new MetricWriter(database, this.#instances);
    // The lock first: a transaction that reads before it writes may have to begin anew.
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#lastId = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'telemetry_events'");
  }

  /** Writes an OTLP request. Throws `OtlpError` for a body that is none. */
  takeOtlp(signal: OtlpSignal, body: Uint8Array, format: OtlpFormat): WriteResult {
    // Read first: a request that is none must not hold the lock.
    switch (signal) {
      case "logs": {
        const events: EventInput[] = [];
        const { rejected, message } = readOtlpLogs(body, format, (event) => events.push(event));
        return this.writeEvents(events, rejected, message);
      }
      case "traces": {
        const spans: SpanInput[] = [];
        const { rejected, message } = readOtlpSpans(body, format, (span) => spans.push(span));
        return this.writeSpans(spans, rejected, message);
      }
      case "metrics": {
        const points: MetricPointInput[] = [];
        const { rejected, message } = readOtlpMetrics(body, format, (point) => points.push(point));
        return this.writePoints(points, rejected, message);
      }
    }
  }

  /** Writes events. */
  writeEvents(events: readonly EventInput[], rejected = 0, message?: string): WriteResult {
    const createdAt = toTimestamp(Date.now() * 1_000);
    return this.#write(events, (event) => this.#events.write(event, createdAt), rejected, message);
  }

  /** Writes spans. */
  writeSpans(spans: readonly SpanInput[], rejected = 0, message?: string): WriteResult {
    return this.#write(spans, (span) => this.#spans.write(span), rejected, message);
  }

  /** Writes points of metrics. */
  writePoints(points: readonly MetricPointInput[], rejected = 0, message?: string): WriteResult {
    return this.#write(points, (point) => this.#metrics.write(point), rejected, message);
  }

  #write<T>(
    items: readonly T[],
    write: (item: T) => boolean,
    rejected: number,
    message: string | undefined,
  ): WriteResult {
    let written = 0;
    if (items.length > 0) {
      try {
        written = this.#transact(items, write);
      } catch (error) {
        // A cleaning, of this process or another one, has removed an instance or a series that is known here by its number.
        if (!isForeignKeyFailure(error)) throw error;
        written = this.#transact(items, write);
      }
    }
    return { written, duplicates: items.length - written, rejected, message, lastEventId: this.#lastEventId() };
  }

  #transact<T>(items: readonly T[], write: (item: T) => boolean): number {
    let written = 0;
    this.#begin.run();
    try {
      for (const item of items) if (write(item)) written++;
      this.#events.flush();
      this.#metrics.flush();
      this.#commit.run();
      return written;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    for (const one of [this.#instances, this.#events, this.#metrics]) one.clear();
    // SQLite has done it already where the disk was full or the file damaged.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  #lastEventId(): number {
    return (this.#lastId.get() as { seq: number } | undefined)?.seq ?? 0;
  }
}

/** `SQLITE_CONSTRAINT_FOREIGNKEY`, an extended result code (sqlite.org/rescode.html). */
function isForeignKeyFailure(error: unknown): boolean {
  return (error as { errcode?: unknown }).errcode === 787;
}
