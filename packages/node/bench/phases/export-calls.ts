// How long export calls hold the thread: nothing else of the process, ticks among it, goes on meanwhile.
import type { Variant } from "../variant.ts";

/** Begins to watch a variant; the function that comes back has the milliseconds of each call since then. */
export function watchExportCalls(variant: Variant): () => readonly number[] {
  const before = variant.exportCallsMs?.().length ?? 0;
  return () => variant.exportCallsMs?.().slice(before) ?? [];
}
