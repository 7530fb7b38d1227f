// Writes events: a batch is copied, then stored by one call on the server.
import type { EventInput } from "../store-input.ts";
import { createEventBatch, type EventBatch } from "./event-batch.ts";
import { sqlStateOf } from "./postgres-errors.ts";
import { COPY_STAGED_EVENTS } from "./staged-events.ts";
import type { WriterParts } from "./writer-parts.ts";

/** What was written of each request, and the newest id. */
export interface EventsWritten {
  readonly written: readonly number[];
  readonly lastEventId: number;
}

/** Requests of events. */
type Requests = readonly (readonly EventInput[])[];

const TABLES = ["telemetry_events", "decision_entries"];

/** Writes into `telemetry_events`, `decision_entries`, the tables of records and the roll-ups. */
export class EventWriter {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** The rows of requests, while others are being written; undefined where the database has to be asked first. */
  prepare(requests: Requests): EventBatch | undefined {
    const { instances, limits } = this.#parts;
    return limits === undefined ? undefined : createEventBatch(requests, instances, limits);
  }

  /** Writes requests, all of them or none. Rejects with what PostgreSQL says; then nothing of it is there. */
  async write(requests: Requests, prepared?: EventBatch): Promise<EventsWritten> {
    const { connection, days } = this.#parts;
    const batch = prepared ?? (await this.#batchOf(requests));
    if (batch.rows === 0) return { written: requests.map(() => 0), lastEventId: await this.lastId() };
    await days.ensure(connection, TABLES, timestampsOf(requests));
    const xid = await this.#stage(batch);
    try {
      return await this.#commit(requests);
    } catch (error) {
      // The connection was lost at the moment of the commit: it may have been made, and then these are no duplicates.
      if (sqlStateOf(error) !== undefined || !(await this.#wasCommitted(xid))) throw error;
      return this.#confirm(requests, batch);
    }
  }

  /** The newest id. */
  async lastId(): Promise<number> {
    const rows = await this.#parts.connection.rows<{ id: number }>(
      "SELECT id FROM last_ids WHERE name = 'telemetry_events'",
    );
    return rows[0]?.id ?? 0;
  }

  async #batchOf(requests: Requests): Promise<EventBatch> {
    const { connection, instances } = this.#parts;
    await instances.learn(connection, sourcesOf(requests));
    return this.prepare(requests)!;
  }

  /** Begins a transaction, whose number is returned, and copies a batch. */
  async #stage(batch: EventBatch): Promise<string> {
    const { connection } = this.#parts;
    const [, begun] = await connection.each("BEGIN; SELECT pg_current_xact_id()::text AS xid");
    await connection.copy(COPY_STAGED_EVENTS, batch.text);
    return String(begun?.[0]?.["xid"]);
  }

  /** The lock is taken, and let go of, within one message: see event-functions.ts. */
  async #commit(requests: Requests): Promise<EventsWritten> {
    const [rows = []] = await this.#parts.connection.each(
      "SELECT request, written, last_id FROM store_events(); COMMIT",
    );
    const counts = rows as readonly { request: number; written: number; last_id: number }[];
    const written = requests.map((_, i) => counts.find(({ request }) => request === i)?.written ?? 0);
    return { written, lastEventId: counts[0]?.last_id ?? 0 };
  }

  /**
   * Stores a batch again whose transaction is said to be committed. Its number proves nothing alone: after a crash, or at a standby that has
   * taken over, the numbers of lost transactions are given to others, the first of them to our own new connection. What is there is left
   * out, and was written by the lost one; what is not is there now.
   */
  async #confirm(requests: Requests, batch: EventBatch): Promise<EventsWritten> {
    await this.#stage(batch);
    const { written, lastEventId } = await this.#commit(requests);
    return { written: requests.map(({ length }, i) => written[i] || length), lastEventId };
  }

  /** False where nobody answers: records that are sent again are known by their numbers. */
  async #wasCommitted(xid: string): Promise<boolean> {
    try {
      const sql = "SELECT pg_xact_status($1::xid8) AS status";
      const rows = await this.#parts.connection.rows<{ status: string }>(sql, [xid]);
      return rows[0]?.status === "committed";
    } catch {
      return false;
    }
  }
}

function* sourcesOf(requests: Requests) {
  for (const events of requests) for (const { source } of events) yield source;
}

function* timestampsOf(requests: Requests) {
  for (const events of requests) for (const { timestamp } of events) yield timestamp;
}
