// What the alert engine reads of a store: counts of events and samples of metrics by the second, in the order of writing or by time.

/** What the rules want to know: it bounds what the feed reads and hands over. */
export interface FeedWants {
  /** Types of events, each with the fields of its data by which rules tell them apart. */
  readonly events: readonly EventWant[];
  /** Names of metrics. */
  readonly metrics: readonly string[];
}

/** A type of event. */
export interface EventWant {
  readonly eventType: string;
  /** Fields of the data, beside symbol and severity, which are always there. Of all types together no more than 64 different ones. */
  readonly fields: readonly string[];
}

/** Events of a second that are alike in all that rules ask for. */
export interface EventCount {
  readonly eventType: string;
  /** Seconds since 1970. */
  readonly second: number;
  readonly symbol: string | null;
  /** OpenTelemetry severity number. */
  readonly severityNumber: number;
  /** The wanted fields in the order of the want, as text; null where there is none. */
  readonly fields: readonly (string | null)[];
  readonly count: number;
}

/** Of a histogram: what came in its buckets. */
export interface SampleBuckets {
  readonly count: number;
  /** Upper bounds, rising; one fewer than there are counts. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** A value of a metric. */
export interface MetricSample {
  /** `otlp`: a point of a metric. The others: the event of the catalogue. */
  readonly source: "otlp" | "system_metric" | "business_metric";
  readonly metric: string;
  readonly unit: string;
  /** With `service_name` and `instance_id`, and of records `host_name`, `metric_category`, `currency` and the tags. */
  readonly labels: { readonly [label: string]: string };
  readonly second: number;
  /** A level, or of a counter what came since its last point; of a histogram the sum of it. */
  readonly value: number;
  /** The value as an exact decimal in plain notation: of records of business metrics. Null: it is a double. */
  readonly exact: string | null;
  readonly buckets: SampleBuckets | null;
  /** Percentiles that the record brought with it, by `p50`, `p90`, `p95`, `p99`; null: none. */
  readonly percentiles: { readonly [percentile: string]: number } | null;
}

/** A piece of the feed. */
export interface FeedPiece {
  readonly counts: readonly EventCount[];
  readonly samples: readonly MetricSample[];
  /** Behind what was read. */
  readonly cursor: string;
  /** There is more already. */
  readonly isMore: boolean;
  /** Some of the samples are values of whole minutes, at the minute's end: the single ones are gone. */
  readonly isByMinutes: boolean;
}

/** A metric that was seen. */
export interface KnownMetric {
  readonly metric: string;
  readonly unit: string;
}

/** What a store lets the alert engine read. All reject with `StoreError`. */
export interface AlertFeed {
  /** Behind all that is written. */
  position(): Promise<string>;
  /** What was written since `cursor`, in the order of writing, whatever its time; no more than about 20,000 rows a piece. */
  since(wants: FeedWants, cursor: string): Promise<FeedPiece>;
  /**
   * What bears a time from the second `from` to before the second `to`, and was written before `upTo` (undefined: whenever). Samples in the
   * order of their time. Single samples are kept for 48 hours; before that there is one value a minute.
   */
  range(wants: FeedWants, from: number, to: number, upTo?: string): Promise<FeedPiece>;
  /** Metrics of which there are samples or records, by name: what a rule can speak of. */
  knownMetrics(): Promise<readonly KnownMetric[]>;
  /** Types of events that were ever written, by name. */
  knownEventTypes(): Promise<readonly string[]>;
}
