// What the writer's thread does: reads requests, and has those of a kind that come together written together.
import type { OtlpFormat, OtlpSignal } from "../../otlp/read-otlp.ts";
import { ItemRedactor } from "../../redaction/item-redactor.ts";
import { withOwnBody } from "../../sqlite/own-body.ts";
import { checkEvents } from "../../sqlite/sound-events.ts";
import { readWriteRequest, type WriteRequest } from "../../sqlite/write-request.ts";
import type { WriterCounts } from "../../sqlite/writer-counts.ts";
import type { ImportOptions, ImportResult } from "../../store.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../../store-input.ts";
import type { WriteResult } from "../../write-result.ts";
import { type Connection, connect } from "../connection.ts";
import { importJournal } from "../maintenance/journal-import.ts";
import type { ClickhouseWriterPlan } from "../writer-plan.ts";
import { EventWriter } from "./event-writer.ts";
import { MetricWriter } from "./metric-writer.ts";
import { RowIds } from "./row-ids.ts";
import { SpanWriter } from "./span-writer.ts";
import { WriteQueue, type Written } from "./write-queue.ts";

/** Begins to write into the database of the plan, whose tables are there. */
export async function openWriting(plan: ClickhouseWriterPlan): Promise<Writing> {
  const connection = await connect(plan, plan.database);
  try {
    const [row] = await connection.lists("SELECT max(id) FROM otel_logs");
    return new Writing(connection, plan, Number(row?.[0] ?? 0));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What is written, and what waits for it. All methods reject with `StoreError`. */
export class Writing {
  readonly #connection: Connection;
  readonly #redactor: ItemRedactor;
  readonly #ids: RowIds;
  readonly #events: EventWriter;
  readonly #points: MetricWriter;
  readonly #eventQueue: WriteQueue<EventInput>;
  readonly #spanQueue: WriteQueue<SpanInput>;
  readonly #pointQueue: WriteQueue<MetricPointInput>;
  #lastEventId: number;

  constructor(
    connection: Connection,
    { gatherMs, redactKeys }: Pick<ClickhouseWriterPlan, "gatherMs" | "redactKeys">,
    lastId: number,
  ) {
    this.#connection = connection;
    this.#redactor = new ItemRedactor(redactKeys);
    this.#ids = new RowIds(lastId);
    this.#lastEventId = lastId;
    this.#events = new EventWriter(connection, this.#ids);
    const spans = new SpanWriter(connection, new RowIds(0));
    this.#points = new MetricWriter(connection);
    this.#eventQueue = new WriteQueue(gatherMs, (requests) => this.#events.write(requests));
    this.#spanQueue = new WriteQueue(gatherMs, (requests) => spans.write(requests));
    this.#pointQueue = new WriteQueue(gatherMs, (requests) => this.#points.write(requests));
  }

  async takeOtlp(signal: OtlpSignal, body: Uint8Array<ArrayBuffer>, format: OtlpFormat): Promise<WriteResult> {
    return this.#take(withOwnBody(body, (own) => readWriteRequest(signal, own, format, this.#redactor)));
  }

  async writeEvents(events: readonly EventInput[]): Promise<WriteResult> {
    return this.#take(checkEvents(events));
  }

  writeSpans(items: readonly SpanInput[]): Promise<WriteResult> {
    return this.#take({ kind: "spans", items, rejected: 0, message: undefined });
  }

  writePoints(items: readonly MetricPointInput[]): Promise<WriteResult> {
    return this.#take({ kind: "points", items, rejected: 0, message: undefined });
  }

  importJournal(dir: string, options: ImportOptions): Promise<ImportResult> {
    return importJournal((events) => this.writeEvents(events), dir, options);
  }

  counts(): WriterCounts {
    return {
      ...this.#redactor.counts(),
      beyondBounds: { ...this.#events.others(), points: this.#points.refused },
    };
  }

  /** When what waits is written. */
  async close(): Promise<void> {
    await Promise.all([this.#eventQueue.idle(), this.#spanQueue.idle(), this.#pointQueue.idle()]);
    await this.#connection.close();
  }

  /** Writes a request, together with those that came shortly before and after it. */
  async #take(request: WriteRequest): Promise<WriteResult> {
    const { kind, items, rejected, message } = request;
    const done = await this.#write(request);
    if (kind === "events" && done.written > 0) this.#lastEventId = this.#ids.last;
    return {
      written: done.written,
      duplicates: items.length - done.written - done.refused,
      rejected: rejected + done.refused,
      message: message ?? done.message,
      lastEventId: this.#lastEventId,
    };
  }

  #write(request: WriteRequest): Promise<Written> {
    if (request.kind === "events") return this.#eventQueue.add(request.items);
    return request.kind === "spans" ? this.#spanQueue.add(request.items) : this.#pointQueue.add(request.items);
  }
}
