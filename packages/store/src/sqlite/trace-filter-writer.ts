// Keeps the filters of trace ids while events are written.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { addToFilter, createFilter, FILTER_EVENTS } from "./trace-filter.ts";

/** Writes into `trace_filters`. All methods are part of the caller's transaction. */
export class TraceFilterWriter {
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  /** The filter that is being filled: begun by this writer, since another process fills its own. */
  #bits = createFilter();
  #row: number | undefined;
  #firstId = 0;
  #lastId = 0;
  #events = 0;
  #isChanged = false;
  /** The events of a trace mostly come one behind the other. */
  #lastTraceId = "";

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      "INSERT INTO trace_filters (first_id, last_id, bits) VALUES (?, ?, ?) RETURNING id",
    );
    this.#update = database.prepare("UPDATE trace_filters SET last_id = ?, bits = ? WHERE id = ?");
  }

  /** Adds an event of a trace; ids rise. */
  add(id: number, traceId: string): void {
    if (this.#events >= FILTER_EVENTS) {
      this.flush();
      this.clear();
    }
    if (this.#events === 0) this.#firstId = id;
    this.#events++;
    this.#lastId = id;
    this.#isChanged = true;
    if (traceId === this.#lastTraceId) return;
    addToFilter(this.#bits, traceId);
    this.#lastTraceId = traceId;
  }

  /** Writes the filter under way. */
  flush(): void {
    if (!this.#isChanged) return;
    // A cleaning removes the filter when all of its events are gone.
    if (this.#row === undefined || this.#update.run(this.#lastId, this.#bits, this.#row).changes === 0)
      this.#row = (this.#insert.get(this.#firstId, this.#lastId, this.#bits) as { id: number }).id;
    this.#isChanged = false;
  }

  /** Begins another filter: this one is full, or the transaction was rolled back and what it says is more than there is, or not there. */
  clear(): void {
    this.#bits = createFilter();
    this.#row = undefined;
    this.#events = 0;
    this.#isChanged = false;
    this.#lastTraceId = "";
  }
}
