// How long each export call has held the thread of this process.

const tookMs: number[] = [];
let isInside = false;

/** Does the work of an export call and notes its time; a call within a call is part of it. */
export function timeExportCall<T>(work: () => T): T {
  if (isInside) return work();
  isInside = true;
  const fromMs = performance.now();
  try {
    return work();
  } finally {
    tookMs.push(performance.now() - fromMs);
    isInside = false;
  }
}

/** Milliseconds of all export calls so far, in order. */
export function exportCallsMs(): readonly number[] {
  return tookMs;
}
