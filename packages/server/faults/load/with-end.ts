// What a case sends, asks and reads: it ends with the case, however that ends.

/** Does `work`; the signal that it gets aborts when it is over, also when it throws. */
export async function withEnd<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  try {
    return await work(over.signal);
  } finally {
    over.abort();
  }
}
