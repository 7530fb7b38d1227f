// Writes requests into the database, in transactions: all of a request or nothing.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import type { OtlpFormat, OtlpSignal } from "../otlp/read-otlp.ts";
import { ItemRedactor } from "../redaction/item-redactor.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";
import type { WriteResult } from "../write-result.ts";
import { EventWriter } from "./event-writer.ts";
import { InstanceIds } from "./instance-ids.ts";
import { MetricWriter } from "./metric-writer.ts";
import { SpanWriter } from "./span-writer.ts";
import { readWriteRequest, type WriteRequest } from "./write-request.ts";
import type { WriterCounts } from "./writer-counts.ts";

/** What came of the items of a request. */
interface Written {
  readonly written: number;
  readonly refused: number;
  readonly message: string | undefined;
}

/** The one writer of a process. Every method is one transaction, and throws when that could not be made: nothing of it is there then. */
export class StoreWriter {
  readonly #database: DatabaseSync;
  readonly #redactor: ItemRedactor;
  readonly #instances: InstanceIds;
  readonly #events: EventWriter;
  readonly #spans: SpanWriter;
  readonly #metrics: MetricWriter;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #lastId: StatementSync;
  #refusedPoints = 0;

  constructor(database: DatabaseSync, redactor: ItemRedactor = new ItemRedactor()) {
    this.#database = database;
    this.#redactor = redactor;
    this.#instances = new InstanceIds(database);
    this.#events = new EventWriter(database, this.#instances);
    this.#spans = new SpanWriter(database, this.#instances);
    this.#metrics = new MetricWriter(database, this.#instances);
    // The lock first: a transaction that reads before it writes may have to begin anew.
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#lastId = database.prepare("SELECT id FROM last_ids WHERE name = 'telemetry_events'");
  }

  /** Writes an OTLP request. Throws `OtlpError` for a body that is none: it is read first, so that it never holds the lock. */
  takeOtlp(signal: OtlpSignal, body: Uint8Array, format: OtlpFormat): WriteResult {
    return this.#writeOne(readWriteRequest(signal, body, format, this.#redactor));
  }

  /** Writes events. */
  writeEvents(events: readonly EventInput[]): WriteResult {
    return this.#writeOne({ kind: "events", items: events, rejected: 0, message: undefined });
  }

  /** Writes spans. */
  writeSpans(spans: readonly SpanInput[]): WriteResult {
    return this.#writeOne({ kind: "spans", items: spans, rejected: 0, message: undefined });
  }

  /** Writes points of metrics. */
  writePoints(points: readonly MetricPointInput[]): WriteResult {
    return this.#writeOne({ kind: "points", items: points, rejected: 0, message: undefined });
  }

  /** Writes several requests together, in their order: the pages and counts that they share are written once. */
  writeAll(requests: readonly WriteRequest[]): readonly WriteResult[] {
    const done = requests.every(({ items }) => items.length === 0)
      ? requests.map(() => NOTHING)
      : this.#transactAgain(requests);
    const lastEventId = (this.#lastId.get() as { id: number } | undefined)?.id ?? 0;
    return requests.map(({ items, rejected, message }, i) => {
      const { written, refused, message: refusal } = done[i]!;
      return {
        written,
        duplicates: items.length - written - refused,
        rejected: rejected + refused,
        message: message ?? refusal,
        lastEventId,
      };
    });
  }

  /** What was changed, or counted otherwise than it came, since this was made. */
  counts(): WriterCounts {
    return { ...this.#redactor.counts(), beyondBounds: { ...this.#events.others(), points: this.#refusedPoints } };
  }

  #writeOne(request: WriteRequest): WriteResult {
    return this.writeAll([request])[0]!;
  }

  #transactAgain(requests: readonly WriteRequest[]): readonly Written[] {
    try {
      return this.#transact(requests);
    } catch (error) {
      // A cleaning, of this process or another one, has removed a series that is known here by its number.
      if (!isForeignKeyFailure(error)) throw error;
      return this.#transact(requests);
    }
  }

  #transact(requests: readonly WriteRequest[]): readonly Written[] {
    let done: readonly Written[];
    this.#begin.run();
    try {
      this.#instances.begin();
      this.#events.begin();
      const createdAt = toTimestamp(Date.now() * 1_000);
      done = requests.map((request) => this.#writeItems(request, createdAt));
      for (const part of [this.#events, this.#metrics, this.#instances]) part.flush();
      this.#commit.run();
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    this.#events.commit();
    for (const { refused } of done) this.#refusedPoints += refused;
    return done;
  }

  #writeItems({ kind, items }: WriteRequest, createdAt: string): Written {
    let written = 0;
    if (kind === "events") {
      for (const event of items) if (this.#events.write(event, createdAt)) written++;
    } else if (kind === "spans") {
      for (const span of items) if (this.#spans.write(span)) written++;
    } else return this.#writePoints(items);
    return { written, refused: 0, message: undefined };
  }

  #writePoints(points: readonly MetricPointInput[]): Written {
    let written = 0;
    let refused = 0;
    let message: string | undefined;
    for (const point of points) {
      const done = this.#metrics.write(point);
      if (done === true) written++;
      else if (done !== false) {
        refused++;
        message ??= done;
      }
    }
    return { written, refused, message };
  }

  #rollBack(): void {
    for (const one of [this.#instances, this.#events, this.#metrics]) one.clear();
    // SQLite has done it already where the disk was full or the file damaged.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }
}

const NOTHING: Written = { written: 0, refused: 0, message: undefined };

/** `SQLITE_CONSTRAINT_FOREIGNKEY`, an extended result code (sqlite.org/rescode.html). */
function isForeignKeyFailure(error: unknown): boolean {
  return (error as { errcode?: unknown }).errcode === 787;
}
