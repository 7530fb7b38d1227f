// How SQL is asked, whoever asks it: one connection, or whichever of a pool is free.

/** A value of a parameter. A list is an array of PostgreSQL. */
export type SqlValue = string | number | boolean | null | readonly (string | number | boolean | null)[];

/**
 * A row by its columns. `bigint` is a number, `numeric`, `timestamptz`, `json` and `jsonb` are the text that PostgreSQL writes: decimals and
 * microseconds stay what they are, and data is given as it is stored. The time zone of a connection is UTC.
 */
export type SqlRow = { readonly [column: string]: unknown };

/** Asks PostgreSQL; names without a schema are those of the store. */
export interface SqlClient {
  /** The rows of one statement. Parameters are `$1`, `$2`, ...; rejects with `StoreError` when the database cannot answer. */
  rows<Row extends SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
}
