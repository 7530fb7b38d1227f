import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { commandOf, startChild } from "../../test/child.ts";
import { parseCsv } from "../../test/parse-csv.ts";
import { readParquetFile } from "../../test/read-parquet.ts";
import { events } from "../../test/store-arbitraries.ts";
import { createEvent } from "../../test/store-events.ts";
import { createNumber } from "../../test/store-points.ts";
import { createSpan } from "../../test/store-spans.ts";
import { testFolder } from "../../test/test-database.ts";
import { openSqliteStore } from "../sqlite/sqlite-store.ts";
import type { Store } from "../store.ts";
import type { EventData } from "../store-input.ts";
import { EXPORT_COLUMNS, type ExportCell, type ExportTable, SIGNAL_TABLES } from "./export-columns.ts";
import type { ExportManifest } from "./export-manifest.ts";
import { exportTelemetryData, type TelemetryExportOptions } from "./export-telemetry.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const EDGE = "1234567890123456789012345678.1234567890123456789012345600";

async function openStore(): Promise<Store> {
  const store = await openSqliteStore({ path: join(testFolder(), "telemetry.db"), reserveBytes: 0 });
  onTestFinished(() => store.close());
  return store;
}

/** Events of three days, the last of which is that of {@link NOW}. */
async function storeOfDays(perDay = 10): Promise<Store> {
  const store = await openStore();
  const days = ["2026-11-20", "2026-11-22", "2026-11-25"];
  await store.writeEvents(
    days.flatMap((day, d) => Array.from({ length: perDay }, (_, i) => eventAt(day, d * perDay + i))),
  );
  return store;
}

function eventAt(day: string, i: number) {
  return createEvent({
    seq: i + 1,
    timestamp: `${day}T10:${String(i % 60).padStart(2, "0")}:00.000001Z`,
    eventType: i % 2 === 0 ? "decision" : "scan_completed",
    data: { decision: "ACCEPT", reason_code: "edge_ok", net_edge: EDGE, note: `"${i}",\n` },
  });
}

function exporter(store: Store, more: Partial<TelemetryExportOptions> = {}) {
  const dir = join(testFolder(), "warehouse");
  const run = (again: Partial<TelemetryExportOptions> = {}) =>
    exportTelemetryData(store, { dir, now: () => NOW, tables: ["telemetry_events"], ...more, ...again });
  return { dir, run, manifest: () => JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as ExportManifest };
}

/** A row as a reader of Parquet has it. */
function asParquet(table: ExportTable, cells: readonly ExportCell[]) {
  return Object.fromEntries(
    EXPORT_COLUMNS[table].map(({ name, type }, i) => {
      const cell = cells[i]!;
      if (cell === null) return [name, null];
      if (type === "timestamp")
        return [
          name,
          BigInt(Date.parse(`${String(cell).slice(0, 19)}Z`)) * 1_000n + BigInt(String(cell).slice(20, 26)),
        ];
      return [name, type === "int64" ? BigInt(cell) : cell];
    }),
  );
}

/** Every file of a folder with its bytes, by its path within. */
function filesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(dir, name)).isFile(),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(dir, name), "base64")]));
}

describe("an export of telemetry", () => {
  it("has a file for each day of each table, named as Hive does, and says in its manifest what is there", async () => {
    const store = await storeOfDays();
    await store.writeSpans([createSpan()]);
    const { dir, run, manifest } = exporter(store, { tables: undefined });
    expect(await run()).toMatchObject({ parts: 7, rows: 46, skippedDays: 0, isComplete: true, isGrowing: true });
    expect(Object.keys(filesOf(dir))).toEqual([
      "manifest.json",
      "table=decisions/date=2026-11-20/part-00000.parquet",
      "table=decisions/date=2026-11-22/part-00000.parquet",
      "table=decisions/date=2026-11-25/part-00000.parquet",
      "table=telemetry_events/date=2026-11-20/part-00000.parquet",
      "table=telemetry_events/date=2026-11-22/part-00000.parquet",
      "table=telemetry_events/date=2026-11-25/part-00000.parquet",
      "table=traces/date=2026-11-20/part-00000.parquet",
    ]);
    const { days, ...rest } = manifest();
    expect(rest).toMatchObject({
      export_version: 1,
      format: "parquet",
      engine: "sqlite",
      start_time: null,
      is_growing: true,
    });
    expect(days.map(({ table, date, rows, is_growing: grows }) => [table, date, rows, grows])).toEqual([
      ["decisions", "2026-11-20", 5, false],
      ["decisions", "2026-11-22", 5, false],
      ["decisions", "2026-11-25", 5, true],
      ["telemetry_events", "2026-11-20", 10, false],
      ["telemetry_events", "2026-11-22", 10, false],
      ["telemetry_events", "2026-11-25", 10, true],
      ["traces", "2026-11-20", 1, false],
    ]);
    expect(statSync(join(dir, days[0]!.parts[0]!.path)).mode & 0o777).toBe(0o600);
  });

  it("says what its columns are: times with microseconds in UTC, whole numbers whole, decimals as text", async () => {
    const { dir, run } = exporter(await storeOfDays(2), { tables: ["telemetry_events", "decisions"] });
    await run();
    const events = readParquetFile(join(dir, "table=telemetry_events/date=2026-11-20/part-00000.parquet"));
    expect(events.types).toMatchObject({
      id: "Int64",
      timestamp: "Timestamp<MICROSECOND, UTC>",
      data: "Utf8",
      severity_number: "Int32",
    });
    expect(events.rows[0]).toMatchObject({
      id: 1n,
      timestamp: BigInt(Date.parse("2026-11-20T10:00:00Z")) * 1_000n + 1n,
      symbol: "BTC/USDT",
      trace_id: null,
    });
    const { rows } = readParquetFile(join(dir, "table=decisions/date=2026-11-20/part-00000.parquet"));
    expect(rows).toEqual([expect.objectContaining({ event_id: 1n, net_edge: EDGE, fees_est: null })]);
  });

  it(
    "as Parquet is the store row by row, whatever was written",
    () =>
      fc.assert(
        fc.asyncProperty(events, async (some) => {
          const store = await openSqliteStore({ path: join(testFolder(), "telemetry.db"), reserveBytes: 0 });
          await store.writeEvents(some);
          await store.writeSpans(some.map((_, i) => createSpan({ spanId: String(i + 1).padStart(16, "0") })));
          const { dir, run, manifest } = exporter(store, { tables: undefined, maxRowsPerPart: 3 });
          await run();
          const days = manifest().days;
          for (const table of SIGNAL_TABLES) {
            const files = days.filter((day) => day.table === table).flatMap(({ parts }) => parts);
            const rows = files.flatMap(({ path }) => readParquetFile(join(dir, path)).rows);
            const page = await store.exportRows(table, {}, 1_000);
            expect(rows).toEqual(page.rows.map((cells) => asParquet(table, cells)));
          }
          await store.close();
        }),
        { numRuns: 4 },
      ),
    60_000,
  );

  it("as CSV and as JSON lines has every value as it is", async () => {
    const store = await storeOfDays(2);
    const csv = exporter(store, { format: "csv" });
    await csv.run();
    const text = readFileSync(join(csv.dir, "table=telemetry_events/date=2026-11-20/part-00000.csv"), "utf8");
    const [head, first] = parseCsv(text);
    expect(head!.slice(0, 3)).toEqual(["id", "event_type", "timestamp"]);
    expect(JSON.parse(first![5]!)).toMatchObject({ net_edge: EDGE, note: '"0",\n' });
    const json = exporter(store, { format: "ndjson" });
    await json.run();
    const lines = readFileSync(join(json.dir, "table=telemetry_events/date=2026-11-20/part-00000.ndjson"), "utf8");
    expect(
      lines
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([await store.event(1), await store.event(2)]);
  });

  it("has of a range what lies within it, both ends included", async () => {
    const { run, manifest } = exporter(await storeOfDays());
    const range = { startTime: "2026-11-20T10:08:00.000001Z", endTime: "2026-11-22T10:11:00.000001Z" };
    expect(await run(range)).toMatchObject({ parts: 2, rows: 4, isGrowing: false });
    expect(manifest()).toMatchObject({ start_time: range.startTime, end_time: range.endTime, is_growing: false });
  });

  it("of nothing is a manifest without days", async () => {
    const { run, manifest } = exporter(await openStore());
    expect(await run()).toMatchObject({ parts: 0, rows: 0, isComplete: true });
    expect(manifest().days).toEqual([]);
  });

  it.each([
    [{ dir: "" }, 'dir is ""'],
    [{ format: "xlsx" as "csv" }, "format is"],
    [{ tables: ["toString" as "traces"] }, 'tables is "toString"'],
    [{ maxRowsPerPart: 0 }, "maxRowsPerPart is 0"],
  ])("refuses %o", async (options, message) => {
    await expect(exporter(await openStore()).run(options)).rejects.toThrow(message);
  });
});

describe("an export that is begun again", () => {
  it("leaves days that are over as they are, and does the one that grows anew", async () => {
    const store = await storeOfDays();
    const { run, manifest } = exporter(store);
    await run();
    await store.writeEvents([eventAt("2026-11-25", 40)]);
    expect(await run()).toMatchObject({ parts: 1, rows: 11, skippedDays: 2 });
    expect(manifest().days.map(({ rows }) => rows)).toEqual([10, 10, 11]);
  });

  it("does a day anew to which rows have come since, of whatever table and however late, says so, and no other day", async () => {
    const store = await storeOfDays();
    const at = "2026-11-20T23:59:59.999999Z";
    const micros = Date.parse("2026-11-20T12:00:30Z") * 1_000;
    const metric = { metric_name: "cpu", metric_type: "gauge", metric_value: 1, metric_unit: "%" };
    const figure = { metric_name: "revenue", metric_value: "1.10", metric_unit: "{EUR}", period_start: at };
    const event = (seq: number, eventType: string, data: EventData) =>
      store.writeEvents([createEvent({ seq, eventType, timestamp: at, data })]);
    const writes: readonly [ExportTable[], () => Promise<unknown>][] = [
      [["telemetry_events"], () => event(100, "scan_completed", {})],
      [["telemetry_events", "decisions"], () => event(101, "decision", { decision: "ACCEPT" })],
      [["traces"], () => store.writeSpans([createSpan({ spanId: "2".padStart(16, "0") })])],
      [["telemetry_events", "system_metrics"], () => event(102, "system_metric", metric)],
      [["telemetry_events", "business_metrics"], () => event(103, "business_metric", figure)],
      // Comes to a minute that is there already: no row more, and another one.
      [["system_metrics"], () => store.writePoints([createNumber(0, 5, { timeMicros: micros + 1 })])],
    ];
    await event(90, "system_metric", metric);
    await event(91, "business_metric", figure);
    await store.writeSpans([createSpan()]);
    await store.writePoints([createNumber(0, 3, { timeMicros: micros })]);
    const { dir, run } = exporter(store, { tables: undefined, endTime: "2026-11-22T23:59:59.999999Z" });
    const first = await run();
    expect(first).toMatchObject({ changedDays: [], skippedDays: 0 });
    for (const [tables, write] of writes) {
      await write();
      const { changedDays, skippedDays } = await run();
      expect(changedDays).toEqual(tables.map((table) => ({ table, date: "2026-11-20" })));
      expect(skippedDays).toBe(7 - tables.length);
      const before = filesOf(dir);
      expect(await run()).toMatchObject({ changedDays: [], skippedDays: 7, parts: 0 });
      expect(filesOf(dir)).toEqual(before);
    }
  }, 60_000);

  it("does the days of an export anew whose manifest does not say what the store had of them", async () => {
    const { dir, run, manifest } = exporter(await storeOfDays());
    await run();
    const { days, ...rest } = manifest();
    const expected = filesOf(dir);
    const older = days.map(({ source_state: _, ...day }) => day);
    writeFileSync(join(dir, "manifest.json"), JSON.stringify({ ...rest, days: older }));
    expect(await run()).toMatchObject({ parts: 3, skippedDays: 0 });
    expect(filesOf(dir)).toEqual(expected);
  });

  it("knows of a row that came behind the place where the one before was ended", async () => {
    const store = await storeOfDays(50);
    const range = {
      startTime: "2026-11-20T00:00:00.000000Z",
      endTime: "2026-11-20T23:59:59.999999Z",
      maxRowsPerPart: 7,
    };
    const { run, manifest } = exporter(store, range);
    const controller = new AbortController();
    await run({ signal: controller.signal, onPart: () => controller.abort() });
    await store.writeEvents([createEvent({ seq: 200, timestamp: "2026-11-20T00:00:00.000000Z" })]);
    await run();
    expect(manifest().days[0]).toMatchObject({ rows: 50, is_complete: true });
    expect(await run()).toMatchObject({ rows: 51, changedDays: [{ table: "telemetry_events", date: "2026-11-20" }] });
  });

  it("keeps what the store has cleaned up, and says so", async () => {
    const store = await storeOfDays();
    const { dir, run } = exporter(store);
    await run();
    const before = filesOf(dir);
    await store.cleanUp({ eventsOlderThan: "2026-11-25T10:25:00.000000Z" });
    const again = await run({ now: () => NOW + 86_400_000 * 30 });
    expect(again).toMatchObject({ parts: 0, keptDays: [{ table: "telemetry_events", date: "2026-11-25" }] });
    const { "manifest.json": _, ...files } = filesOf(dir);
    expect(before).toMatchObject(files);
    expect(Object.keys(files)).toHaveLength(3);
    expect(await run({ now: () => NOW + 86_400_000 * 31 })).toMatchObject({ skippedDays: 1, keptDays: [] });
  });

  it("after it was ended anywhere comes to the same bytes as one that was not, and does no part twice", async () => {
    const store = await storeOfDays(50);
    const range = {
      startTime: "2026-11-20T00:00:00.000000Z",
      endTime: "2026-11-22T23:59:59.999999Z",
      maxRowsPerPart: 7,
    };
    const whole = exporter(store, range);
    const { parts } = await whole.run();
    expect(parts).toBe(16);
    const expected = filesOf(whole.dir);
    const { dir, run } = exporter(store, range);
    let written = 0;
    for (let ended = 0; ; ended++) {
      // Ends within the second part: a whole one is there, and an unfinished one.
      const controller = new AbortController();
      const result = await run({ signal: controller.signal, onPart: () => controller.abort() });
      written += result.parts;
      if (result.isComplete) break;
      expect(ended).toBeLessThan(20);
    }
    expect(written).toBe(parts);
    expect(filesOf(dir)).toEqual(expected);
  });

  it("after kill -9 anywhere comes to the same bytes, and leaves nothing unfinished", async () => {
    const path = join(testFolder(), "telemetry.db");
    const store = await openSqliteStore({ path, reserveBytes: 0 });
    const days = ["2026-11-20", "2026-11-21"];
    for (const [d, day] of days.entries())
      await store.writeEvents(Array.from({ length: 1_200 }, (_, i) => eventAt(day, d * 1_200 + i)));
    await store.close();
    const [whole, killed] = [join(testFolder(), "whole"), join(testFolder(), "killed")];
    expect(await startChild(commandOf("exporting-process", [path, whole])).ended).toMatchObject({ code: 0 });
    const expected = filesOf(whole);
    expect(Object.keys(expected)).toHaveLength(7);
    let deaths = 0;
    for (let isDone = false; !isDone; ) {
      const { child, ended } = startChild(commandOf("exporting-process", [path, killed]));
      // Two parts further each time; the third one is under way.
      let said = 0;
      child.stdout.on("data", (lines: Buffer) => {
        said += String(lines).split("\n").length - 1;
        if (said >= 2) child.kill("SIGKILL");
      });
      const { signal } = await ended;
      isDone = signal === null;
      if (!isDone) deaths++;
      expect(deaths).toBeLessThan(20);
    }
    expect(deaths).toBeGreaterThan(0);
    expect(filesOf(killed)).toEqual(expected);
  }, 120_000);

  it("does a day anew of which a file is gone, or is not what was written", async () => {
    const { dir, run } = exporter(await storeOfDays());
    await run();
    const expected = filesOf(dir);
    writeFileSync(join(dir, "table=telemetry_events/date=2026-11-20/part-00000.parquet"), "PAR1");
    rmSync(join(dir, "table=telemetry_events/date=2026-11-22/part-00000.parquet"));
    await run();
    expect(filesOf(dir)).toEqual(expected);
  });

  it("for more of a day than before brings it from the first moment to the last, in fewer files if need be", async () => {
    const { dir, run, manifest } = exporter(await storeOfDays());
    await run({ startTime: "2026-11-20T10:08:00.000001Z", endTime: "2026-11-20T23:00:00.000000Z", maxRowsPerPart: 1 });
    expect(manifest().days.map(({ rows, parts }) => [rows, parts.length])).toEqual([[2, 2]]);
    await run({ startTime: "2026-11-20T10:05:00.000001Z", endTime: "2026-11-20T11:00:00.000000Z" });
    expect(manifest().days).toMatchObject([
      { rows: 5, start_time: "2026-11-20T10:05:00.000001Z", end_time: "2026-11-20T23:00:00.000000Z" },
    ]);
    expect(Object.keys(filesOf(dir))).toHaveLength(2);
  });

  it("in another format, or with what is no manifest, is refused, and touches nothing", async () => {
    const { dir, run } = exporter(await storeOfDays(1));
    await run();
    const before = filesOf(dir);
    await expect(run({ format: "csv" })).rejects.toThrow(`holds an export as parquet`);
    expect(filesOf(dir)).toEqual(before);
    writeFileSync(join(dir, "manifest.json"), '{"format":"parquet","days":[{"parts":[{"path":"../../x"}]}]}');
    await expect(run()).rejects.toThrow("is no manifest of an export");
  });
});
