// What a rule looks at as one line over time, in slices as wide as its window, so that the threshold can be laid over it.
import type { Answer } from "../../api/client.ts";
import { type RuleDraft, valueAt } from "./rule-draft.ts";

type SystemSeries = Answer<"/api/telemetry/system-metrics/timeline">["series"][number];
type SystemSlice = SystemSeries["slices"][number];
type EventSlices = Answer<"/api/telemetry/analytics/timeline">["slices"];
type BusinessRecords = Answer<"/api/telemetry/business-metrics">["metrics"];

/** A line. */
export interface PreviewLine {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** What a rule looks at. */
export interface PreviewSource {
  readonly kind: "events" | "system" | "business";
  /** The type of the events, or the metric. */
  readonly name: string;
  readonly threshold: number | undefined;
  readonly aggregation: string;
  readonly unit: string | undefined;
  readonly symbol: string | undefined;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly stepSeconds: number;
}

const MAX_STEP_S = 7_200;

/** What the rule of a draft looks at; undefined where it does not say. */
export function previewSource(rule: RuleDraft): PreviewSource | undefined {
  const at = (path: string) => valueAt(rule, `condition_config.${path}`);
  const inStream = rule["rule_type"] === "data_absence" ? "stream." : "";
  const [event, metric] = [at(`${inStream}event_type`), at(`${inStream}metric`)];
  const name = event ?? metric;
  if (typeof name !== "string" || name === "") return undefined;
  const isBusiness = rule["source_type"] === "business_metric";
  const threshold = at("threshold");
  const minutes = at("time_window_minutes") ?? 5;
  const labels = at(`${inStream}labels`);
  return {
    kind: event !== undefined ? "events" : isBusiness ? "business" : "system",
    name,
    threshold: typeof threshold === "number" ? threshold : undefined,
    aggregation: textOf(at("aggregation")) ?? "avg",
    unit: textOf(at("unit")),
    symbol: textOf(at(`${inStream}symbol`)),
    labels: typeof labels === "object" && labels !== null ? (labels as Record<string, unknown>) : {},
    stepSeconds: typeof minutes === "number" ? Math.min(MAX_STEP_S, Math.max(1, Math.round(minutes)) * 60) : 300,
  };
}

/** How many events of the type came in each slice; in a slice that is left out none did. */
export function eventLine(
  slices: EventSlices,
  { name, stepSeconds }: PreviewSource,
  from: number,
  to: number,
): PreviewLine {
  const counts = new Map(slices.map(({ time, counts: of }) => [time, Object.hasOwn(of, name) ? (of[name] ?? 0) : 0]));
  const times: number[] = [];
  for (let time = Math.floor(from / stepSeconds) * stepSeconds; time < to; time += stepSeconds) times.push(time);
  return { times, values: times.map((time) => counts.get(time) ?? 0) };
}

/** The values of all series that the rule means, put together in each slice as the rule does. */
export function systemLine(series: readonly SystemSeries[], source: PreviewSource): PreviewLine {
  const slices = new Map<number, SystemSlice[]>();
  for (const one of series) {
    if (source.unit !== undefined && one.metric_unit !== source.unit) continue;
    if (!hasLabels(one.tags, source.labels)) continue;
    for (const slice of one.slices) slices.set(slice.time, [...(slices.get(slice.time) ?? []), slice]);
  }
  const times = [...slices.keys()].sort((a, b) => a - b);
  return { times, values: times.map((time) => aggregate(slices.get(time) ?? [], source.aggregation)) };
}

/** The records by the time of their recording; amounts as numbers, for drawing alone. */
export function businessLine(
  records: BusinessRecords,
  { labels }: PreviewSource,
  from: number,
  to: number,
): PreviewLine {
  const points = records
    .filter(({ tags }) => hasLabels(tags, labels))
    .map(({ metric_timestamp: time, metric_value: value }) => [Date.parse(time) / 1_000, Number(value)] as const)
    .filter(([time]) => time >= from && time <= to)
    .sort(([a], [b]) => a - b);
  return { times: points.map(([time]) => time), values: points.map(([, value]) => value) };
}

function aggregate(slices: readonly SystemSlice[], aggregation: string): number | null {
  if (slices.length === 0) return null;
  const samples = slices.reduce((sum, one) => sum + one.samples, 0);
  const sum = slices.reduce((all, one) => all + one.avg_value * one.samples, 0);
  switch (aggregation) {
    case "count":
      return samples;
    case "sum":
      return sum;
    case "min":
      return Math.min(...slices.map(({ avg_value: value }) => value));
    case "max":
      return Math.max(...slices.map(({ max_value: value }) => value));
    case "p50":
    case "p90":
    case "p95":
    case "p99": {
      const key = `percentile_${aggregation.slice(1)}` as "percentile_50";
      return Math.max(...slices.map((slice) => slice[key] ?? slice.avg_value));
    }
    default:
      return samples === 0 ? null : sum / samples;
  }
}

function hasLabels(tags: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  // Labels that are no tags (a service, a host) are the engine's to know: the line shows more then, never less.
  const known: Readonly<Record<string, unknown>> = typeof tags === "object" && tags !== null ? { ...tags } : {};
  return Object.entries(labels).every(([name, value]) => !Object.hasOwn(known, name) || known[name] === value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
