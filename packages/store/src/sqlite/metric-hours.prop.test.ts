// The hourly summary of system metrics against the values that it is of: it is kept while writing, and must be what reading them would give.
import type { DatabaseSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pointRequests } from "../../test/hour-arbitraries.ts";
import { recordEvents } from "../../test/record-arbitraries.ts";
import { createSystemMetric } from "../../test/record-events.ts";
import { rowsOf } from "../../test/rows-of.ts";
import { createNumber } from "../../test/store-points.ts";
import { createTestDatabase } from "../../test/test-database.ts";
import { HOUR_TABLES } from "./hour-schema.ts";
import { cleanUp } from "./maintenance/cleanup.ts";

const KEYS = ["hour", "service_name", "metric_name", "metric_unit"];
const SCAN = `SELECT hour, service_name, metric_name, metric_unit, avg(metric_value) AS avg_value, min(metric_value) AS min_value,
    max(metric_value) AS max_value, coalesce(max(percentile_95), max(metric_value) FILTER (WHERE place <= (95 * samples + 99) / 100)) AS p95_value,
    count(*) AS samples
  FROM (SELECT *, row_number() OVER (PARTITION BY hour, service_name, metric_name, metric_unit ORDER BY metric_value) AS place,
      count(*) OVER (PARTITION BY hour, service_name, metric_name, metric_unit) AS samples
    FROM (SELECT *, substr(metric_timestamp, 1, 13) || ':00:00.000000Z' AS hour FROM system_metrics))
  GROUP BY hour, service_name, metric_name, metric_unit`;
const NOON_MICROS = Date.parse("2026-11-20T12:00:00Z") * 1000;

/** Rows in the order of their keys; a sum in another order has another last digit. */
function shown(database: DatabaseSync, sql: string): readonly string[] {
  const round = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(12)) : value);
  return rowsOf(database, sql)
    .map((row) =>
      JSON.stringify(
        [...KEYS, "avg_value", "min_value", "max_value", "p95_value", "samples"].map((key) => round(row[key])),
      ),
    )
    .sort();
}

const kept = (database: DatabaseSync) => shown(database, "SELECT * FROM system_metrics_service_summary");

test("whatever is written, late, twice or in place of something, the summary is that of the values", () => {
  fc.assert(
    fc.property(pointRequests, recordEvents, (requests, events) => {
      const { database, writer } = createTestDatabase();
      for (const points of requests) writer.writePoints(points);
      writer.writeEvents(events);
      for (const points of requests) writer.writePoints(points);
      writer.writeEvents(events);
      expect(kept(database)).toEqual(shown(database, SCAN));
      database.close();
    }),
    { numRuns: 60 },
  );
});

test("whatever is cleaned away, in whatever steps, the summary is that of the values that stay, and of those that come then", async () => {
  const cut = fc.integer({ min: -120, max: 180 }).map((minute) => toTimestamp(NOON_MICROS + minute * 60e6));
  const steps = fc.integer({ min: 1, max: 20 });
  await fc.assert(
    fc.asyncProperty(
      pointRequests,
      recordEvents,
      cut,
      steps,
      async (requests, events, metricsOlderThan, rowsPerStep) => {
        const { database, writer } = createTestDatabase();
        for (const points of requests) writer.writePoints(points);
        const records = events.map((event, i) => ({ ...event, timestamp: toTimestamp(NOON_MICROS + i * 37e6) }));
        writer.writeEvents(records);
        await cleanUp(database, { metricsOlderThan, rowsPerStep, reserveBytes: 0, pause: async () => {} });
        expect(kept(database)).toEqual(shown(database, SCAN));
        writer.writePoints([createNumber(200, 7)]);
        expect(kept(database)).toEqual(shown(database, SCAN));
        database.close();
      },
    ),
    { numRuns: 60 },
  );
});

test("what an older version has written has the summary that it would have had", () => {
  fc.assert(
    fc.property(pointRequests, recordEvents, (requests, events) => {
      const { database, writer } = createTestDatabase();
      for (const points of requests) writer.writePoints(points);
      writer.writeEvents(events);
      database.exec("DROP VIEW system_metrics_service_summary; DROP TABLE metric_hours");
      database.exec("CREATE VIEW system_metrics_service_summary AS SELECT 1");
      for (const statement of HOUR_TABLES) database.exec(statement);
      expect(kept(database)).toEqual(shown(database, SCAN));
      // Minutes go on where they were.
      const later = requests.flat().map((point) => ({ ...point, timeMicros: point.timeMicros + 30e6 }));
      writer.writePoints(later);
      expect(kept(database)).toEqual(shown(database, SCAN));
      database.close();
    }),
    { numRuns: 40 },
  );
});

test("a request that fails leaves nothing in the summary", () => {
  const { database, writer } = createTestDatabase();
  database.exec(
    "CREATE TRIGGER refuse BEFORE INSERT ON metric_points WHEN new.value = 13 BEGIN SELECT raise(ABORT, 'no'); END",
  );
  expect(() => writer.writePoints([createNumber(1, 1), createNumber(2, 14)])).toThrow("no");
  writer.writePoints([createNumber(3, 5)]);
  expect(rowsOf(database, "SELECT samples, max_value FROM system_metrics_service_summary")).toEqual([
    { samples: 1, max_value: 5 },
  ]);
});

test("a summary of an hour reads the rows of that hour, and no value", () => {
  const { database, writer } = createTestDatabase();
  writer.writePoints([createNumber(1, 3)]);
  writer.writeEvents([createSystemMetric(1)]);
  const plan = rowsOf(
    database,
    "EXPLAIN QUERY PLAN SELECT * FROM system_metrics_service_summary WHERE hour >= '2026-11-20T12' AND service_name = 'bot'",
  ).map((row) => String(row["detail"]));
  expect(plan.filter((step) => /metric_points|system_records/.test(step))).toEqual([]);
  expect(plan.filter((step) => /^SEARCH h USING .*\(hour>\?\)/.test(step))).toHaveLength(1);
});
