// Work that has a time by which it is to be done.

/**
 * Does `work`, whose signal aborts after `timeoutMs`. Unlike `AbortSignal.timeout` nothing of it is left when the work is done: thousands of
 * requests a second would otherwise be remembered until the time of each is up.
 */
export async function withDeadline<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  timer.unref();
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}
