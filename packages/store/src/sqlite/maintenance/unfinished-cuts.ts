// Which minutes have been removed in part, on disk: what was begun is finished, also after the end of the process.
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The rows of `unfinished_cuts`; all methods are part of the caller's transaction. */
export class UnfinishedCuts {
  readonly #get: StatementSync;
  readonly #set: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare("SELECT before FROM unfinished_cuts WHERE name = ?");
    this.#set = database.prepare(
      "INSERT INTO unfinished_cuts (name, before) VALUES (?, ?) ON CONFLICT DO UPDATE SET before = excluded.before",
    );
    this.#remove = database.prepare("DELETE FROM unfinished_cuts WHERE name = ?");
  }

  /** The second before which everything goes; undefined: nothing was begun. */
  get(name: string): number | undefined {
    return (this.#get.get(name) as { before: number } | undefined)?.before;
  }

  set(name: string, before: number | undefined): void {
    if (before === undefined) this.#remove.run(name);
    else this.#set.run(name, before);
  }
}

/** True when a cleaning was ended in the middle of a minute: `cleanUp(database, {})` finishes it. Cost: looks at an empty table. */
export function hasUnfinishedCuts(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM unfinished_cuts").get() !== undefined;
}
