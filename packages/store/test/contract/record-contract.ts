// Metrics as records of a store: of systems, of the business, and what users do.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { businessFilter, recordEvents, recordRange, systemFilter } from "../record-arbitraries.ts";
import { createBusinessMetric, createSystemMetric, DAILY_ACTIVE_USERS, RESPONSE_TIME } from "../record-events.ts";
import { ReferenceRecords } from "../reference-records.ts";
import { createEvent } from "../store-events.ts";
import { createHistogram, createNumber } from "../store-points.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const HOST = { serviceName: "bot", instanceId: "i-1", hostName: "server-07" };

/** Of a store's own order: as text, so that lists of the same items are equal. */
const sorted = (items: readonly object[]) =>
  items.map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

export function describeRecords(open: OpenStore, runs: number): void {
  describe("records", () => {
    describeSystemMetrics(open);
    describePoints(open);
    describeBusinessMetrics(open);
    describeActivity(open);
    describeProperties(open, runs);
  });
}

function describeSystemMetrics(open: OpenStore): void {
  test("a system metric says of which service, host and instance it is, or else is of those of its source", () =>
    withStore(open, async (store) => {
      await store.writeEvents([
        createSystemMetric(1, {}, { source: HOST }),
        createSystemMetric(
          2,
          {
            ...RESPONSE_TIME,
            service_name: null,
            host_name: null,
            instance_id: "api-1",
            tags: { endpoint: "/orders" },
          },
          { source: HOST, timestamp: "2026-11-20T12:34:57.000000Z" },
        ),
      ]);
      const metrics = await store.systemMetrics({}, 10, 0);
      expect(metrics).toEqual([
        {
          ...RESPONSE_TIME,
          service_name: "bot",
          host_name: "server-07",
          instance_id: "api-1",
          tags: { endpoint: "/orders" },
          metric_timestamp: "2026-11-20T12:34:57.000000Z",
        },
        {
          metric_name: "cpu_usage",
          metric_type: "gauge",
          metric_value: 85.5,
          metric_unit: "percentage",
          service_name: "api",
          host_name: "server-01",
          instance_id: "i-1",
          percentile_50: null,
          percentile_90: null,
          percentile_95: null,
          percentile_99: null,
          tags: null,
          metric_timestamp: "2026-11-20T12:34:56.789012Z",
        },
      ]);
      expect(await store.systemMetrics({ hostName: "server-07" }, 10, 0)).toEqual([metrics[0]]);
      expect(await store.systemMetrics({}, 1, 1)).toEqual([metrics[1]]);
    }));

  test("what has no name or no value is an event, and no record", () =>
    withStore(open, async (store) => {
      await store.writeEvents([
        createSystemMetric(1, { metric_value: "high" }),
        createSystemMetric(2, { metric_name: null }),
        createSystemMetric(3, { metric_value: null }),
        createSystemMetric(4, { metric_value: "12.5", metric_type: "something", metric_unit: null }),
        createBusinessMetric(5, { metric_value: "lots" }),
        createBusinessMetric(6, { period_start: "2024-02-30" }),
        createBusinessMetric(7, { metric_name: "" }),
        createBusinessMetric(8, { metric_value: "1".repeat(39) }),
      ]);
      expect(await store.systemMetrics({}, 10, 0)).toMatchObject([
        { metric_type: "gauge", metric_value: 12.5, metric_unit: "" },
      ]);
      expect(await store.businessMetrics({}, 10, 0)).toEqual([]);
      expect(await store.countEvents({})).toBe(8);
    }));

  test("a service's performance is its mean, its largest value, and the largest percentile that was stored", () =>
    withStore(open, async (store) => {
      const values = Array.from({ length: 40 }, (_, i) => createSystemMetric(i + 1, { metric_value: 40 - i }));
      await store.writeEvents([
        ...values,
        createSystemMetric(41, RESPONSE_TIME),
        createSystemMetric(42, { ...RESPONSE_TIME, metric_value: 255, percentile_95: 360 }),
        createSystemMetric(43, { metric_unit: "ratio", metric_value: 0.5 }),
        createSystemMetric(44, { service_name: "bot", metric_value: 7 }),
      ]);
      expect(await store.systemPerformance({ serviceName: "api" })).toEqual([
        performanceOf("response_time", "milliseconds", 2, 250, 255, 360),
        performanceOf("cpu_usage", "percentage", 40, 20.5, 40, 38),
        performanceOf("cpu_usage", "ratio", 1, 0.5, 0.5, 0.5),
      ]);
      expect(await store.systemPerformance({ startTime: "2026-11-20T12:34:56.789013Z" })).toEqual([]);
    }));
}

function describePoints(open: OpenStore): void {
  test("a metric that came over OTLP is a record a minute: what a counter rose by, the last of a gauge, the mean of a histogram", () =>
    withStore(open, async (store) => {
      const gauge = { name: "cpu_usage", unit: "%", labels: {}, type: "gauge", source: HOST } as const;
      await store.writePoints([
        createNumber(1, 5, { source: HOST }),
        createNumber(2, 7, { source: HOST }),
        createNumber(2, 81.5, gauge),
        createNumber(2, 85.5, { ...gauge, timeMicros: Date.parse("2026-11-20T12:02:30Z") * 1000 }),
        createHistogram(3, { source: HOST, count: 8, sum: 4, bounds: [0.5, 1], bucketCounts: [4, 4, 0] }),
        createHistogram(4, { source: HOST, count: 0, sum: 0, bounds: [0.5, 1], bucketCounts: [0, 0, 0] }),
      ]);
      const source = { service_name: "bot", host_name: "server-07", instance_id: "i-1" };
      const none = { percentile_50: null, percentile_90: null, percentile_95: null, percentile_99: null };
      const records = await store.systemMetrics({}, 10, 0);
      expect(records.filter((record) => record.metric_name === "cpu_usage")).toEqual([
        {
          metric_name: "cpu_usage",
          metric_type: "gauge",
          metric_value: 85.5,
          metric_unit: "%",
          ...source,
          ...none,
          tags: {},
          metric_timestamp: "2026-11-20T12:02:00.000000Z",
        },
      ]);
      const counters = records.filter((record) => record.metric_type === "counter");
      expect(counters).toEqual([
        expect.objectContaining({ metric_value: 2, metric_timestamp: "2026-11-20T12:02:00.000000Z", ...source }),
        expect.objectContaining({ metric_value: 5, tags: { symbol: "BTC/USDT" }, ...none }),
      ]);
      expect(records).toHaveLength(4);
      expect(records[0]).toMatchObject({
        metric_name: "stage_seconds",
        metric_type: "histogram",
        metric_value: 0.5,
        percentile_50: 0.5,
        metric_timestamp: "2026-11-20T12:03:00.000000Z",
      });
      expect(records[0]?.percentile_90).toBeCloseTo(0.9, 12);
      expect(records[0]?.percentile_95).toBeCloseTo(0.95, 12);
      expect(records[0]?.percentile_99).toBeCloseTo(0.99, 12);
    }));

  test("both kinds are found by the same filters, and performance is of both", () =>
    withStore(open, async (store) => {
      const gauge = { name: "cpu_usage", unit: "percentage", labels: {}, type: "gauge" } as const;
      const source = { serviceName: "api", instanceId: "i-9", hostName: "server-01" };
      await store.writePoints([createNumber(34, 80.5, { ...gauge, source }), createNumber(35, 2, { source })]);
      await store.writeEvents([createSystemMetric(1)]);
      const filter = { metricName: "cpu_usage", serviceName: "api", hostName: "server-01", metricType: "gauge" };
      const found = await store.systemMetrics(filter, 10, 0);
      expect(found.map((metric) => [metric.metric_value, metric.instance_id])).toEqual([
        [85.5, "i-1"],
        [80.5, "i-9"],
      ]);
      expect(await store.systemMetrics({ ...filter, metricType: "counter" }, 10, 0)).toEqual([]);
      const within = { startTime: "2026-11-20T12:34:00.000000Z", endTime: "2026-11-20T12:34:00.000000Z" };
      expect(await store.systemMetrics(within, 10, 0)).toMatchObject([{ metric_value: 80.5 }]);
      expect(await store.systemMetrics({ startTime: "2026-11-20T12:34:00.000001Z" }, 10, 0)).toHaveLength(2);
      expect(await store.systemPerformance({ serviceName: "api", endTime: "2026-11-20T12:34:59.000000Z" })).toEqual([
        performanceOf("cpu_usage", "percentage", 2, 83, 85.5, 85.5),
      ]);
    }));
}

function describeBusinessMetrics(open: OpenStore): void {
  test("a figure of the business has its value exact, its period, and whose it is", () =>
    withStore(open, async (store) => {
      await store.writeEvents([createBusinessMetric(1), createBusinessMetric(2, DAILY_ACTIVE_USERS)]);
      const [users, revenue] = await store.businessMetrics({}, 10, 0);
      expect(revenue).toEqual({
        event_id: expect.any(Number),
        metric_name: "revenue_per_user",
        metric_category: "revenue",
        metric_value: "49.99",
        metric_unit: "usd",
        currency: "USD",
        period_start: "2024-01-01T00:00:00.000000Z",
        period_end: "2024-01-31T23:59:00.000000Z",
        period_type: "monthly",
        calculation_method: "average",
        user_id: null,
        license_id: null,
        tags: null,
        metric_timestamp: "2026-11-20T12:34:56.789012Z",
      });
      expect(users).toMatchObject({ metric_value: "1250", license_id: "license-1", currency: null });
      expect((await store.event(revenue?.event_id ?? 0))?.event_type).toBe("business_metric");
      expect(await store.businessMetrics({ licenseId: "license-1" }, 10, 0)).toEqual([users]);
      expect(await store.businessMetrics({ metricCategory: "revenue", currency: "USD" }, 10, 0)).toEqual([revenue]);
      expect(await store.businessMetrics({ startTime: "2024-01-01T00:00:00.000001Z" }, 10, 0)).toEqual([]);
    }));

  test("figures add up exactly, each unit and currency by itself", () =>
    withStore(open, async (store) => {
      const tiny = `0.${"0".repeat(27)}1`;
      const data = [
        { metric_value: "12345678901234567890.10", license_id: "license-1" },
        { metric_value: tiny, license_id: "license-2" },
        { metric_value: "0.90", license_id: "license-1" },
        { metric_value: "5e2", currency: "EUR", metric_unit: "eur" },
        { metric_value: "3", metric_unit: "count", currency: null },
      ];
      await store.writeEvents(data.map((one, i) => createBusinessMetric(i + 1, one)));
      const common = { metric_name: "revenue_per_user", metric_category: "revenue" };
      expect(await store.businessTotals({})).toEqual([
        {
          ...common,
          metric_unit: "usd",
          currency: "USD",
          total_value: `12345678901234567891.${"0".repeat(27)}1`,
          records: 3,
          active_licenses: 2,
        },
        { ...common, metric_unit: "eur", currency: "EUR", total_value: "500", records: 1, active_licenses: 0 },
        { ...common, metric_unit: "count", currency: null, total_value: "3", records: 1, active_licenses: 0 },
      ]);
      expect(await store.businessTotals({ startTime: "2024-01-02T00:00:00.000000Z" })).toEqual([]);
    }));

  test("periods are taken as days, as times with and without a zone, and as times of another zone", () =>
    withStore(open, async (store) => {
      const starts = ["2024-03-01", "2024-03-02T00:00:00", "2024-03-03 06:30", "2024-03-04T01:00:00.5+02:00"];
      await store.writeEvents(starts.map((period_start, i) => createBusinessMetric(i + 1, { period_start })));
      const periods = (await store.businessMetrics({}, 10, 0)).map((metric) => metric.period_start);
      expect(periods).toEqual([
        "2024-03-03T23:00:00.500000Z",
        "2024-03-03T06:30:00.000000Z",
        "2024-03-02T00:00:00.000000Z",
        "2024-03-01T00:00:00.000000Z",
      ]);
    }));
}

function describeActivity(open: OpenStore): void {
  test("what users do is counted by hour and category, each user once; what has no category is one of its own", () =>
    withStore(open, async (store) => {
      const at = (minute: number) => `2026-11-20T12:${minute}:00.000000Z`;
      const login = (seq: number, minute: number, user_id: string) =>
        createEvent({
          eventType: "user_action",
          seq,
          timestamp: at(minute),
          data: { event_name: "user_login", event_category: "authentication", user_id },
        });
      await store.writeEvents([
        login(1, 10, "user-1"),
        login(2, 59, "user-1"),
        login(3, 30, "user-2"),
        createEvent({ seq: 4, timestamp: at(20) }),
        createEvent({ seq: 5, timestamp: at(20), eventType: "api_event", data: { user_id: "user-3" } }),
        { ...login(6, 10, "user-1"), timestamp: "2026-11-20T13:00:00.000000Z" },
      ]);
      expect(await store.userActivity({})).toEqual([
        { hour: "2026-11-20T13:00:00.000000Z", event_category: "authentication", event_count: 1, unique_users: 1 },
        { hour: "2026-11-20T12:00:00.000000Z", event_category: "authentication", event_count: 3, unique_users: 2 },
        { hour: "2026-11-20T12:00:00.000000Z", event_category: null, event_count: 2, unique_users: 1 },
      ]);
      const range = { startTime: "2026-11-20T12:10:00.000001Z", endTime: "2026-11-20T12:59:00.000000Z" };
      expect(await store.userActivity(range)).toMatchObject([
        { event_category: null, event_count: 2 },
        { event_category: "authentication", event_count: 2, unique_users: 2 },
      ]);
    }));
}

function describeProperties(open: OpenStore, runs: number): void {
  test("are the same as by looking at every event", () =>
    fc.assert(
      fc.asyncProperty(recordEvents, systemFilter, businessFilter, recordRange, (given, system, business, times) =>
        withStore(open, async (store) => {
          const reference = new ReferenceRecords();
          reference.writeEvents(given);
          await store.writeEvents(given.slice(0, 20));
          await store.writeEvents(given.slice(20));
          const metrics = await store.systemMetrics(system, 1_000, 0);
          expect(sorted(metrics)).toEqual(sorted(reference.systemMetrics(system)));
          const stamps = metrics.map((metric) => metric.metric_timestamp);
          expect(stamps).toEqual([...stamps].sort().reverse());
          const pages = [await store.systemMetrics(system, 2, 0), await store.systemMetrics(system, 1_000, 2)];
          expect(pages.flat()).toEqual(metrics);
          const figures = await store.businessMetrics(business, 1_000, 0);
          expect(figures.map(({ event_id: _, ...rest }) => rest)).toEqual(reference.businessMetrics(business));
          expect(await store.businessMetrics(business, 3, 1)).toEqual(figures.slice(1, 4));
          expect(await store.userActivity(times)).toEqual(reference.userActivity(times));
          const { serviceName } = system;
          expect(await store.systemPerformance({ ...times, serviceName })).toEqual(
            reference.systemPerformance({ ...times, serviceName }),
          );
          expect(await store.businessTotals(times)).toEqual(reference.businessTotals(times));
        }),
      ),
      { numRuns: runs },
    ));
}

function performanceOf(
  metric_name: string,
  metric_unit: string,
  samples: number,
  avg_value: number,
  max_value: number,
  p95_value: number,
) {
  return { service_name: "api", metric_name, metric_unit, samples, avg_value, max_value, p95_value };
}
