// What can be asked of a store, whichever database it is: each implementation runs the same suite of tests.
import type { JudgedDecision, StoredDecision, StoredEvent, StoredSpan, TraceSummary } from "./stored-event.ts";
import type {
  BusinessMetricFilter,
  BusinessTotal,
  StoredBusinessMetric,
  StoredSystemMetric,
  SystemMetricFilter,
  SystemPerformance,
  SystemPerformanceFilter,
  UserActivity,
} from "./stored-record.ts";
import type { TimeRange } from "./time-range.ts";
import type { ExportPage, SignalTable } from "./warehouse/export-columns.ts";

export type { TimeRange } from "./time-range.ts";

/** Which events; what is undefined, or an empty text, does not matter. */
export interface EventFilter extends TimeRange {
  readonly eventType?: string | undefined;
  readonly symbol?: string | undefined;
  readonly runId?: string | undefined;
  /** S4's `user_id` of the event's data. */
  readonly userId?: string | undefined;
  /** S4's `event_category` of the event's data. */
  readonly eventCategory?: string | undefined;
}

/** A page of events, newest first (by timestamp, then id). */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** How many match in all. */
  readonly total: number;
}

/** Events as the text that they are handed on as: a JSON list, each as {@link StoredEvent} has it, their data as it is stored. */
export interface EventsJson {
  readonly json: string;
  readonly count: number;
}

/** A page of events as text. */
export interface EventPageJson extends EventsJson {
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

/** How often decisions came out so, for a reason. */
export interface DecisionCount {
  /** `ACCEPT` or `REJECT`; empty for decisions that say neither. */
  readonly decision: string;
  readonly reason_code: string;
  readonly count: number;
}

/** What there is of a symbol. */
export interface SymbolCounts {
  readonly symbol: string;
  readonly events: number;
  /** The number of events of each type. */
  readonly byType: Readonly<Record<string, number>>;
  /** The number of decisions that are `ACCEPT`, and of all others. */
  readonly accepted: number;
  readonly rejected: number;
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

/** Which decisions a timeline counts. */
export interface DecisionTimelineFilter extends TimeRange {
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
}

/** Decisions of a slice of time. */
export interface DecisionSlice {
  /** The second at which the slice begins. */
  readonly bucket: number;
  readonly accepted: number;
  /** All others. */
  readonly rejected: number;
}

/** Which events a timeline counts. */
export interface EventTimelineFilter extends TimeRange {
  readonly symbol?: string | undefined;
}

/** Events of a slice of time. */
export interface EventSlice {
  /** The second at which the slice begins. */
  readonly bucket: number;
  /** By type; types that have none in the slice are left out. */
  readonly counts: Readonly<Record<string, number>>;
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

/** A metric that can be asked for. */
export interface MetricName {
  readonly name: string;
  /** `gauge`, `sum` or `histogram`; of series that differ in it, what the one has that was heard of last. Unit and description likewise. */
  readonly type: "gauge" | "sum" | "histogram";
  readonly unit: string;
  readonly description: string;
  /** Series that have points in the range. */
  readonly series: number;
}

/** Who writes into the store. */
export interface StoreSource {
  readonly service_name: string | null;
  readonly instance_id: string | null;
  /** The newest timestamp of anything that came from it. */
  readonly lastTimestamp: string;
  /** Written in all, whatever the range, and what has been removed since included. */
  readonly events: number;
  readonly spans: number;
}

/** What the store itself is. */
export interface StoreFacts {
  readonly engine: string;
  readonly engineVersion: string;
  readonly schemaVersion: number;
  readonly sizeBytes: number;
  readonly logBytes: number;
  /** Rows; of events and decisions by the counts that are kept while writing. */
  readonly events: number;
  readonly decisions: number;
  readonly spans: number;
  readonly oldestTimestamp: string | null;
  readonly newestTimestamp: string | null;
}

/** The questions. All reject with `StoreError`: `invalid_query` for a value that cannot be one, else why the database cannot answer. */
export interface StoreQueries {
  /**
   * Without `sinceId`: the newest `limit`, newest first. With it: the first `limit` of a higher id, rising, so that a poller misses nothing.
   * This and {@link findEvents} end early, but never before their first event, where more would be beyond 32 MiB of JSON: whoever has got
   * fewer than are left goes on behind the last one.
   */
  recentEvents(limit: number, sinceId?: number): Promise<readonly StoredEvent[]>;
  findEvents(filter: EventFilter, limit: number, offset: number): Promise<EventPage>;
  /** The same as text, for who hands it on: nothing of it is read and written again. */
  recentEventsJson(limit: number, sinceId?: number): Promise<EventsJson>;
  findEventsJson(filter: EventFilter, limit: number, offset: number): Promise<EventPageJson>;
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
  /** Of decisions by how they came out and their reason code, most first. */
  decisionReasons(
    filter: TimeRange & { readonly symbol?: string | undefined; readonly strategy?: string | undefined },
  ): Promise<readonly DecisionCount[]>;
  /** How each symbol does, most events first; events without a symbol belong to none. */
  symbolCounts(range: TimeRange, limit: number): Promise<readonly SymbolCounts[]>;
  confidenceDistribution(range: TimeRange & { readonly symbol?: string | undefined }): Promise<ConfidenceDistribution>;
  facets(range: TimeRange, limit: number): Promise<Facets>;
  /** Newest first, by timestamp, then id; `beforeId` continues after the last one of a page. */
  findDecisions(filter: DecisionFilter, limit: number, beforeId?: number): Promise<readonly StoredDecision[]>;
  decision(eventId: number): Promise<StoredDecision | undefined>;
  /** {@link findDecisions} with what it takes to judge them again. */
  judgedDecisions(filter: DecisionFilter, limit: number, beforeId?: number): Promise<readonly JudgedDecision[]>;
  /** Over time, in slices of a multiple of 60 seconds; empty ones are left out. The range is widened to whole minutes. At most 2,000 slices. */
  decisionTimeline(filter: DecisionTimelineFilter, stepSeconds: number): Promise<readonly DecisionSlice[]>;
  /** The same of events, told apart by the 100 types that are most frequent in the range; the rest is counted under `other`. */
  eventTimeline(filter: EventTimelineFilter, stepSeconds: number): Promise<readonly EventSlice[]>;
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
  /** Longest first. A trace is listed, and filtered, as by {@link findTraces}; no more than the newest million of the range are looked at. */
  slowestTraces(filter: TraceFilter, limit: number): Promise<readonly TraceSummary[]>;
  trace(traceId: string): Promise<TraceDetail>;
  /** The stages of a flow in their order, merged from its last 50 traces; empty when there are none. */
  stageOrder(flow: string): Promise<readonly string[]>;
  /**
   * The series that were heard of last come first; of more than 500 the others are left out ({@link metricNames} says how many there are).
   * More than 2,000 slices are refused, with the range and the step.
   */
  histogram(filter: MetricFilter): Promise<readonly HistogramSeries[]>;
  /** The same. */
  numbers(filter: MetricFilter): Promise<readonly NumberSeries[]>;
  /** The metrics that have points in the range, which is widened to whole minutes, by name. */
  metricNames(range: TimeRange): Promise<readonly MetricName[]>;
  /** Who has written anything between the ends of the range: those whose first timestamp is not after it, and whose last is not before it. Newest first. */
  sources(range: TimeRange): Promise<readonly StoreSource[]>;
  /** Newest first; those of the same time in an order of the store's own, which is always the same. */
  systemMetrics(filter: SystemMetricFilter, limit: number, offset: number): Promise<readonly StoredSystemMetric[]>;
  /** Newest period first, by `period_start`; of those that begin together the one that was written last. */
  businessMetrics(
    filter: BusinessMetricFilter,
    limit: number,
    offset: number,
  ): Promise<readonly StoredBusinessMetric[]>;
  /** Events by hour and category, latest hour first, then most events, then by category; at most 2,000 hours. */
  userActivity(range: TimeRange): Promise<readonly UserActivity[]>;
  /** Metrics of services, largest mean first, then by service, name and unit. */
  systemPerformance(filter: SystemPerformanceFilter): Promise<readonly SystemPerformance[]>;
  /** Of figures whose period begins in the range, largest total first, then by name, category, unit and currency. */
  businessTotals(range: TimeRange): Promise<readonly BusinessTotal[]>;
  facts(): Promise<StoreFacts>;
  /**
   * A page of a table for an export: oldest first; `after` is what the page before gave as `next`. Ends early, but never before its first
   * row, where there would be much more than 8 MiB of text. Cost: that of the rows of the page, however many lie before it.
   */
  exportRows(table: SignalTable, range: TimeRange, limit: number, after?: string): Promise<ExportPage>;
  /**
   * A text that stays the same as long as the rows do that {@link exportRows} has of a range, opaque to all but who compares it: one that is
   * added, changed or removed makes it another. Cost: that of the range's entries of an index, ten million in seconds; of metrics that of its points.
   */
  exportState(table: SignalTable, range: TimeRange): Promise<string>;
}
