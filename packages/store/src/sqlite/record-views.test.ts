// The views of the file against the questions of the API: two ways to the same answer.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordEvents } from "../../test/record-arbitraries.ts";
import { createSystemMetric } from "../../test/record-events.ts";
import { rowsOf } from "../../test/rows-of.ts";
import { createHistogram, createNumber } from "../../test/store-points.ts";
import { createTestDatabase } from "../../test/test-database.ts";
import { createSqliteQueries } from "./queries/sqlite-queries.ts";

const COLUMNS =
  "metric_name, metric_type, metric_value, metric_unit, service_name, host_name, instance_id, tags, metric_timestamp";
const SHARES = ["percentile_50", "percentile_90", "percentile_95", "percentile_99"] as const;

describe("the views of records", () => {
  test("system_metrics has what the question answers, percentiles of histograms too", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 4 });
    const bounds = fc.constantFrom([0.5, 1, 2], [-1, 0, 4]);
    fc.assert(
      fc.property(recordEvents, fc.array(counts, { maxLength: 4 }), bounds, (events, all, limits) => {
        const { database, path, writer } = createTestDatabase();
        writer.writeEvents(events);
        const points = all.map((bucketCounts, minute) =>
          createHistogram(minute, {
            ...{ bounds: limits, bucketCounts, count: bucketCounts.reduce((sum, one) => sum + one, 0), sum: 1.5 },
          }),
        );
        writer.writePoints([...points, createNumber(1, 3)]);
        const answer = createSqliteQueries(database, path).systemMetrics({}, 1_000, 0);
        const view = rowsOf(database, `SELECT ${COLUMNS}, ${SHARES.join(", ")} FROM system_metrics`);
        const round = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(12)) : value);
        const shown = (row: object, tags: unknown) =>
          JSON.stringify(
            Object.entries({ ...row, tags })
              .map(([name, value]) => [name, round(value)])
              .sort(),
          );
        const viewed = view.map((row) => shown(row, row["tags"] === null ? null : JSON.parse(String(row["tags"]))));
        expect(viewed.sort()).toEqual(answer.map((row) => shown(row, row.tags)).sort());
        database.close();
      }),
      { numRuns: 30 },
    );
  });

  test("telemetry_events_hourly_summary and system_metrics_service_summary add up to what the questions answer", () => {
    fc.assert(
      fc.property(recordEvents, (events) => {
        const { database, path, writer } = createTestDatabase();
        writer.writeEvents(events);
        const queries = createSqliteQueries(database, path);
        const summed = rowsOf(
          database,
          "SELECT hour, event_category, sum(event_count) AS event_count FROM telemetry_events_hourly_summary GROUP BY 1, 2",
        );
        const byCategory = (rows: readonly object[]) =>
          rows
            .map((row) => JSON.stringify(["hour", "event_category", "event_count"].map((key) => row[key as never])))
            .sort();
        expect(byCategory(summed)).toEqual(byCategory(queries.userActivity({})));
        const hours = rowsOf(database, "SELECT * FROM system_metrics_service_summary");
        for (const { hour, ...row } of hours) {
          const startTime = String(hour);
          const endTime = startTime.replace(":00:00.000000Z", ":59:59.999999Z");
          const performance = queries.systemPerformance({ startTime, endTime });
          const { min_value: _, ...rest } = row;
          expect(performance).toContainEqual(rest);
        }
        database.close();
      }),
      { numRuns: 30 },
    );
  });

  test("what came by a journal, which knows no service and no host, has those that its instance has told since", () => {
    const { database, path, writer } = createTestDatabase();
    const data = { service_name: null, host_name: null };
    writer.writeEvents([createSystemMetric(1, data, { source: { serviceName: "", instanceId: "i-1" } })]);
    const queries = createSqliteQueries(database, path);
    expect(queries.systemMetrics({}, 10, 0)).toMatchObject([
      { service_name: null, host_name: null, instance_id: "i-1" },
    ]);
    writer.writePoints([
      createNumber(1, 3, { source: { serviceName: "api", instanceId: "i-1", hostName: "server-01" } }),
    ]);
    const filter = { metricName: "cpu_usage", serviceName: "api", hostName: "server-01" };
    expect(queries.systemMetrics(filter, 10, 0)).toMatchObject([{ service_name: "api", host_name: "server-01" }]);
    const view = rowsOf(database, "SELECT service_name, host_name FROM system_metrics WHERE metric_name = 'cpu_usage'");
    expect(view).toEqual([{ service_name: "api", host_name: "server-01" }]);
  });

  test("no question of records reads a whole table", () => {
    const { database, path, writer } = createTestDatabase();
    writer.writeEvents(fc.sample(recordEvents, { numRuns: 5, seed: 1 }).flat());
    writer.writePoints([createNumber(1, 3)]);
    const texts = new Set<string>();
    const prepare = database.prepare.bind(database);
    database.prepare = (sql) => {
      texts.add(sql);
      return prepare(sql);
    };
    const queries = createSqliteQueries(database, path);
    for (const metricName of [undefined, "cpu_usage"]) queries.systemMetrics({ metricName }, 1, 0);
    for (const field of ["metricName", "metricCategory", "licenseId", "userId"])
      queries.businessMetrics({ [field]: "x" }, 1, 0);
    queries.systemPerformance({});
    queries.businessTotals({});
    queries.userActivity({ startTime: "2026-11-20T12:34:00.500000Z" });
    const scans =
      /^SCAN (?!.*USING (COVERING )?INDEX)(telemetry_events|system_records|business_metrics|metric_points|[rp])\b/;
    for (const sql of [...texts]) {
      if (sql === "BEGIN" || sql === "COMMIT") continue;
      const plan = rowsOf(database, `EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row["detail"]));
      expect(
        plan.filter((step) => scans.test(step)),
        sql,
      ).toEqual([]);
    }
  });
});
