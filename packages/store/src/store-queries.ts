// What can be asked of a store, whichever database it is: each implementation runs the same suite of tests.
import type { StoredDecision, StoredEvent, StoredSpan, TraceSummary } from "./stored-event.ts";

/** A range of time. Both ends belong to it; texts as `2026-11-20T12:34:56.789012Z`, normalised by the caller. Undefined: open. */
export interface TimeRange {
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
}

/** Which events; what is undefined, or an empty text, does not matter. */
export interface EventFilter extends TimeRange {
  readonly eventType?: string | undefined;
  readonly symbol?: string | undefined;
  readonly runId?: string | undefined;
}

/** A page of events, newest first (by timestamp, then id). */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** How many match in all. */
  readonly total: number;
}

/** What a search for text has found. */
export interface EventSearch {
  readonly events: readonly StoredEvent[];
  /** The timestamp back to which was searched; null: everything was. */
  readonly searchedBackTo: string | null;
}

/** A reason and how often it was given. */
export interface ReasonCount {
  readonly reason_code: string;
  /** As the event words it. */
  readonly reason: string;
  readonly count: number;
}

/** Scores of generated signals. */
export interface ConfidenceDistribution {
  readonly count: number;
  /** The mean; null when there is none. */
  readonly avg: number | null;
  /** From 0 to 100 in tens, each without its upper end but for the last; scores outside are in the first and the last. */
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

/** Values with their number of events, most first. */
export interface Facets {
  readonly eventTypes: readonly { readonly value: string; readonly count: number }[];
  readonly symbols: readonly { readonly value: string; readonly count: number }[];
  /** The runs that wrote last, newest first. */
  readonly runs: readonly { readonly value: string; readonly lastTimestamp: string }[];
}

/** Which decisions. */
export interface DecisionFilter extends TimeRange {
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
  /** `ACCEPT` or `REJECT`. */
  readonly decision?: string | undefined;
  readonly reasonCode?: string | undefined;
  readonly edgeUnit?: string | undefined;
}

/**
 * A histogram of `net_edge - min_threshold`, all in one unit. Bins are 1, 2 or 5 times a power of ten wide, and cover what lies between the
 * first and the 99th percentile; what is farther out is counted in the first and in the last of them.
 */
export interface MarginHistogram {
  readonly edgeUnit: string;
  /** Decisions that have a margin. */
  readonly count: number;
  /** Width of a bin; bins begin at multiples of it. */
  readonly binWidth: number;
  /** Rising; empty bins are left out. */
  readonly bins: readonly { readonly from: number; readonly accepted: number; readonly rejected: number }[];
}

/** How flows ended. */
export interface FlowOutcome {
  readonly flow: string;
  /** The last stage that was reached. */
  readonly stage: string;
  readonly reason_code: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly count: number;
}

/** Which flow outcomes. */
export interface FlowFilter extends TimeRange {
  readonly flow?: string | undefined;
  readonly strategy?: string | undefined;
  readonly symbol?: string | undefined;
}

/** Which traces. */
export interface TraceFilter extends TimeRange {
  readonly service?: string | undefined;
  /** The name of the root span. */
  readonly operation?: string | undefined;
  readonly symbol?: string | undefined;
  readonly decision?: string | undefined;
  readonly reasonCode?: string | undefined;
  readonly minDurationMs?: number | undefined;
  readonly hasError?: boolean | undefined;
}

/** A trace with everything that belongs to it. */
export interface TraceDetail {
  /** By start, then parents before children; the earliest 10,000. */
  readonly spans: readonly StoredSpan[];
  /** The oldest 10,000, oldest first. */
  readonly events: readonly StoredEvent[];
}

/** Histogram counts of one series' labels over time. */
export interface HistogramSlice {
  /** The second at which the slice begins. */
  readonly bucket: number;
  readonly count: number;
  readonly sum: number;
  readonly bucketCounts: readonly number[];
}

/** A histogram metric over time; series of other labels or instances that have the same bounds are added up. */
export interface HistogramSeries {
  readonly labels: { readonly [label: string]: string };
  readonly bounds: readonly number[];
  readonly slices: readonly HistogramSlice[];
}

/** A number over time. */
export interface NumberSeries {
  readonly labels: { readonly [label: string]: string };
  readonly instance_id: string | null;
  readonly service_name: string | null;
  /** `sum`: what came in each slice. `gauge`: the last value in it. */
  readonly type: "gauge" | "sum";
  readonly unit: string;
  readonly slices: readonly { readonly bucket: number; readonly value: number }[];
}

/** What of a metric. Its range is widened to whole minutes: there is one value of each. */
export interface MetricFilter extends TimeRange {
  readonly name: string;
  /** Only series that have all of these. */
  readonly labels?: { readonly [label: string]: string } | undefined;
  /** Width of a slice in seconds, a multiple of 60. */
  readonly stepSeconds: number;
}

/** What the store itself is. */
export interface StoreFacts {
  readonly engine: string;
  readonly engineVersion: string;
  readonly schemaVersion: number;
  readonly sizeBytes: number;
  readonly logBytes: number;
  /** Rows; of events, by the counts that are kept while writing. */
  readonly events: number;
  readonly decisions: number;
  readonly spans: number;
  readonly oldestTimestamp: string | null;
  readonly newestTimestamp: string | null;
}

/** The questions. All reject with `StoreError`: `invalid_query` for a value that cannot be one, else why the database cannot answer. */
export interface StoreQueries {
  /** Without `sinceId`: the newest `limit`, newest first. With it: the first `limit` of a higher id, rising, so that a poller misses nothing. */
  recentEvents(limit: number, sinceId?: number): Promise<readonly StoredEvent[]>;
  findEvents(filter: EventFilter, limit: number, offset: number): Promise<EventPage>;
  /** Events whose type, symbol, run or data contains `text`, whatever the case of ASCII letters; looks at no more than `maxScanned` events, newest first. */
  searchEvents(filter: EventFilter, text: string, limit: number, maxScanned: number): Promise<EventSearch>;
  event(id: number): Promise<StoredEvent | undefined>;
  countEvents(filter: EventFilter): Promise<number>;
  /** The number of events of each type. */
  countByType(filter: EventFilter): Promise<Readonly<Record<string, number>>>;
  /** Of rejected signals, most first. */
  rejectionBreakdown(
    range: TimeRange & { readonly symbol?: string | undefined },
    limit: number,
  ): Promise<readonly ReasonCount[]>;
  /** Of decisions by reason code, most first; `reason` is empty. */
  decisionReasons(
    filter: TimeRange & { readonly symbol?: string | undefined; readonly strategy?: string | undefined },
  ): Promise<readonly ReasonCount[]>;
  confidenceDistribution(range: TimeRange & { readonly symbol?: string | undefined }): Promise<ConfidenceDistribution>;
  facets(range: TimeRange, limit: number): Promise<Facets>;
  /** Newest first, by timestamp, then id; `beforeId` continues after the last one of a page. */
  findDecisions(filter: DecisionFilter, limit: number, beforeId?: number): Promise<readonly StoredDecision[]>;
  decision(eventId: number): Promise<StoredDecision | undefined>;
  /** Units in which decisions of the range were made, most used first. */
  edgeUnits(filter: DecisionFilter): Promise<readonly string[]>;
  marginHistogram(filter: DecisionFilter & { readonly edgeUnit: string }, binCount: number): Promise<MarginHistogram>;
  /** Summed over the range, which is widened to whole minutes: of flows there are only counts. Most first. */
  flowOutcomes(filter: FlowFilter): Promise<readonly FlowOutcome[]>;
  /**
   * Newest first; `before` is the `start_time` of the last one of a page, which has all that began in the microsecond of its last, even
   * beyond `limit`. A trace is listed by its root, or without one by its earliest span of kind server or consumer: filters are of that span.
   */
  findTraces(filter: TraceFilter, limit: number, before?: string): Promise<readonly TraceSummary[]>;
  trace(traceId: string): Promise<TraceDetail>;
  histogram(filter: MetricFilter): Promise<readonly HistogramSeries[]>;
  numbers(filter: MetricFilter): Promise<readonly NumberSeries[]>;
  facts(): Promise<StoreFacts>;
}
