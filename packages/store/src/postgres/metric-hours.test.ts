// The hourly summary of system metrics against the values that it is of: it is kept while writing, and must be what reading them would give.
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import type pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { pointRequests } from "../../test/hour-arbitraries.ts";
import { command, HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { recordEvents } from "../../test/record-arbitraries.ts";
import { createSystemMetric } from "../../test/record-events.ts";
import { createHistogram, createNumber } from "../../test/store-points.ts";
import type { EventInput, MetricPointInput } from "../store-input.ts";
import { HOUR_STATEMENTS } from "./hour-schema.ts";
import { openPostgresStore, type PostgresStore } from "./index.ts";

const KEYS = ["hour", "service_name", "metric_name", "metric_unit"];
const VALUES = ["avg_value", "min_value", "max_value", "p95_value", "samples"];
const SCAN = `SELECT date_trunc('hour', metric_timestamp, 'UTC') AS hour, service_name, metric_name, metric_unit, avg(metric_value) AS avg_value,
    min(metric_value) AS min_value, max(metric_value) AS max_value,
    coalesce(max(percentile_95), percentile_disc(0.95) WITHIN GROUP (ORDER BY metric_value)) AS p95_value, count(*) AS samples
  FROM system_metrics GROUP BY 1, 2, 3, 4`;
const NOON_MICROS = Date.parse("2026-11-20T12:00:00Z") * 1000;
const PATIENT_MS = 60_000;

describe.skipIf(!HAS_POSTGRES)("the hourly summary of system metrics", () => {
  const databases = usePostgres();

  async function openStore(url: string): Promise<PostgresStore> {
    const store = await openPostgresStore({ url });
    onTestFinished(() => store.close());
    return store;
  }

  const rowsOf = async (url: string, sql: string) => {
    const results = (await command(url, `SET search_path = tracebook; ${sql}`)) as unknown as readonly pg.QueryResult[];
    return results.at(-1)!.rows as readonly Readonly<Record<string, unknown>>[];
  };

  /** A sum in another order has another last digit. */
  async function shown(url: string, sql: string): Promise<readonly string[]> {
    const round = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(12)) : value);
    return (await rowsOf(url, sql))
      .map((row) => JSON.stringify([...KEYS, ...VALUES].map((key) => round(row[key]))))
      .sort();
  }

  async function expectSummary(url: string): Promise<void> {
    expect(await shown(url, "SELECT * FROM system_metrics_service_summary")).toEqual(await shown(url, SCAN));
  }

  /** Everything of another run under names of its own: a database each would take too long. */
  function apart<T extends EventInput | MetricPointInput>(run: number, items: readonly T[]): readonly T[] {
    return items.map((item) => ({
      ...item,
      source: { ...item.source, instanceId: `${item.source.instanceId} ${run}` },
    }));
  }

  test(
    "is that of the values, whatever two writers write, late, twice or in place of something, and whatever is cleaned away",
    async () => {
      const url = await databases.create();
      const stores = await Promise.all([openStore(url), openStore(url)]);
      let run = 0;
      const cut = fc.integer({ min: -120, max: 180 }).map((minute) => toTimestamp(NOON_MICROS + minute * 60e6));
      await fc.assert(
        fc.asyncProperty(pointRequests, recordEvents, fc.option(cut), async (requests, events, before) => {
          run++;
          const records = apart(
            run,
            events.map((event, i) => ({ ...event, timestamp: toTimestamp(NOON_MICROS + i * 37e6) })),
          );
          const writes = [...requests, ...requests].map((points, i) => stores[i % 2]!.writePoints(apart(run, points)));
          await Promise.all([...writes, ...stores.map((store) => store.writeEvents(records))]);
          await expectSummary(url);
          if (before === null) return;
          await stores[0].cleanUp({ metricsOlderThan: before });
          await expectSummary(url);
          await stores[1].writePoints(apart(run, [createNumber(200, 7)]));
          await expectSummary(url);
        }),
        { numRuns: 20 },
      );
    },
    PATIENT_MS,
  );

  test(
    "is the same for what an older version has written, and goes on from there",
    async () => {
      const url = await databases.create();
      const store = await openStore(url);
      let run = 0;
      const again = [
        "BEGIN",
        "DROP TABLE metric_hours, record_hours, journal_positions CASCADE",
        "DROP FUNCTION percentile_of, cut_metric_hours",
        ...HOUR_STATEMENTS,
        "COMMIT",
      ];
      await fc.assert(
        fc.asyncProperty(pointRequests, recordEvents, async (requests, events) => {
          run++;
          for (const points of requests) await store.writePoints(apart(run, points));
          await store.writeEvents(apart(run, events));
          await rowsOf(url, again.join("; "));
          await expectSummary(url);
          const later = requests.flat().map((point) => ({ ...point, timeMicros: point.timeMicros + 30e6 }));
          await store.writePoints(apart(run, later));
          await expectSummary(url);
        }),
        { numRuns: 15 },
      );
    },
    PATIENT_MS,
  );

  test("takes values that are larger than can be added up", async () => {
    const url = await databases.create();
    const store = await openStore(url);
    const huge = (seq: number) => createSystemMetric(seq, { metric_value: 1.7e308 });
    expect(await store.writeEvents([huge(1), huge(2)])).toMatchObject({ written: 2 });
    expect(await store.writeEvents([huge(3)])).toMatchObject({ written: 1 });
    const gauge = (minute: number) => createNumber(minute, -1.7e308, { type: "gauge", isMonotonic: false });
    expect(
      await store.writePoints([
        gauge(1),
        gauge(2),
        createHistogram(3, { sum: 1.7e308, count: 1, bucketCounts: [1, 0, 0] }),
      ]),
    ).toMatchObject({ written: 3 });
    expect(
      (await rowsOf(url, "SELECT samples::int FROM system_metrics_service_summary ORDER BY 1")).map(
        ({ samples }) => samples,
      ),
    ).toEqual([1, 2, 3]);
  });

  test("reads the rows of the hours that are asked for, and no value", async () => {
    const url = await databases.create();
    const store = await openStore(url);
    await store.writePoints([createNumber(1, 3)]);
    const plan = await rowsOf(
      url,
      "SET enable_seqscan = off; EXPLAIN SELECT * FROM system_metrics_service_summary WHERE hour >= '2026-11-20T12:00Z' AND service_name = 'bot'",
    );
    const text = plan.map((row) => String(row["QUERY PLAN"])).join("\n");
    expect(text).not.toMatch(/metric_points|system_records/);
    expect(text.match(/Index Cond: \(+hour >= /g)).toHaveLength(2);
  });
});
