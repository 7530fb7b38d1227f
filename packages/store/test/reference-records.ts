// Metrics as records, answered by looking at everything: for comparison with a store.
import type { EventInput } from "../src/store-input.ts";
import type { TimeRange } from "../src/store-queries.ts";
import type {
  BusinessMetricFilter,
  BusinessTotal,
  StoredBusinessMetric,
  StoredSystemMetric,
  SystemMetricFilter,
  SystemPerformance,
  UserActivity,
} from "../src/stored-record.ts";

type Data = Record<string, unknown>;

/** Of amounts with at most this many digits behind the point. */
const UNITS = 10_000;

const textOf = (value: unknown) => (value === undefined || value === null || value === "" ? null : String(value));
const numberOf = (value: unknown) => (value === undefined || value === null ? null : Number(value));
const isWithin = ({ startTime = "", endTime = "~" }: TimeRange, time: string) => time >= startTime && time <= endTime;
const isSame = (wanted: string | undefined, value: string | null) => wanted === undefined || wanted === value;
const unitsOf = (amount: string) => Math.round(Number(amount) * UNITS);

/** What has the same key, in the order in which the keys came. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function byTexts(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  const key = (texts: readonly (string | null)[]) => texts.map((text) => text ?? "").join("\u0000");
  return key(a) < key(b) ? -1 : 1;
}

/** Answers of events that are records as the arbitraries make them: whole, with short amounts, periods as they sort. */
export class ReferenceRecords {
  readonly #events: (EventInput & { readonly data: Data })[] = [];

  writeEvents(events: readonly EventInput[]): void {
    for (const event of events) {
      const { instanceId } = event.source;
      const isThere = this.#events.some((one) => one.seq === event.seq && one.source.instanceId === instanceId);
      if (event.seq === 0 || !isThere) this.#events.push(event);
    }
  }

  /** In no order. */
  systemMetrics(filter: SystemMetricFilter): readonly StoredSystemMetric[] {
    return this.#of("system_metric")
      .map(toSystemMetric)
      .filter(
        (metric) =>
          isWithin(filter, metric.metric_timestamp) &&
          isSame(filter.metricName, metric.metric_name) &&
          isSame(filter.serviceName, metric.service_name) &&
          isSame(filter.hostName, metric.host_name) &&
          isSame(filter.metricType, metric.metric_type),
      );
  }

  /** Newest period first; without the ids. */
  businessMetrics(filter: BusinessMetricFilter): readonly Omit<StoredBusinessMetric, "event_id">[] {
    return this.#of("business_metric")
      .map(toBusinessMetric)
      .reverse()
      .filter(
        (metric) =>
          isWithin(filter, metric.period_start) &&
          isSame(filter.metricName, metric.metric_name) &&
          isSame(filter.metricCategory, metric.metric_category) &&
          isSame(filter.licenseId, metric.license_id) &&
          isSame(filter.userId, metric.user_id) &&
          isSame(filter.periodType, metric.period_type) &&
          isSame(filter.currency, metric.currency),
      )
      .sort((a, b) => (a.period_start === b.period_start ? 0 : a.period_start > b.period_start ? -1 : 1));
  }

  userActivity(range: TimeRange): readonly UserActivity[] {
    const events = this.#events.filter((event) => isWithin(range, event.timestamp));
    const hourOf = (event: EventInput) => `${event.timestamp.slice(0, "2026-11-20T12".length)}:00:00.000000Z`;
    const categoryOf = ({ data }: { data: Data }) => (data["event_category"] ?? null) as string | null;
    const activities = grouped(events, (event) => [hourOf(event), categoryOf(event)]).map((some) => ({
      hour: hourOf(some[0]!),
      event_category: categoryOf(some[0]!),
      event_count: some.length,
      unique_users: new Set(some.flatMap(({ data }) => textOf(data["user_id"]) ?? [])).size,
    }));
    return activities.sort(
      (a, b) =>
        -byTexts([a.hour], [b.hour]) * Number(a.hour !== b.hour) ||
        b.event_count - a.event_count ||
        byTexts([a.event_category], [b.event_category]),
    );
  }

  systemPerformance(filter: SystemMetricFilter): readonly SystemPerformance[] {
    const keysOf = (metric: StoredSystemMetric) => [metric.service_name, metric.metric_name, metric.metric_unit];
    const all = grouped(this.systemMetrics(filter), keysOf).map((some) => {
      const values = some.map((metric) => metric.metric_value).sort((a, b) => a - b);
      const stored = some.flatMap((metric) => metric.percentile_95 ?? []);
      const enough = values.find((_, i) => (i + 1) * 100 >= values.length * 95);
      return {
        service_name: some[0]!.service_name,
        metric_name: some[0]!.metric_name,
        metric_unit: some[0]!.metric_unit,
        samples: values.length,
        avg_value: values.reduce((sum, value) => sum + value, 0) / values.length,
        max_value: Math.max(...values),
        p95_value: stored.length > 0 ? Math.max(...stored) : enough!,
      };
    });
    const names = (one: SystemPerformance) => [one.service_name, one.metric_name, one.metric_unit];
    return all.sort((a, b) => b.avg_value - a.avg_value || byTexts(names(a), names(b)));
  }

  businessTotals(range: TimeRange): readonly BusinessTotal[] {
    type Keys = Pick<BusinessTotal, "metric_name" | "metric_category" | "metric_unit" | "currency">;
    const keysOf = (one: Keys) => [one.metric_name, one.metric_category, one.metric_unit, one.currency];
    const all = grouped(this.businessMetrics(range), keysOf).map((some) => ({
      metric_name: some[0]!.metric_name,
      metric_category: some[0]!.metric_category,
      metric_unit: some[0]!.metric_unit,
      currency: some[0]!.currency,
      total_value: String(some.reduce((sum, one) => sum + unitsOf(one.metric_value), 0) / UNITS),
      records: some.length,
      active_licenses: new Set(some.flatMap((one) => one.license_id ?? [])).size,
    }));
    return all.sort((a, b) => unitsOf(b.total_value) - unitsOf(a.total_value) || byTexts(keysOf(a), keysOf(b)));
  }

  #of(eventType: string) {
    return this.#events.filter((event) => event.eventType === eventType);
  }
}

function toSystemMetric({ data, source, timestamp }: EventInput & { readonly data: Data }): StoredSystemMetric {
  return {
    metric_name: String(data["metric_name"]),
    metric_type: String(data["metric_type"]),
    metric_value: Number(data["metric_value"]),
    metric_unit: String(data["metric_unit"]),
    service_name: textOf(data["service_name"]) ?? source.serviceName,
    host_name: textOf(data["host_name"]) ?? source.hostName ?? null,
    instance_id: textOf(data["instance_id"]) ?? source.instanceId,
    percentile_50: numberOf(data["percentile_50"]),
    percentile_90: numberOf(data["percentile_90"]),
    percentile_95: numberOf(data["percentile_95"]),
    percentile_99: numberOf(data["percentile_99"]),
    tags: (data["tags"] ?? null) as StoredSystemMetric["tags"],
    metric_timestamp: timestamp,
  };
}

function toBusinessMetric({ data, timestamp }: EventInput & { readonly data: Data }) {
  return {
    metric_name: String(data["metric_name"]),
    metric_category: textOf(data["metric_category"]),
    metric_value: String(data["metric_value"]),
    metric_unit: String(data["metric_unit"]),
    currency: textOf(data["currency"]),
    period_start: String(data["period_start"]),
    period_end: textOf(data["period_end"]),
    period_type: textOf(data["period_type"]),
    calculation_method: textOf(data["calculation_method"]),
    user_id: textOf(data["user_id"]),
    license_id: textOf(data["license_id"]),
    tags: (data["tags"] ?? null) as StoredBusinessMetric["tags"],
    metric_timestamp: timestamp,
  };
}
