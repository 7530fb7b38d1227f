import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { commandOf, runFixture, startChild } from "../../../test/child.ts";
import { createBusinessMetric, createSystemMetric } from "../../../test/record-events.ts";
import { keptCounts, recount } from "../../../test/recount.ts";
import { rowsOf } from "../../../test/rows-of.ts";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase, openStoreDatabase } from "../../../test/test-database.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../../store-input.ts";
import { createSqliteQueries } from "../queries/sqlite-queries.ts";
import { StoreWriter } from "../store-writer.ts";
import { cleanUp, type RemovedRows } from "./cleanup.ts";
import { hasUnfinishedCuts } from "./unfinished-cuts.ts";

const START = Date.UTC(2026, 10, 20, 12) * 1000;
const QUICK = { reserveBytes: 0, pause: async () => {} };
const DAY_MICROS = 86_400e6;

const at = (seconds: number): string => toTimestamp(START + seconds * 1e6);

/** Events of one instance, some `perMinute` a minute. */
function eventsOf(count: number, perMinute: number, more: Partial<EventInput> = {}): EventInput[] {
  const data = { decision: "ACCEPT", reason_code: "ok", note: "x".repeat(200) };
  return Array.from({ length: count }, (_, i) =>
    createEvent({
      ...{ eventType: "decision", seq: i + 1, timestamp: at((i * 60) / perMinute), data },
      traceId: (i + 1).toString(16).padStart(32, "0"),
      ...more,
    }),
  );
}

function spanOf(i: number, instanceId: string, seconds: number): SpanInput {
  const id = (i + 1).toString(16);
  return {
    ...{ source: { serviceName: "bot", instanceId }, traceId: id.padStart(32, "0"), spanId: id.padStart(16, "0") },
    ...{ parentSpanId: undefined, name: "tick", kind: 1, startMicros: START + seconds * 1e6, startNanosRest: 0 },
    ...{ durationNanos: 5, statusCode: 0, statusMessage: "", scope: "", attributes: {}, events: [], links: [] },
  };
}

function pointOf(name: string, instanceId: string, seconds: number, value = 1): MetricPointInput {
  return {
    ...{ source: { serviceName: "bot", instanceId }, name, unit: "1", description: "", labels: {} },
    ...{ startMicros: START, timeMicros: START + seconds * 1e6, value },
    ...{ type: "sum", isMonotonic: true, isCumulative: true },
  };
}

const countOf = (database: DatabaseSync, table: string): unknown =>
  rowsOf(database, `SELECT count(*) AS n FROM ${table}`)[0]!["n"];

describe("a cleaning", () => {
  it("removes in steps, tells how far it is, and others write in between", async () => {
    const { database, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(100, 10));
    const seen: RemovedRows[] = [];
    let live = 0;
    const source = { serviceName: "live", instanceId: "live" };
    const result = await cleanUp(database, {
      ...{ eventsOlderThan: at(300), rowsPerStep: 20, reserveBytes: 0, onProgress: (removed) => seen.push(removed) },
      pause: async () => writer.writeEvents([createEvent({ source, seq: ++live, timestamp: at(600) })]),
    });
    expect(result).toMatchObject({ events: 50, decisions: 50, spans: 0, metricPoints: 0, reserve: "off" });
    expect(seen.map(({ events }) => events)).toEqual([20, 40, 50]);
    expect(live).toBe(2);
    expect(countOf(database, "telemetry_events")).toBe(50 + live);
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("with nothing that is too old removes nothing", async () => {
    const { database, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(10, 10));
    const nothing = { events: 0, decisions: 0, spans: 0, metricPoints: 0 };
    expect(await cleanUp(database, QUICK)).toMatchObject(nothing);
    expect(await cleanUp(database, { ...QUICK, eventsOlderThan: at(59), tracesOlderThan: at(0) })).toMatchObject(
      nothing,
    );
    expect(countOf(database, "telemetry_events")).toBe(10);
  });

  it.each(["yesterday", "", "2026-11-20"])("refuses %j for a time, before anything is removed", async (time) => {
    const { database } = createTestDatabase();
    await expect(cleanUp(database, { metricsOlderThan: time })).rejects.toMatchObject({
      code: "invalid_option",
      problem: expect.stringContaining("metricsOlderThan"),
    });
  });

  it("takes a minute of more rows than a step in several, and notes on disk that it has begun", async () => {
    const { database, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(70, 60));
    const states: [unknown, boolean][] = [];
    await cleanUp(database, {
      ...{ eventsOlderThan: at(60), rowsPerStep: 25, reserveBytes: 0 },
      pause: async () => states.push([countOf(database, "telemetry_events"), hasUnfinishedCuts(database)]),
    });
    expect(states.slice(0, 3)).toEqual(
      [
        [45, true],
        [20, true],
        [10, false],
      ].slice(0, states.length),
    );
    expect(countOf(database, "telemetry_events")).toBe(10);
    expect(hasUnfinishedCuts(database)).toBe(false);
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("leaves records of metrics when their events go, and a journal that brings those again does not bring them twice", async () => {
    const { database, path, writer } = createTestDatabase();
    const given = [
      createBusinessMetric(1, {}, { timestamp: at(0) }),
      createSystemMetric(2, {}, { timestamp: at(30) }),
      createBusinessMetric(3, { metric_value: "7" }, { timestamp: at(600) }),
    ];
    // The newest instance stays in any case: this must not be it.
    writer.writeEvents([
      ...given,
      createEvent({ source: { serviceName: "later", instanceId: "later" }, timestamp: at(900) }),
    ]);
    expect(await cleanUp(database, { ...QUICK, eventsOlderThan: at(900) })).toMatchObject({
      events: 3,
      metricPoints: 0,
    });
    const queries = createSqliteQueries(database, path);
    const [before, metrics] = [queries.businessMetrics({}, 10, 0), queries.systemMetrics({}, 10, 0)];
    expect(before.map((metric) => metric.metric_value)).toEqual(["7", "49.99"]);
    expect(metrics).toMatchObject([{ metric_value: 85.5, service_name: "api", instance_id: "i-1" }]);
    expect(new StoreWriter(database).writeEvents(given)).toMatchObject({ written: 3 });
    expect(queries.businessMetrics({}, 10, 0)).toEqual(before);
    expect(queries.systemMetrics({}, 10, 0)).toEqual(metrics);
    expect(keptCounts(database)).toEqual(recount(database));
    expect(await cleanUp(database, { ...QUICK, metricsOlderThan: at(599) })).toMatchObject({
      events: 0,
      metricPoints: 2,
    });
    expect(queries.businessMetrics({}, 10, 0).map((metric) => metric.metric_value)).toEqual(["7"]);
    expect(queries.systemMetrics({}, 10, 0)).toEqual([]);
    expect(await cleanUp(database, { ...QUICK, metricsOlderThan: at(900), rowsPerStep: 1 })).toMatchObject({
      metricPoints: 1,
    });
    expect(hasUnfinishedCuts(database)).toBe(false);
  });

  it("gives the room back to the disk", async () => {
    const { database, path, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(5_000, 50));
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const before = statSync(path).size;
    const { freedBytes, events } = await cleanUp(database, { ...QUICK, eventsOlderThan: at(6_000) });
    expect(events).toBe(5_000);
    expect(statSync(path).size).toBe(before - freedBytes);
    expect(freedBytes).toBeGreaterThan(before / 2);
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(rowsOf(database, "PRAGMA freelist_count")).toEqual([{ freelist_count: 0 }]);
    expect(rowsOf(database, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  });

  it("does not wait for a reader that holds the log", async () => {
    const { database, path, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(200, 10));
    const reader = new DatabaseSync(path, { readOnly: true });
    onTestFinished(() => reader.close());
    reader.exec("BEGIN");
    expect(countOf(reader, "telemetry_events")).toBe(200);
    const startMs = performance.now();
    expect(await cleanUp(database, { ...QUICK, eventsOlderThan: at(6_000) })).toMatchObject({ events: 200 });
    expect(performance.now() - startMs).toBeLessThan(4_000);
    expect(countOf(reader, "telemetry_events")).toBe(200);
    expect(rowsOf(database, "PRAGMA busy_timeout")).toEqual([{ timeout: 5_000 }]);
  });

  it("that finds the database locked fails with the code for it, and what was done stays done", async () => {
    const { path } = createTestDatabase();
    const database = openStoreDatabase(path, 0);
    const other = new DatabaseSync(path);
    onTestFinished(() => {
      database.close();
      other.close();
    });
    const writer = new StoreWriter(database);
    writer.writeEvents(eventsOf(60, 10));
    const pause = async () => void (other.isTransaction || other.exec("BEGIN IMMEDIATE"));
    const options = { eventsOlderThan: at(300), rowsPerStep: 20, reserveBytes: 0 };
    await expect(cleanUp(database, { ...options, pause })).rejects.toMatchObject({ code: "database_busy" });
    expect(countOf(database, "telemetry_events")).toBe(40);
    other.exec("ROLLBACK");
    expect(await cleanUp(database, { ...options, ...QUICK })).toMatchObject({ events: 30 });
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("makes the reserve beside the database", async () => {
    const { database, path } = createTestDatabase();
    expect(await cleanUp(database, { ...QUICK, reserveBytes: 65_536 })).toMatchObject({ reserve: "ready" });
    expect(statSync(`${path}.reserve`).size).toBe(65_536);
  });

  it("keeps rows whose time is no time from standing in the way", async () => {
    const { database, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(30, 10));
    database.exec("UPDATE telemetry_events SET timestamp = '' WHERE seq <= 12");
    expect(await cleanUp(database, { ...QUICK, rowsPerStep: 5, eventsOlderThan: at(120) })).toMatchObject({
      events: 20,
    });
    expect(countOf(database, "telemetry_events")).toBe(10);
  });
});

describe("rows whose JSON is damaged", () => {
  it("go like others", async () => {
    const { database, path, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(30, 10, { data: { note: "damaged", decision: "ACCEPT" } }));
    writer.writeSpans([{ ...spanOf(1, "a", 0), attributes: { note: "damaged" } }]);
    database.close();
    writeFileSync(path, readFileSync(path, "latin1").replaceAll('{"note":"damaged"', "{'note':'damaged'"), "latin1");
    const damaged = openStoreDatabase(path);
    onTestFinished(() => damaged.close());
    expect(await cleanUp(damaged, { ...QUICK, eventsOlderThan: at(120), tracesOlderThan: at(120) })).toMatchObject({
      ...{ events: 20, decisions: 20, spans: 1 },
    });
    expect(countOf(damaged, "telemetry_events")).toBe(10);
  });
});

describe("what nothing refers to any more", () => {
  it("goes: series without points that are silent, filters, instances; a writer that knew them writes on", async () => {
    const { database, writer } = createTestDatabase();
    const source = (instanceId: string) => ({ serviceName: "bot", instanceId });
    writer.writeEvents(eventsOf(10, 10, { source: source("old") }));
    writer.writeEvents(eventsOf(10, 10, { source: source("unnumbered"), seq: 0, timestamp: at(900) }));
    writer.writeSpans([spanOf(1, "old-spans", 0), spanOf(2, "new-spans", 900)]);
    writer.writePoints([
      pointOf("silent", "old-points", 0),
      pointOf("alive", "new-points", 0),
      pointOf("alive", "new-points", 900),
    ]);
    writer.writeEvents(eventsOf(1, 10, { source: source("last"), timestamp: at(900) }));
    const names = () =>
      rowsOf(database, "SELECT instance_id AS name FROM instances ORDER BY id").map(({ name }) => name);
    expect(names()).toEqual(["old", "unnumbered", "old-spans", "new-spans", "old-points", "new-points", "last"]);
    const before = { eventsOlderThan: at(600), tracesOlderThan: at(600), metricsOlderThan: at(600) };
    await cleanUp(database, { ...QUICK, ...before, nowMs: (START + 2 * DAY_MICROS) / 1_000 });
    expect(names()).toEqual(["unnumbered", "new-spans", "new-points", "last"]);
    expect(rowsOf(database, "SELECT name FROM metric_series")).toEqual([{ name: "alive" }]);
    expect(rowsOf(database, "PRAGMA foreign_key_check")).toEqual([]);
    // It has their numbers in memory.
    writer.writeEvents(eventsOf(1, 1, { source: source("old"), seq: 99, timestamp: at(900) }));
    writer.writeSpans([spanOf(3, "old-spans", 900)]);
    writer.writePoints([pointOf("silent", "old-points", 900, 5)]);
    const written =
      "SELECT instance_id AS name FROM telemetry_events JOIN instances AS i ON i.id = instance WHERE seq = 99";
    expect(rowsOf(database, written)).toEqual([{ name: "old" }]);
    expect(names()).toEqual(["unnumbered", "new-spans", "new-points", "last", "old", "old-spans", "old-points"]);
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("stays for a day where a series may speak again: its state is what makes its next point an increase", async () => {
    const { database, writer } = createTestDatabase();
    writer.writePoints([pointOf("counter", "a", 0, 100), pointOf("other", "a", 0)]);
    await cleanUp(database, { ...QUICK, metricsOlderThan: at(3_600), nowMs: START / 1_000 + 3_600_000 });
    expect(countOf(database, "metric_points")).toBe(0);
    writer.writePoints([pointOf("counter", "a", 3_600, 103)]);
    expect(rowsOf(database, "SELECT value FROM metric_points")).toEqual([{ value: 3 }]);
  });

  it("never gives its number to another: a writer of another process attributes nothing to a stranger", async () => {
    const { database, path, writer } = createTestDatabase();
    const other = openStoreDatabase(path);
    onTestFinished(() => other.close());
    const otherWriter = new StoreWriter(other);
    otherWriter.writeEvents(eventsOf(1, 1, { source: { serviceName: "b", instanceId: "b" } }));
    await cleanUp(database, { ...QUICK, eventsOlderThan: at(600) });
    writer.writeEvents(eventsOf(1, 1, { source: { serviceName: "c", instanceId: "c" }, timestamp: at(900) }));
    otherWriter.writeEvents(
      eventsOf(1, 1, { source: { serviceName: "b", instanceId: "b" }, seq: 2, timestamp: at(900) }),
    );
    const rows = rowsOf(
      database,
      "SELECT i.instance_id AS name, seq FROM telemetry_events JOIN instances AS i ON i.id = instance ORDER BY name",
    );
    expect(rows).toEqual([
      { name: "b", seq: 2 },
      { name: "c", seq: 1 },
    ]);
  });
});

describe("other processes", () => {
  it("write while a cleaning goes on: none of their writes fails", async () => {
    const { database, path, writer } = createTestDatabase();
    for (let i = 0; i < 8; i++)
      writer.writeEvents(eventsOf(2_500, 500, { source: { serviceName: "bot", instanceId: `bot-${i}` } }));
    const { child, ended } = startChild(commandOf("busy-writer-process", [path, at(9_000)]));
    await once(child.stdout, "data");
    const result = await cleanUp(database, { eventsOlderThan: at(6_000), rowsPerStep: 1_000, reserveBytes: 0 });
    child.stdin.end();
    const { stdout, stderr } = await ended;
    const { written, failed } = JSON.parse(stdout.split("\n")[1]!) as {
      written: number;
      failed: number;
      longestMs: number;
    };

    expect(stderr).toBe("");
    expect(result.events).toBe(20_000);
    expect(failed).toBe(0);
    expect(written).toBeGreaterThan(3);
    expect(countOf(database, "telemetry_events")).toBe(written);
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("that are killed in the middle of a cleaning leave a good database, whose next cleaning completes it", async () => {
    let kills = 0;
    for (let steps = 0; ; steps++) {
      const { database, path, writer } = createTestDatabase();
      writer.writeEvents(eventsOf(150, 50));
      writer.writeSpans(Array.from({ length: 60 }, (_, i) => spanOf(i, "a", i)));
      database.close();
      const { signal, stdout, stderr } = await runFixture("cleaning-process", [path, at(120), String(steps)]);
      expect(stderr).toBe("");
      if (signal === "SIGKILL") kills++;
      else expect(stdout).toBe("finished");
      const again = openStoreDatabase(path);
      expect(rowsOf(again, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
      // What had been begun is finished first, by whichever cleaning: here one that was asked for nothing.
      await cleanUp(again, QUICK);
      expect(keptCounts(again)).toEqual(recount(again));
      await cleanUp(again, { ...QUICK, eventsOlderThan: at(120), tracesOlderThan: at(120) });
      expect(countOf(again, "telemetry_events")).toBe(50);
      expect(countOf(again, "traces")).toBe(0);
      expect(keptCounts(again)).toEqual(recount(again));
      again.close();
      if (signal !== "SIGKILL") break;
    }
    expect(kills).toBeGreaterThan(4);
  });
});
