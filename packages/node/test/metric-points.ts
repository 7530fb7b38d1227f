// The last word of a receiver on each metric: every process sends its metrics again at its end.

/** A point as it came: its value, or the count, sum and buckets of a distribution. */
export interface MetricPoint {
  readonly name: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

interface OtlpPoint {
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
}
type OtlpMetric = { readonly name: string } & Readonly<
  Record<string, { dataPoints?: readonly OtlpPoint[] } | undefined>
>;

/** The points of every metric in the newest request that had it. */
export function metricPoints(metrics: readonly Record<string, unknown>[]): MetricPoint[] {
  const newest = new Map((metrics as unknown as readonly OtlpMetric[]).map((metric) => [metric.name, metric]));
  return [...newest.values()].flatMap((metric) => {
    const data = metric["sum"] ?? metric["gauge"] ?? metric["histogram"] ?? metric["exponentialHistogram"];
    return (data?.dataPoints ?? []).map(({ attributes = [], asDouble, asInt, count, sum }) => ({
      name: metric.name,
      labels: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
      value: count === undefined ? (asDouble ?? Number(asInt)) : [Number(count), sum],
    }));
  });
}
