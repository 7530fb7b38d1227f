// A log of the database that has become long: it cannot be carried over while somebody reads what was there before.

/**
 * The store carries its log over at 32 MiB, and cuts it back to 64. One that is longer than this is held by a reader, grows with every
 * write, and in the end fills the disk.
 */
const LONG_LOG_BYTES = 128 * 1_048_576;

/** What is wrong with a log of this size; undefined: nothing. */
export function longLogProblem(logBytes: number): string | undefined {
  if (logBytes <= LONG_LOG_BYTES) return undefined;
  const mib = Math.floor(logBytes / 1_048_576);
  return `The log of the database has grown to ${mib} MiB, since another program has been reading from the database for long: end it, or its transaction.`;
}
