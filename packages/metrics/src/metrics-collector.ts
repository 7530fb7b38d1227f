// A collector of durations in memory, for hosts that want percentiles without a registry.
import { createBucketShape, Distribution, type HistogramSummary } from "./distribution.ts";
import { LabelDictionary } from "./label-dictionary.ts";

/** Collects numbers by name and tells their percentiles. */
export interface MetricsCollector {
  /** Counts a value under a name. What is not a finite number of at least 0 is left out. Cost: about 20 ns. */
  record(name: string, value: number): void;
  /** The distribution under a name; undefined when there is none. */
  summary(name: string): HistogramSummary | undefined;
  /** All of them, in the order in which names were first seen. */
  summaries(): Record<string, HistogramSummary>;
  /** Forgets all values and names. */
  reset(): void;
}

const MAX_NAMES = 200;

/** Makes an empty collector. It knows at most 200 names; values under further ones are counted under `other`. */
export function createMetricsCollector(): MetricsCollector {
  return new Collector();
}

class Collector implements MetricsCollector {
  #names = new LabelDictionary(MAX_NAMES, ignoreOverflow);
  readonly #shape = createBucketShape([]);
  #histograms: (Distribution | undefined)[] = [];

  record(name: string, value: number): void {
    const id = this.#names.idOf(name);
    const histogram = this.#histograms[id] ?? new Distribution(this.#shape);
    this.#histograms[id] = histogram;
    histogram.record(value);
  }

  summary(name: string): HistogramSummary | undefined {
    const id = this.#names.values.indexOf(name);
    return id < 0 ? undefined : this.#histograms[id]?.summary();
  }

  summaries(): Record<string, HistogramSummary> {
    const entries: [string, HistogramSummary][] = [];
    for (const [id, name] of this.#names.values.entries()) {
      const summary = this.#histograms[id]?.summary();
      if (summary !== undefined) entries.push([name, summary]);
    }
    return Object.fromEntries(entries);
  }

  reset(): void {
    this.#names = new LabelDictionary(MAX_NAMES, ignoreOverflow);
    this.#histograms = [];
  }
}

/** The name `other` in the summaries says it. */
function ignoreOverflow(): void {}
