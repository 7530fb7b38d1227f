// S4's document on PostgreSQL, whose SQL it is: every statement of it as it stands, and of the two that are none what stands for them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HAS_POSTGRES, TEST_SCHEMA, usePostgres } from "../../test/postgres-database.ts";
import { describeS4Document } from "../../test/s4-cases.ts";
import { daysBefore, s4BusinessMetrics, s4Events, s4Span, s4SystemMetrics } from "../../test/s4-records.ts";
import { createAlert, time } from "../../test/store-alerts.ts";
import { openPostgresStore } from "./index.ts";
import { createSqlPool } from "./sql-pool.ts";

/** Each with a column of what it finds among the examples of the document. */
const STATEMENTS = {
  "event summary": {
    sql: `SELECT * FROM telemetry_events_hourly_summary
WHERE event_type = 'user_action'
  AND hour >= NOW() - INTERVAL '24 hours';`,
    found: { column: "event_category", values: ["authentication"] },
  },
  "system performance": {
    sql: `SELECT * FROM system_metrics_service_summary
WHERE service_name = 'api'
  AND hour >= NOW() - INTERVAL '1 hour'
ORDER BY hour DESC;`,
    found: { column: "service_name", values: ["api", "api"] },
  },
  "business KPIs": {
    sql: `SELECT * FROM business_metrics_category_summary
WHERE metric_category = 'revenue'
  AND date >= CURRENT_DATE - INTERVAL '30 days';`,
    found: { column: "total_value", values: ["50.01"] },
  },
  "user activity dashboard": {
    sql: `SELECT 
    event_category,
    COUNT(*) as event_count,
    COUNT(DISTINCT user_id) as unique_users,
    DATE_TRUNC('hour', event_timestamp) as hour
FROM telemetry_events
WHERE event_timestamp >= NOW() - INTERVAL '24 hours'
GROUP BY event_category, DATE_TRUNC('hour', event_timestamp)
ORDER BY hour DESC, event_count DESC;`,
    found: { column: "event_category", values: [null, "authentication", "processing"] },
  },
  "business metrics dashboard": {
    sql: `SELECT 
    metric_name,
    metric_category,
    SUM(metric_value) as total_value,
    COUNT(DISTINCT license_id) as active_licenses
FROM business_metrics
WHERE period_start >= CURRENT_DATE - INTERVAL '30 days'
GROUP BY metric_name, metric_category
ORDER BY total_value DESC;`,
    found: { column: "total_value", values: ["2500", "50.01"] },
  },
};

const SYSTEM_PERFORMANCE = `SELECT 
    service_name,
    metric_name,
    AVG(metric_value) as avg_value,
    MAX(metric_value) as max_value,
    percentile_95 as p95_value
FROM system_metrics
WHERE metric_timestamp >= NOW() - INTERVAL '1 hour'
GROUP BY service_name, metric_name
ORDER BY avg_value DESC;`;

describe.skipIf(!HAS_POSTGRES)("with a server", () => {
  const databases = usePostgres();

  const open = async () => {
    const url = await databases.create();
    const store = await openPostgresStore({ url });
    const place = { url, place: "the test database", schema: TEST_SCHEMA, statementTimeoutMs: 60_000 };
    const pool = createSqlPool(place, 1);
    return {
      store,
      rows: (sql: string) => pool.rows<Readonly<Record<string, unknown>>>(sql),
      close: async () => {
        await Promise.all([pool.close(), store.close()]);
      },
    };
  };

  describeS4Document("S4's document on PostgreSQL", open, {
    ago: (interval) => `NOW() - INTERVAL '${interval}'`,
    daysAgo: (days) => `CURRENT_DATE - INTERVAL '${days} days'`,
    hourOf: (column) => `DATE_TRUNC('hour', ${column})`,
    numberOf: (column) => column,
  });

  describe("with the examples of the document", () => {
    let s4: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      s4 = await open();
      const nowMs = Date.now();
      const all = [...s4Events(nowMs), ...s4SystemMetrics(nowMs), ...s4BusinessMetrics(nowMs)];
      // All of now: "the last hour" of the document is compared with the beginning of an hour.
      await s4.store.writeEvents(all.map((event) => ({ ...event, timestamp: daysBefore(nowMs, 0) })));
    });
    afterAll(() => s4.close());

    test.each(Object.entries(STATEMENTS))(
      "%s: the SQL of the document, letter for letter",
      async (_, { sql, found }) => {
        const { rows } = s4;
        expect((await rows(sql)).map((row) => row[found.column])).toEqual(found.values);
      },
    );

    test("the system performance dashboard is no valid SQL: its percentile is neither grouped nor added up", async () => {
      const { rows, store } = s4;
      await expect(rows(SYSTEM_PERFORMANCE)).rejects.toMatchObject({ cause: { code: "42803" } });
      // What stands for it: the largest of the percentiles, as the question of the store has it, too.
      const replaced = await rows(SYSTEM_PERFORMANCE.replace("percentile_95 as", "MAX(percentile_95) as"));
      expect(replaced.map((row) => [row["metric_name"], row["avg_value"], row["max_value"], row["p95_value"]])).toEqual(
        [
          ["response_time", 245, 245, 350],
          ["cpu_usage", 80, 85.5, null],
        ],
      );
      expect((await store.systemPerformance({}))[0]).toMatchObject({ metric_name: "response_time", p95_value: 350 });
    });

    test("the function that cleans up is called with the names of the document, which are SQL's with an arrow", async () => {
      const { rows, store } = s4;
      const nowMs = Date.now();
      const aged = [...s4Events(nowMs), ...s4SystemMetrics(nowMs)].map((event) => ({
        ...event,
        timestamp: daysBefore(nowMs, event.eventType === "system_metric" ? 182 : 92),
      }));
      await store.writeEvents(aged);
      await store.writeSpans([s4Span(nowMs, 28), s4Span(nowMs, 32)]);
      const call = (arrow: string) =>
        `SELECT * FROM cleanup_old_telemetry_data(events_retention_days${arrow}90, metrics_retention_days${arrow}180, traces_retention_days${arrow}30)`;
      // `name=value` is Python's; in SQL it asks whether a column is equal to it.
      await expect(rows(call("="))).rejects.toMatchObject({ cause: { code: "42703" } });
      expect(await rows(call(" => "))).toMatchObject([{ events: 9, spans: 1, records: 3 }]);
      expect(await rows("SELECT * FROM cleanup_old_telemetry_data()")).toMatchObject([
        { events: 0, spans: 0, records: 0 },
      ]);
      expect(await rows("SELECT count(*) AS n FROM traces")).toEqual([{ n: 1 }]);
    });

    test("the question for the status of alerts gives the worst first", async () => {
      const { rows, store } = s4;
      const all = (["warning", "critical", "error", "critical"] as const).map((severity, i) =>
        createAlert({
          alert_id: `${severity} ${i}`,
          severity,
          state: severity === "error" ? "resolved" : "firing",
          status: severity === "error" ? "resolved" : "active",
          triggered_at: time(i),
          resolved_at: time(1_800 + i),
        }),
      );
      await store.alerts.commit({ alerts: all.map((alert) => ({ alert, expectedRevision: 0 })) });
      const active = await rows(
        `SELECT * FROM alerts_status_summary
  WHERE status = 'active'
  ORDER BY severity DESC, triggered_at DESC;`,
      );
      expect(
        active.map((row) => [row["alert_id"], row["severity"], row["severity_rank"], row["minutes_open"]]),
      ).toEqual([
        ["critical 3", "critical", 4, 30],
        ["critical 1", "critical", 4, 30],
        ["warning 0", "warning", 2, 30],
      ]);
    });
  });
});
