// A metric family as all exposition formats write it: names that are valid, labels that are text, points read one by one.
import type { Exemplar } from "@tracebook/metrics";

/** What a scraper is told a family is. */
export type FamilyType = "counter" | "gauge" | "histogram";

/** Buckets of one sign of a base-2 exponential histogram: bucket i holds (base^(offset+i), base^(offset+i+1)]. */
export interface ExponentialBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

/** The same values as a native histogram holds them. */
export interface NativeBuckets {
  /** base = 2^(2^-scale). */
  readonly scale: number;
  /** Values up to this, either way, are in the zero bucket. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets | undefined;
}

/** A distribution. */
export interface HistogramValue {
  /** Upper bounds, inclusive and rising, without infinity. */
  readonly bounds: readonly number[];
  /** One count a bound and one for what lies above all; not cumulative over buckets. */
  readonly counts: readonly number[];
  readonly count: number;
  /** Undefined where negative values were recorded: such a sum may fall. */
  readonly sum: number | undefined;
  readonly native: NativeBuckets | undefined;
  /** By the indexes of `counts`. */
  readonly exemplars: readonly (Exemplar | undefined)[] | undefined;
}

/** One series. */
export interface FamilyPoint {
  /** Label names and values in turn; names are valid and come once, values are as they are. */
  readonly labels: readonly string[];
  readonly value: number | HistogramValue;
}

/** Series of one name. */
export interface MetricFamily {
  readonly name: string;
  readonly type: FamilyType;
  /** False for a counter whose name OpenMetrics has no way to write: there it is of unknown type. */
  readonly isOpenMetricsCounter: boolean;
  readonly help: string;
  /** As OpenMetrics names it, where the name ends in it: `seconds`; otherwise empty. */
  readonly unit: string;
  readonly size: number;
  /** The series of a number from 0; undefined when it has no value. Never throws. */
  pointAt(series: number): FamilyPoint | undefined;
}
