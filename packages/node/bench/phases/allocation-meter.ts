// Bytes that a stretch of code allocates on the heap: what was in use before each collection, minus after the one before it.
import { GCProfiler, getHeapStatistics } from "node:v8";

/** A running measurement. */
export interface AllocationMeter {
  /** Ends the measurement. Returns bytes, exact to the slack at the ends of pages (about 0.03 %). */
  stop(): number;
}

/**
 * Starts to measure. Node 24 has no counter of allocated bytes, and differences of `heapUsed` miss what was collected in
 * between; the profiler of collections knows the heap at each of them, forces none, and costs nothing but during them.
 */
export function startAllocationMeter(): AllocationMeter {
  const profiler = new GCProfiler();
  profiler.start();
  const startBytes = getHeapStatistics().used_heap_size;
  return {
    stop() {
      let endBytes = getHeapStatistics().used_heap_size;
      let allocated = 0;
      for (const { beforeGC, afterGC } of profiler.stop().statistics.toReversed()) {
        allocated += endBytes - afterGC.heapStatistics.usedHeapSize;
        endBytes = beforeGC.heapStatistics.usedHeapSize;
      }
      return allocated + endBytes - startBytes;
    },
  };
}
