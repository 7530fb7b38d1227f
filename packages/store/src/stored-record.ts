// Metrics as records, as a store gives them back: of systems and of the business; names are those of its columns and of the API.
import type { JsonValue } from "./store-input.ts";
import type { TimeRange } from "./time-range.ts";

/**
 * A value of a system's metric: an event `system_metric`, or what a metric that came over OTLP has had in a minute. Of the latter a counter
 * is what came in that minute, a gauge its last value, a histogram the mean of what came.
 */
export interface StoredSystemMetric {
  readonly metric_name: string;
  /** `counter`, `gauge`, `histogram` or `timer`. */
  readonly metric_type: string;
  readonly metric_value: number;
  /** Empty where none is given. */
  readonly metric_unit: string;
  readonly service_name: string | null;
  readonly host_name: string | null;
  readonly instance_id: string | null;
  /** As the event has them; of an OTLP histogram interpolated within its buckets, as `histogram_quantile` of Prometheus does. */
  readonly percentile_50: number | null;
  readonly percentile_90: number | null;
  readonly percentile_95: number | null;
  readonly percentile_99: number | null;
  /** As the event has them; the labels of an OTLP metric. */
  readonly tags: JsonValue;
  /** `2026-11-20T12:34:56.789012Z`; of an OTLP metric the beginning of its minute. */
  readonly metric_timestamp: string;
}

/** A figure of the business over a period: an event `business_metric`. It stays when its event is cleaned away. */
export interface StoredBusinessMetric {
  /** The id that its event has, or had. */
  readonly event_id: number;
  readonly metric_name: string;
  readonly metric_category: string | null;
  /** A decimal as text, exact, in plain notation: `49.99`. */
  readonly metric_value: string;
  /** Empty where none is given. */
  readonly metric_unit: string;
  readonly currency: string | null;
  /** `2026-11-20T00:00:00.000000Z`. */
  readonly period_start: string;
  readonly period_end: string | null;
  /** `daily`, `weekly`, `monthly`, ... */
  readonly period_type: string | null;
  readonly calculation_method: string | null;
  readonly user_id: string | null;
  readonly license_id: string | null;
  readonly tags: JsonValue;
  /** When it was recorded. */
  readonly metric_timestamp: string;
}

/** Events of an hour and category. */
export interface UserActivity {
  /** When the hour begins: `2026-11-20T12:00:00.000000Z`. */
  readonly hour: string;
  /** Null: of events that have none. */
  readonly event_category: string | null;
  readonly event_count: number;
  /** Users that are named in them, each once. */
  readonly unique_users: number;
}

/** How a metric of a service did. */
export interface SystemPerformance {
  readonly service_name: string | null;
  readonly metric_name: string;
  readonly metric_unit: string;
  readonly samples: number;
  /** The mean of the values, and the largest of them. */
  readonly avg_value: number;
  readonly max_value: number;
  /** The largest `percentile_95`; where there is none the least value that at least 95 of 100 values do not exceed. */
  readonly p95_value: number;
}

/** What a figure of the business adds up to. Units and currencies are never added to one another. */
export interface BusinessTotal {
  readonly metric_name: string;
  readonly metric_category: string | null;
  readonly metric_unit: string;
  readonly currency: string | null;
  /** A decimal as text, exact, without zeros at its end. */
  readonly total_value: string;
  readonly records: number;
  /** Licences that are named in them, each once. */
  readonly active_licenses: number;
}

/** Which values of system metrics: the range is of `metric_timestamp`. */
export interface SystemMetricFilter extends TimeRange {
  readonly metricName?: string | undefined;
  readonly serviceName?: string | undefined;
  readonly hostName?: string | undefined;
  readonly metricType?: string | undefined;
}

/** Which figures of the business: the range is of `period_start`. */
export interface BusinessMetricFilter extends TimeRange {
  readonly metricName?: string | undefined;
  readonly metricCategory?: string | undefined;
  readonly licenseId?: string | undefined;
  readonly userId?: string | undefined;
  readonly periodType?: string | undefined;
  readonly currency?: string | undefined;
}

/** Of which metrics {@link SystemPerformance} is asked for. */
export interface SystemPerformanceFilter extends TimeRange {
  readonly serviceName?: string | undefined;
}
