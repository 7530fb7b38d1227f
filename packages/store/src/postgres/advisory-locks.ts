// The advisory locks of a store. Each is a pair of numbers: which lock, and which schema, so that two stores of one database are apart.

const FIRST = 0x54427374;

/** Which lock; the first number of the pair. */
export const LOCKS = {
  /** Held from the ids of a batch to its commit: see event-functions.ts. */
  events: FIRST,
  /** Parts of days are made and dropped by one at a time. */
  days: FIRST + 1,
  /** Migrations. */
  schema: FIRST + 2,
  /** Series of metrics are read, compared and written by one at a time. */
  metrics: FIRST + 3,
} as const;

/** The call that takes a lock until the transaction ends. Within a function of the schema, or with it first in the search path. */
export function takeLock(lock: keyof typeof LOCKS): string {
  return `pg_advisory_xact_lock(${LOCKS[lock]}, hashtext(current_schema()))`;
}
