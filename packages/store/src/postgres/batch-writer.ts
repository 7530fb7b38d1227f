// Writes requests of any kind, those of a kind in one transaction: each is there whole or not at all.

import type { WriteRequest } from "../sqlite/write-request.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";
import type { WriteResult } from "../write-result.ts";
import type { EventBatch } from "./event-batch.ts";
import { EventWriter } from "./event-writer.ts";
import { type MetricWriter as Metrics, MetricWriter } from "./metric-writer.ts";
import { isConflict, sqlStateOf, toPostgresError } from "./postgres-errors.ts";
import { SpanWriter } from "./span-writer.ts";
import type { WriterParts } from "./writer-parts.ts";

/** How a request ended. */
export type RequestOutcome = { readonly value: WriteResult } | { readonly error: Error };

/** What became of the items of a request. */
interface Done {
  readonly written: number;
  readonly refused: number;
  readonly message: string | undefined;
  readonly lastEventId?: number;
}

/** How often a batch is tried again that another transaction was in the way of. */
const MAX_TRIES = 4;
/** An instance is gone, by our own check or by a foreign key: a cleaning has removed it. */
const INSTANCE_GONE: ReadonlySet<string> = new Set(["TB001", "23503"]);

/** The one writer of a process; one call at a time. */
export class BatchWriter {
  readonly #parts: WriterParts;
  readonly #place: string;
  readonly #events: EventWriter;
  readonly #spans: SpanWriter;
  readonly #metrics: Metrics;
  #lastEventId = 0;
  #refusedPoints = 0;

  constructor(parts: WriterParts, place: string) {
    this.#parts = parts;
    this.#place = place;
    this.#events = new EventWriter(parts);
    this.#spans = new SpanWriter(parts);
    this.#metrics = new MetricWriter(parts);
  }

  /** Points that were refused since this was made. */
  get refusedPoints(): number {
    return this.#refusedPoints;
  }

  /** The rows of the events among requests, while others are being written; undefined where the database has to be asked first. */
  prepare(requests: readonly WriteRequest[]): EventBatch | undefined {
    return this.#events.prepare(requests.flatMap((request) => (request.kind === "events" ? [request.items] : [])));
  }

  /** Writes requests, and answers each of them. */
  async write(requests: readonly WriteRequest[], prepared?: EventBatch): Promise<readonly RequestOutcome[]> {
    const outcomes = new Map<WriteRequest, RequestOutcome>();
    for (const kind of ["events", "spans", "points"] as const) {
      const some = requests.filter((request) => request.kind === kind);
      if (some.length > 0) await this.#writeKind(some, kind === "events" ? prepared : undefined, outcomes);
    }
    return requests.map((request) => outcomes.get(request)!);
  }

  async #writeKind(
    requests: readonly WriteRequest[],
    prepared: EventBatch | undefined,
    outcomes: Map<WriteRequest, RequestOutcome>,
  ): Promise<void> {
    try {
      const done = await this.#tryAgain(requests, prepared);
      for (const [i, request] of requests.entries())
        outcomes.set(request, { value: this.#resultOf(request, done[i]!) });
    } catch (error) {
      // Data that the database does not take may be the fault of one request. Anything else it can do for none of them.
      if (requests.length > 1 && sqlStateOf(error)?.startsWith("22") === true)
        for (const request of requests) await this.#writeKind([request], undefined, outcomes);
      else
        for (const request of requests)
          outcomes.set(request, { error: toPostgresError(error, "writing to", this.#place) });
    }
  }

  async #tryAgain(requests: readonly WriteRequest[], prepared: EventBatch | undefined): Promise<readonly Done[]> {
    let batch = prepared;
    for (let tries = 1; ; tries++)
      try {
        return await this.#writeItems(requests, batch);
      } catch (error) {
        await this.#parts.connection.rollBack();
        const isGone = INSTANCE_GONE.has(sqlStateOf(error) ?? "");
        if (tries >= MAX_TRIES || !(isGone || isConflict(error))) throw error;
        if (isGone) {
          this.#parts.instances.forget();
          batch = undefined;
        }
      }
  }

  async #writeItems(requests: readonly WriteRequest[], batch: EventBatch | undefined): Promise<readonly Done[]> {
    switch (requests[0]!.kind) {
      case "events": {
        const { written, lastEventId } = await this.#events.write(itemsOf<EventInput>(requests), batch);
        this.#parts.limits?.commit();
        this.#lastEventId = Math.max(this.#lastEventId, lastEventId);
        return written.map((count) => ({ written: count, refused: 0, message: undefined, lastEventId }));
      }
      case "spans": {
        const written = await this.#spans.write(itemsOf<SpanInput>(requests));
        return written.map((count) => ({ written: count, refused: 0, message: undefined }));
      }
      case "points":
        return this.#metrics.write(itemsOf<MetricPointInput>(requests));
    }
  }

  #resultOf(
    { items, rejected, message }: WriteRequest,
    { written, refused, message: refusal, lastEventId }: Done,
  ): WriteResult {
    this.#refusedPoints += refused;
    return {
      written,
      duplicates: items.length - written - refused,
      rejected: rejected + refused,
      message: message ?? refusal,
      lastEventId: lastEventId ?? this.#lastEventId,
    };
  }
}

function itemsOf<Item>(requests: readonly WriteRequest[]): readonly (readonly Item[])[] {
  return requests.map(({ items }) => items as readonly unknown[] as readonly Item[]);
}
