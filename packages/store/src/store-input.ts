// What a store is given: events, spans and metric points in one shape, whatever they came by.

/** A value as JSON has it. A decimal or a 64-bit integer beyond 2^53 is text. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The data of an event, fields spelled as in the journal (`gross_edge`, `reason_code`). */
export type EventData = { readonly [field: string]: JsonValue };

/** Whose signals they are: the resource of OpenTelemetry, as far as the store has columns for it. */
export interface InputSource {
  /** `service.name`; empty where it is not known. */
  readonly serviceName: string;
  /** `service.instance.id`; empty where it is not known. */
  readonly instanceId: string;
  /** `host.name`; missing or empty where it is not known. */
  readonly hostName?: string | undefined;
}

/** An event, or a log record that has no event name. */
export interface EventInput {
  /** Without the prefix `trading.`; `log` for a log record without a name. */
  readonly eventType: string;
  /** `2026-11-20T12:34:56.789012Z`: six digits, so that text sorts as time. */
  readonly timestamp: string;
  readonly source: InputSource;
  /** The number of the record within its instance: with it, the same record is stored once, however often it comes. 0: it has none. */
  readonly seq: number;
  readonly runId: string | undefined;
  readonly symbol: string | undefined;
  /** 32 hex digits. */
  readonly traceId: string | undefined;
  /** 16 hex digits. */
  readonly spanId: string | undefined;
  /** OpenTelemetry severity number, 1 to 24; 0 where it is not known. */
  readonly severityNumber: number;
  readonly data: EventData;
}

/** An event of a span. */
export interface SpanEventInput {
  readonly name: string;
  /** Microseconds since 1970. */
  readonly timeMicros: number;
  readonly attributes: EventData;
}

/** A link of a span. */
export interface SpanLinkInput {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: EventData;
}

/** A span that has ended. */
export interface SpanInput {
  readonly source: InputSource;
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** `SpanKind` of OTLP: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Nanoseconds since 1970, in whole microseconds and the rest below one (0 to 999). */
  readonly startMicros: number;
  readonly startNanosRest: number;
  /** Nanoseconds, at least 0: an end before the start is 0. */
  readonly durationNanos: number;
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  /** The instrumentation scope's name. */
  readonly scope: string;
  readonly attributes: EventData;
  readonly events: readonly SpanEventInput[];
  readonly links: readonly SpanLinkInput[];
}

/** What all points of a metric have. */
interface PointInput {
  readonly source: InputSource;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly labels: { readonly [label: string]: string };
  /** Microseconds since 1970; the start is 0 where it is not known. */
  readonly startMicros: number;
  readonly timeMicros: number;
}

/** A number: a gauge, or a sum. */
export interface NumberPointInput extends PointInput {
  readonly type: "gauge" | "sum";
  readonly isMonotonic: boolean;
  /** False: what came since the last point. True: since the start. */
  readonly isCumulative: boolean;
  readonly value: number;
}

/** A histogram in buckets; an exponential one is given by the upper bounds of its buckets. */
export interface HistogramPointInput extends PointInput {
  readonly type: "histogram";
  readonly isCumulative: boolean;
  readonly count: number;
  readonly sum: number;
  /** Upper bounds, rising. */
  readonly bounds: readonly number[];
  /** One more than there are bounds: the last is of what is above them. */
  readonly bucketCounts: readonly number[];
}

/** A point of a metric. */
export type MetricPointInput = NumberPointInput | HistogramPointInput;
