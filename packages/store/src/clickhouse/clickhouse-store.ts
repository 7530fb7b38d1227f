// The store on ClickHouse: for more than one machine's SQLite, or one PostgreSQL, can take.
import { StoreError } from "../errors.ts";
import { ItemRedactor } from "../redaction/item-redactor.ts";
import { toExactTimestamp } from "../sqlite/maintenance/journal-event.ts";
import { toShallow } from "../sqlite/maintenance/shallow-data.ts";
import { readWriteRequest, type WriteRequest } from "../sqlite/write-request.ts";
import type { Store } from "../store.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";
import type { WriteResult } from "../write-result.ts";
import { type ClickhouseSettings, type ClickhouseStoreOptions, toClickhouseSettings } from "./clickhouse-options.ts";
import { type Connection, connect } from "./connection.ts";
import { cleanUp } from "./maintenance/cleanup.ts";
import { exportEvents } from "./maintenance/event-export.ts";
import { importJournal } from "./maintenance/journal-import.ts";
import { createClickhouseQueries } from "./queries/clickhouse-queries.ts";
import { createSchema } from "./schema/create-schema.ts";
import { EventWriter } from "./writing/event-writer.ts";
import { MetricWriter } from "./writing/metric-writer.ts";
import { RowIds } from "./writing/row-ids.ts";
import { SpanWriter } from "./writing/span-writer.ts";
import { WriteQueue, type Written } from "./writing/write-queue.ts";

/** A store without alerts: those are changed row by row and all or nothing, for which SQLite and PostgreSQL are the right place. */
export type ClickhouseStore = Omit<Store, "alerts" | "alertFeed">;

/** About what an event, a span or a point takes while it waits. */
const ITEM_BYTES = 512;

/**
 * Opens a database of a ClickHouse server, which is made, with its tables, where it is not there. Rejects with `StoreError`:
 * `invalid_option`, `database_unavailable`. Needs the package `@clickhouse/client`.
 *
 * @example
 * const store = await openClickhouseStore({ url: "http://clickhouse:8123", database: "tracebook", keepEventsDays: 90 });
 * await store.decisionReasons({ startTime: "2026-11-20T00:00:00.000000Z" });
 */
export async function openClickhouseStore(options: ClickhouseStoreOptions = {}): Promise<ClickhouseStore> {
  const settings = toClickhouseSettings(options);
  await prepare(settings);
  const connection = await connect(settings, settings.database);
  try {
    const [row] = await connection.lists("SELECT max(id) FROM otel_logs");
    return toStore(new Writing(connection, settings, Number(row?.[0] ?? 0)), connection, settings);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function prepare(settings: ClickhouseSettings): Promise<void> {
  const connection = await connect(settings);
  try {
    for (const statement of createSchema(settings)) await connection.command(statement);
  } finally {
    await connection.close();
  }
}

function toStore(writing: Writing, connection: Connection, settings: ClickhouseSettings): ClickhouseStore {
  return {
    ...createClickhouseQueries(connection, settings.pollLagMs),
    takeOtlp: async (signal, body, format) =>
      writing.take(readWriteRequest(signal, body, format, writing.redactor), body.byteLength),
    writeEvents: async (events) => writing.take(checkEvents(events)),
    writeSpans: async (items) => writing.take({ kind: "spans", items, rejected: 0, message: undefined }),
    writePoints: async (items) => writing.take({ kind: "points", items, rejected: 0, message: undefined }),
    onWritten: (listener) => writing.onWritten(listener),
    importJournal: (dir, from) => importJournal((events) => writing.take(checkEvents(events)), dir, from),
    cleanUp: (bounds) => cleanUp(connection, settings.cluster, bounds),
    exportEvents: (filter, format) => exportEvents(connection, filter, format),
    health: () => writing.health(),
    close: async () => {
      await writing.close();
      await connection.close();
    },
  };
}

/** What is written, and what waits for it. */
class Writing {
  readonly redactor: ItemRedactor;
  readonly #settings: ClickhouseSettings;
  readonly #ids: RowIds;
  readonly #events: EventWriter;
  readonly #points: MetricWriter;
  readonly #eventQueue: WriteQueue<EventInput>;
  readonly #spanQueue: WriteQueue<SpanInput>;
  readonly #pointQueue: WriteQueue<MetricPointInput>;
  readonly #listeners = new Set<(result: WriteResult) => void>();
  readonly #counts = { written: 0, duplicates: 0, rejected: 0, failedWrites: 0, pendingBytes: 0 };
  #lastEventId: number;
  #problem: string | undefined;
  #isClosed = false;

  constructor(connection: Connection, settings: ClickhouseSettings, lastId: number) {
    this.#settings = settings;
    this.redactor = new ItemRedactor(settings.redactKeys);
    this.#ids = new RowIds(lastId);
    this.#lastEventId = lastId;
    this.#events = new EventWriter(connection, this.#ids);
    const spans = new SpanWriter(connection, new RowIds(0));
    this.#points = new MetricWriter(connection);
    const { gatherMs } = settings;
    this.#eventQueue = new WriteQueue(gatherMs, (requests) => this.#events.write(requests));
    this.#spanQueue = new WriteQueue(gatherMs, (requests) => spans.write(requests));
    this.#pointQueue = new WriteQueue(gatherMs, (requests) => this.#points.write(requests));
  }

  /** Writes a request, together with those that came shortly before and after it. */
  async take(request: WriteRequest, bytes: number = request.items.length * ITEM_BYTES): Promise<WriteResult> {
    const counts = this.#counts;
    this.#refuseWhatIsTooMuch(bytes);
    counts.pendingBytes += bytes;
    try {
      const done = await this.#write(request);
      const result = this.#toResult(request, done);
      counts.written += result.written;
      counts.duplicates += result.duplicates;
      counts.rejected += result.rejected;
      this.#problem = undefined;
      if (result.written > 0) this.#tell(result);
      return result;
    } catch (error) {
      counts.failedWrites++;
      this.#say(error);
      throw error;
    } finally {
      counts.pendingBytes -= bytes;
    }
  }

  onWritten(listener: (result: WriteResult) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): ReturnType<Store["health"]> {
    const beyondBounds = { ...this.#events.others(), points: this.#points.refused };
    return { problem: this.#problem, ...this.#counts, ...this.redactor.counts(), beyondBounds };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#eventQueue.idle(), this.#spanQueue.idle(), this.#pointQueue.idle()]);
    this.#listeners.clear();
  }

  #refuseWhatIsTooMuch(bytes: number): void {
    const { pendingBytes } = this.#counts;
    if (this.#isClosed) throw new StoreError("store_closed", "The store on ClickHouse is closed.");
    if (pendingBytes + bytes <= this.#settings.maxPendingBytes || pendingBytes === 0) return;
    this.#counts.failedWrites++;
    throw new StoreError("store_overloaded", `${pendingBytes} bytes wait to be written to ${this.#settings.url}.`);
  }

  #write(request: WriteRequest): Promise<Written> {
    if (request.kind === "events") return this.#eventQueue.add(request.items);
    return request.kind === "spans" ? this.#spanQueue.add(request.items) : this.#pointQueue.add(request.items);
  }

  #toResult({ kind, items, rejected, message }: WriteRequest, done: Written): WriteResult {
    if (kind === "events" && done.written > 0) this.#lastEventId = this.#ids.last;
    return {
      written: done.written,
      duplicates: items.length - done.written - done.refused,
      rejected: rejected + done.refused,
      message: message ?? done.message,
      lastEventId: this.#lastEventId,
    };
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

  #say(error: unknown): void {
    const problem = error instanceof StoreError ? error.problem : String(error);
    if (problem !== this.#problem) this.#settings.onProblem(problem);
    this.#problem = problem;
  }
}

/** Events that the database can take: those whose timestamp is an instant, nested no deeper than others read it. */
function checkEvents(events: readonly EventInput[]): WriteRequest {
  const sound: EventInput[] = [];
  let message: string | undefined;
  for (const event of events) {
    const timestamp = toExactTimestamp(event.timestamp);
    if (timestamp === undefined)
      message ??= `The timestamp ${JSON.stringify(event.timestamp)} of a ${event.eventType} is none: 2026-11-20T12:34:56.789012Z is one.`;
    else sound.push({ ...event, timestamp, data: toShallow(event.data) });
  }
  return { kind: "events", items: sound, rejected: events.length - sound.length, message };
}
