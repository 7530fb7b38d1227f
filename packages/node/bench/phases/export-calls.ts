// How long export calls hold the thread: nothing else of the process, ticks among it, goes on meanwhile.
import { quantile } from "../statistics.ts";
import type { Variant } from "../variant.ts";

/** What a stretch of a run shows: milliseconds of single calls. */
export interface ExportCallFigures {
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Begins to watch a variant; the function that comes back tells of the calls since then, if there were any. */
export function watchExportCalls(variant: Variant): () => ExportCallFigures | undefined {
  const before = variant.exportCallsMs?.().length ?? 0;
  return () => {
    const took = Float64Array.from(variant.exportCallsMs?.().slice(before) ?? []).sort();
    if (took.length === 0) return undefined;
    return { calls: took.length, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), maxMs: took.at(-1)! };
  };
}
