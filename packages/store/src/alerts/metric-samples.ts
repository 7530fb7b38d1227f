// Samples of metrics as they lie in a database: points that came over OTLP, and events of the catalogue that are records of metrics.
import type { MetricSample } from "../alert-feed.ts";
import { toDecimalText } from "../records/decimal-text.ts";
import type { JsonValue } from "../store-input.ts";

/** A point with what is known of its series. */
export interface PointRow {
  readonly name: string;
  readonly unit: string;
  readonly labels: string;
  readonly bounds: string | null;
  readonly service: string | null;
  readonly instance: string | null;
  readonly second: number;
  readonly value: number;
  readonly count: number | null;
  readonly counts: string | null;
}

/** An event that is a record of a metric. */
export interface RecordRow {
  readonly type: "system_metric" | "business_metric";
  readonly timestamp: string;
  /** The data of the event. */
  readonly data: string;
}

/** The sample of a point. */
export function toPointSample(row: PointRow): MetricSample {
  const labels = JSON.parse(row.labels) as Record<string, string>;
  return {
    source: "otlp",
    metric: row.name,
    unit: row.unit,
    labels: {
      ...(row.service === null ? {} : { service_name: row.service }),
      ...(row.instance === null ? {} : { instance_id: row.instance }),
      ...labels,
    },
    second: row.second,
    value: row.value,
    exact: null,
    buckets: toBuckets(row),
    percentiles: null,
  };
}

/** The bounds are those that the series has now: of a point that came with others, only the count is known. */
function toBuckets({ count, counts: text, bounds: boundsText }: PointRow): MetricSample["buckets"] {
  if (count === null) return null;
  const counts = text === null ? [] : (JSON.parse(text) as number[]);
  const bounds = boundsText === null ? [] : (JSON.parse(boundsText) as number[]);
  return counts.length === bounds.length + 1 ? { count, bounds, counts } : { count, bounds: [], counts: [count] };
}

/** Those of the records that are of one of the metrics. */
export function toRecordSamples(rows: readonly RecordRow[], names: readonly string[]): MetricSample[] {
  const wanted = new Set(names);
  return rows.flatMap((row) => toRecord(row, wanted) ?? []);
}

/** Undefined for a record of another metric, or of none. */
function toRecord({ type, timestamp, data: text }: RecordRow, wanted: ReadonlySet<string>): MetricSample | undefined {
  const data = parseObject(text);
  const metric = data["metric_name"];
  const value = Number(data["metric_value"] ?? Number.NaN);
  if (typeof metric !== "string" || !wanted.has(metric) || !Number.isFinite(value)) return undefined;
  return {
    source: type,
    metric,
    unit: String(data["metric_unit"] ?? ""),
    labels: labelsOf(data),
    second: Math.floor(Date.parse(timestamp) / 1_000),
    value,
    exact: type === "business_metric" ? (toDecimalText(data["metric_value"] as JsonValue) ?? null) : null,
    buckets: null,
    percentiles: percentilesOf(data),
  };
}

const RECORD_LABELS = [
  "service_name",
  "host_name",
  "instance_id",
  "metric_type",
  "metric_category",
  "currency",
  "period_type",
  "user_id",
  "license_id",
];

function labelsOf(data: Record<string, unknown>): Record<string, string> {
  const labels: Record<string, string> = {};
  const tags = data["tags"];
  if (typeof tags === "object" && tags !== null && !Array.isArray(tags))
    for (const [name, value] of Object.entries(tags)) if (typeof value !== "object") labels[name] = String(value);
  for (const name of RECORD_LABELS) {
    const value = data[name];
    if (value !== undefined && value !== null && typeof value !== "object") labels[name] = String(value);
  }
  return labels;
}

function percentilesOf(data: Record<string, unknown>): Record<string, number> | null {
  const given = [50, 90, 95, 99].flatMap((rank) => {
    const value = data[`percentile_${rank}`];
    return typeof value === "number" && Number.isFinite(value) ? [[`p${rank}`, value] as const] : [];
  });
  return given.length === 0 ? null : Object.fromEntries(given);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
