// Ids that rise and are never given twice, whatever was removed since.
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Gives the ids of one table, several processes may write to it; all methods are part of the caller's transaction. */
export class LastId {
  readonly #table: string;
  readonly #read: StatementSync;
  readonly #write: StatementSync;
  #last = 0;
  #written = 0;

  constructor(database: DatabaseSync, table: string) {
    this.#table = table;
    // Somebody may have inserted a row by hand.
    this.#read = database.prepare(
      `SELECT max(coalesce((SELECT id FROM last_ids WHERE name = ?), 0), coalesce((SELECT max(id) FROM ${table}), 0)) AS id`,
    );
    this.#write = database.prepare(
      "INSERT INTO last_ids (name, id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET id = excluded.id",
    );
  }

  /** The one that is given next. */
  get next(): number {
    return this.#last + 1;
  }

  /** Finds out which was the last: another process may have given some. */
  begin(): void {
    this.#last = (this.#read.get(this.#table) as { id: number }).id;
    this.#written = this.#last;
  }

  /** Gives {@link next}. */
  take(): void {
    this.#last++;
  }

  /** Writes down which was the last. */
  flush(): void {
    if (this.#last === this.#written) return;
    this.#write.run(this.#table, this.#last);
    this.#written = this.#last;
  }
}
