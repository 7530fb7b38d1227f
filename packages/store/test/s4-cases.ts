// S4's document as tests of a store: every query, view and function of it that is about what was recorded.
import { describe, expect, test } from "vitest";
import type { Store } from "../src/store.ts";
import { daysBefore, minutesBefore, s4BusinessMetrics, s4Events, s4Span, s4SystemMetrics } from "./s4-records.ts";

/** A store that is empty, and its database as people ask it. */
export interface S4Store {
  readonly store: Store;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Where databases have words of their own for what S4 says in those of PostgreSQL. */
export interface S4Dialect {
  /** `NOW() - INTERVAL '24 hours'`. */
  ago(interval: string): string;
  /** `CURRENT_DATE - INTERVAL '30 days'`. */
  daysAgo(days: number): string;
  /** `DATE_TRUNC('hour', column)`. */
  hourOf(column: string): string;
  /** A decimal of the database for adding up. */
  numberOf(column: string): string;
}

/** Declares the tests for the database that `open` gives. */
export function describeS4Document(name: string, open: () => Promise<S4Store>, dialect: S4Dialect): void {
  const nowMs = Date.now();
  const withS4 = async (use: (s4: S4Store) => Promise<void>): Promise<void> => {
    const s4 = await open();
    try {
      await s4.store.writeEvents([...s4Events(nowMs), ...s4SystemMetrics(nowMs), ...s4BusinessMetrics(nowMs)]);
      await s4.store.writeSpans([s4Span(nowMs)]);
      await use(s4);
    } finally {
      await s4.close();
    }
  };
  describe(name, () => {
    describeExamples(withS4, nowMs);
    describeViews(withS4, dialect);
    describeDashboards(withS4, dialect, nowMs);
    describeBestPractices(withS4, dialect, nowMs);
  });
}

type WithS4 = (use: (s4: S4Store) => Promise<void>) => Promise<void>;

function describeExamples(withS4: WithS4, nowMs: number): void {
  test("the examples are in the tables and columns that S4 names", () =>
    withS4(async ({ rows }) => {
      const [event] = await rows(
        `SELECT event_type, event_name, event_category, user_id, license_id, source, source_ip, duration_ms
         FROM telemetry_events WHERE event_name = 'document_process'`,
      );
      expect(event).toMatchObject({
        event_type: "api_event",
        event_category: "processing",
        user_id: null,
        source: "api",
        source_ip: "192.0.2.7",
      });
      expect(Number(event?.["duration_ms"])).toBe(2500);
      const [metric] = await rows(
        `SELECT metric_name, metric_type, metric_value, metric_unit, service_name, percentile_50, percentile_90, percentile_95, percentile_99
         FROM system_metrics WHERE metric_type = 'histogram'`,
      );
      expect(metric).toMatchObject({ metric_name: "response_time", service_name: "api", metric_unit: "milliseconds" });
      const figures = ["metric_value", "percentile_50", "percentile_90", "percentile_95", "percentile_99"];
      expect(figures.map((figure) => Number(metric?.[figure]))).toEqual([245, 150, 280, 350, 450]);
      const [revenue] = await rows(
        `SELECT metric_name, metric_value, metric_unit, currency, period_type, calculation_method FROM business_metrics
         WHERE metric_category = 'revenue' ORDER BY event_id LIMIT 1`,
      );
      expect(revenue).toEqual({
        metric_name: "revenue_per_user",
        metric_value: "49.99",
        metric_unit: "usd",
        currency: "USD",
        period_type: "monthly",
        calculation_method: "average",
      });
    }));

  test("the trace of an API request has its method, its address, its status and its user", () =>
    withS4(async ({ rows }) => {
      const [span] = await rows(
        "SELECT service_name, operation_name, http_method, http_url, http_status_code, duration_ms, user_id FROM traces",
      );
      expect(span).toMatchObject({
        service_name: "api",
        operation_name: "process_document",
        http_method: "POST",
        http_url: "/api/documents/process",
        user_id: "user-1",
      });
      expect([Number(span?.["http_status_code"]), Number(span?.["duration_ms"])]).toEqual([200, 1200]);
    }));

  test("the function that cleans up keeps events for 90 days, metrics of both kinds for 180, traces for 30", () =>
    withS4(async ({ store, rows }) => {
      const aged = (days: number) =>
        [...s4Events(nowMs), ...s4SystemMetrics(nowMs), ...s4BusinessMetrics(nowMs)].map((event) => ({
          ...event,
          timestamp: daysBefore(nowMs, days),
        }));
      await store.writeEvents([...aged(91), ...aged(181)]);
      await store.writeSpans([s4Span(nowMs, 29), s4Span(nowMs, 31)]);
      const result = await store.cleanUp({
        eventsOlderThan: daysBefore(nowMs, 90),
        metricsOlderThan: daysBefore(nowMs, 180),
        tracesOlderThan: daysBefore(nowMs, 30),
      });
      expect(result).toMatchObject({ events: 28, spans: 1, metricPoints: 8 });
      const counts = await Promise.all(
        ["telemetry_events", "system_metrics", "business_metrics", "traces"].map(async (table) =>
          Number((await rows(`SELECT count(*) AS n FROM ${table}`))[0]?.["n"]),
        ),
      );
      expect(counts).toEqual([14, 6, 10, 2]);
      expect(await store.businessMetrics({ licenseId: "license-2" }, 10, 0)).toHaveLength(2);
    }));
}

function describeViews(withS4: WithS4, dialect: S4Dialect): void {
  test("the summary of events has each hour, type and category with its events, users and mean duration", () =>
    withS4(async ({ rows }) => {
      const summary = await rows(
        `SELECT * FROM telemetry_events_hourly_summary WHERE event_type = 'user_action' AND hour >= ${dialect.ago("25 hours")}`,
      );
      expect(new Set(summary.map((row) => row["event_category"]))).toEqual(new Set(["authentication"]));
      expect(sumOf(summary, "event_count")).toBe(2);
      expect(sumOf(summary, "unique_users")).toBe(2);
      const [api] = await rows("SELECT * FROM telemetry_events_hourly_summary WHERE event_type = 'api_event'");
      expect([api?.["event_category"], Number(api?.["avg_duration_ms"])]).toEqual(["processing", 2500]);
      const [scan] = await rows("SELECT * FROM telemetry_events_hourly_summary WHERE event_type = 'scan_completed'");
      expect([scan?.["event_category"], Number(scan?.["event_count"]), Number(scan?.["unique_users"])]).toEqual([
        null,
        1,
        0,
      ]);
    }));

  test("the summary of system metrics has each hour, service and metric with its mean, its ends and its percentile", () =>
    withS4(async ({ rows }) => {
      const summary = await rows(
        `SELECT * FROM system_metrics_service_summary
         WHERE service_name = 'api' AND hour >= ${dialect.ago("2 hours")} ORDER BY hour DESC`,
      );
      const figures = ["avg_value", "min_value", "max_value", "p95_value", "samples"];
      const byName = Object.fromEntries(
        summary.map((row) => [row["metric_name"], figures.map((name) => Number(row[name]))]),
      );
      expect(byName).toEqual({ cpu_usage: [80, 74.5, 85.5, 85.5, 2], response_time: [245, 245, 245, 350, 1] });
    }));

  test("the summary of the business has each day, category, metric, unit and currency with its total and licences", () =>
    withS4(async ({ rows }) => {
      const summary = await rows(
        `SELECT * FROM business_metrics_category_summary
         WHERE metric_category = 'revenue' AND date >= ${dialect.daysAgo(30)}`,
      );
      expect(summary).toHaveLength(1);
      expect(summary[0]).toMatchObject({ metric_name: "revenue_per_user", metric_unit: "usd", currency: "USD" });
      expect(Number(summary[0]?.["total_value"])).toBeCloseTo(50.01, 10);
      expect(Number(summary[0]?.["records"])).toBe(2);
    }));
}

function describeDashboards(withS4: WithS4, dialect: S4Dialect, nowMs: number): void {
  test("the user activity dashboard: by its SQL, and by the question", () =>
    withS4(async ({ store, rows }) => {
      const hour = dialect.hourOf("event_timestamp");
      const activity = await rows(
        `SELECT event_category, COUNT(*) as event_count, COUNT(DISTINCT user_id) as unique_users, ${hour} as hour
         FROM telemetry_events WHERE event_timestamp >= ${dialect.ago("24 hours")}
         GROUP BY event_category, ${hour} ORDER BY hour DESC, event_count DESC`,
      );
      const answer = await store.userActivity({ startTime: daysBefore(nowMs, 1) });
      const keys = ["event_category", "event_count", "unique_users"] as const;
      const shownOf = (list: readonly object[]) =>
        list.map((row) => keys.map((key) => String((row as Record<string, unknown>)[key]))).sort();
      expect(shownOf(answer)).toEqual(shownOf(activity));
      expect(sumOf(answer, "event_count")).toBe(12);
    }));

  test("the system performance dashboard, its percentile made one that can be grouped: by its SQL, and by the question", () =>
    withS4(async ({ store, rows }) => {
      const performance = await rows(
        `SELECT service_name, metric_name, AVG(metric_value) as avg_value, MAX(metric_value) as max_value,
           MAX(percentile_95) as p95_value
         FROM system_metrics WHERE metric_timestamp >= ${dialect.ago("1 hour")}
         GROUP BY service_name, metric_name ORDER BY avg_value DESC`,
      );
      expect(
        performance.map((row) => [row["metric_name"], Number(row["avg_value"]), Number(row["max_value"])]),
      ).toEqual([
        ["response_time", 245, 245],
        ["cpu_usage", 80, 85.5],
      ]);
      expect(await store.systemPerformance({ startTime: minutesBefore(nowMs, 60) })).toMatchObject([
        { service_name: "api", metric_name: "response_time", avg_value: 245, p95_value: 350, samples: 1 },
        { service_name: "api", metric_name: "cpu_usage", avg_value: 80, max_value: 85.5, p95_value: 85.5 },
      ]);
    }));

  test("the business metrics dashboard: by its SQL, and by the question, which adds up exactly", () =>
    withS4(async ({ store, rows }) => {
      const totals = await rows(
        `SELECT metric_name, metric_category, SUM(${dialect.numberOf("metric_value")}) as total_value,
           COUNT(DISTINCT license_id) as active_licenses
         FROM business_metrics WHERE period_start >= ${dialect.daysAgo(30)}
         GROUP BY metric_name, metric_category ORDER BY total_value DESC`,
      );
      expect(totals.map((row) => [row["metric_name"], Number(row["active_licenses"])])).toEqual([
        ["daily_active_users", 2],
        ["revenue_per_user", 0],
      ]);
      const common = { records: 2 };
      expect(await store.businessTotals({ startTime: daysBefore(nowMs, 30) })).toMatchObject([
        { ...common, metric_name: "daily_active_users", total_value: "2500", active_licenses: 2 },
        { ...common, metric_name: "revenue_per_user", total_value: "50.01", active_licenses: 0, currency: "USD" },
      ]);
    }));
}

function describeBestPractices(withS4: WithS4, dialect: S4Dialect, nowMs: number): void {
  test("the recent events of a user are those of the last seven days, newest first", () =>
    withS4(async ({ rows }) => {
      const events = await rows(
        `SELECT event_name, event_timestamp FROM telemetry_events
         WHERE user_id = 'user-1' AND event_timestamp >= ${dialect.ago("7 days")}
         ORDER BY event_timestamp DESC LIMIT 100`,
      );
      expect(events.map((row) => row["event_name"])).toEqual(["user_login", "user_login"]);
    }));

  test("what is exported of a range is what the range has, of events and of metrics", () =>
    withS4(async ({ store }) => {
      const range = { startTime: minutesBefore(nowMs, 60), endTime: minutesBefore(nowMs, 0) };
      let text = "";
      for await (const piece of store.exportEvents(range, "ndjson")) text += new TextDecoder().decode(piece);
      expect(text.trim().split("\n")).toHaveLength(12);
      expect(await store.systemMetrics(range, 100, 0)).toHaveLength(3);
    }));
}

function sumOf(rows: readonly object[], column: string): number {
  return rows.reduce((all, row) => all + Number((row as Record<string, unknown>)[column]), 0);
}
