// Prepared statements of one connection, each prepared once. Values come in as parameters only: the texts are few, and fixed.
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Column } from "../../queries/event-rows.ts";

/** Values by the name that the text has for them behind `$`; what a text does not name is left out. */
export type Parameters = { readonly [name: string]: SQLInputValue | undefined };

/** Runs statements. Integers may be of any size: those beyond 2^53 lose their last digits, as numbers do. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** All rows, by the names of their columns. */
  all<Row>(sql: string, parameters: Parameters = {}): Row[] {
    const rows = this.#statement(sql).all(withNulls(parameters));
    for (const row of rows) toNumbers(row);
    return rows as Row[];
  }

  /** The first row, by the names of its columns. */
  get<Row>(sql: string, parameters: Parameters = {}): Row | undefined {
    const row = this.#statement(sql).get(withNulls(parameters));
    if (row !== undefined) toNumbers(row);
    return row as Row | undefined;
  }

  /** All rows as lists of their columns, integers as `bigint`, however small: for thousands of wide ones, which take four times as long by name. */
  lists(sql: string, parameters: Parameters = {}): readonly (readonly Column[])[] {
    return this.#listing(sql).all(withNulls(parameters)) as unknown as Column[][];
  }

  /** Rows as lists of their columns, one after another: for a million, which then need no memory. */
  each(sql: string, parameters: Parameters = {}): Iterable<readonly Column[]> {
    return this.#listing(sql).iterate(withNulls(parameters)) as unknown as Iterable<Column[]>;
  }

  /** Runs `read` in one transaction: all that it asks is of the same moment, however much is written meanwhile. */
  inSnapshot<T>(read: () => T): T {
    if (this.#database.isTransaction) return read();
    this.#statement("BEGIN").run();
    try {
      return read();
    } finally {
      // SQLite may have ended it: where the file is damaged, for one.
      if (this.#database.isTransaction) this.#statement("COMMIT").run();
    }
  }

  #listing(sql: string): StatementSync {
    const statement = this.#statement(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      statement.setReadBigInts(true);
      statement.setAllowUnknownNamedParameters(true);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}

function withNulls(parameters: Parameters): Record<string, SQLInputValue> {
  const values: Record<string, SQLInputValue> = {};
  for (const name of Object.keys(parameters)) values[name] = parameters[name] ?? null;
  return values;
}

function toNumbers(row: Record<string, unknown>): void {
  for (const name of Object.keys(row)) if (typeof row[name] === "bigint") row[name] = Number(row[name]);
}
