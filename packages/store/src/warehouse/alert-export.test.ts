import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { readParquetFile } from "../../test/read-parquet.ts";
import { createAlert, createRule } from "../../test/store-alerts.ts";
import { testFolder } from "../../test/test-database.ts";
import type { AlertRecords, StoredAlert } from "../alert-records.ts";
import { openPostgresStore } from "../postgres/postgres-store.ts";
import { openSqliteStore } from "../sqlite/sqlite-store.ts";
import type { Store } from "../store.ts";
import type { ExportManifest } from "./export-manifest.ts";
import { exportTelemetryData, type TelemetryExportOptions } from "./export-telemetry.ts";

const NOW = "2026-11-25T12:00:00.000000Z";
const dateOf = (day: number) => `2026-11-${String(day).padStart(2, "0")}`;
const at = (day: number, clock = "10:00:00.000001") => `${dateOf(day)}T${clock}Z`;

async function openStore(): Promise<Store> {
  const store = await openSqliteStore({ path: join(testFolder(), "telemetry.db"), reserveBytes: 0 });
  onTestFinished(() => store.close());
  return store;
}

function fired(id: string, triggered_at: string, more: Partial<StoredAlert> = {}): StoredAlert {
  const state = { state: "firing", status: "active" } as const;
  return createAlert({
    alert_id: id,
    pending_since: at(20),
    triggered_at,
    labels: { symbol: "BTC/USDT" },
    ...state,
    ...more,
  });
}

async function write(alerts: AlertRecords, ...some: readonly StoredAlert[]): Promise<number> {
  const writes = [];
  for (const alert of some) {
    const before = await alerts.alert(alert.alert_id);
    writes.push({ alert, expectedRevision: before?.revision ?? 0 });
  }
  const history = some.map(({ alert_id }) => ({
    ...{ alert_id, changed_at: at(25), change: "commented" as const, changed_by: "ann", note: 'it\'s "that", again\n' },
  }));
  return alerts.commit({ alerts: writes, history });
}

function exporter(store: Store, more: Partial<TelemetryExportOptions> = {}) {
  const dir = join(testFolder(), "warehouse");
  return {
    dir,
    run: (again: Partial<TelemetryExportOptions> = {}, from: Store = store) =>
      exportTelemetryData(from, { dir, now: () => Date.parse(NOW), tables: ["alerts"], ...more, ...again }),
    days: () =>
      (JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as ExportManifest).days.map(
        ({ date, rows }) => [date, rows] as const,
      ),
    partOf: (table: string, day: number, format = "parquet") =>
      join(dir, `table=${table}/date=${dateOf(day)}/part-00000.${format}`),
  };
}

describe("an export of alerts", () => {
  it("as Parquet has them with what happened to them, by the day on which they fired, and rules by that of their making", async () => {
    const store = await openStore();
    await store.alerts.saveRule(createRule({ created_at: at(1), license_id: "license-1" }));
    await store.alerts.saveRule(createRule({ rule_id: "gone", rule_name: "Gone", created_at: at(1) }));
    await store.alerts.removeRule("gone", at(2));
    await write(
      store.alerts,
      fired("a", at(21), { value: 93.5, reopened_count: 2 }),
      createAlert({ alert_id: "b", pending_since: at(22) }),
    );
    const { run, days, partOf } = exporter(store, { tables: ["alerts", "alert_rules"], startTime: at(15) });
    expect(await run()).toMatchObject({ rows: 4, parts: 3 });
    // Rules are older than the range: alerts speak of them.
    expect(days()).toEqual([
      ["2026-11-01", 2],
      ["2026-11-21", 1],
      ["2026-11-22", 1],
    ]);
    const { rows, types } = readParquetFile(partOf("alerts", 21));
    expect(types).toMatchObject({ triggered_at: "Timestamp<MICROSECOND, UTC>", is_flapping: "Bool", value: "Float64" });
    expect(rows).toEqual([
      expect.objectContaining({
        ...{ alert_id: "a", rule_name: "High CPU Usage", severity: "warning", status: "active", value: 93.5 },
        ...{ condition_holds: true, is_flapping: false, reopened_count: 2, acknowledged_at: null },
        triggered_at: BigInt(Date.parse("2026-11-21T10:00:00Z")) * 1_000n + 1n,
        labels: JSON.stringify({ symbol: "BTC/USDT" }),
      }),
    ]);
    expect(JSON.parse(String(rows[0]!["history"]))).toEqual([
      { changed_at: at(25), change: "commented", changed_by: "ann", note: 'it\'s "that", again\n' },
    ]);
    const rules = readParquetFile(partOf("alert_rules", 1)).rows;
    expect(rules.map((rule) => [rule["rule_id"], rule["removed_at"] !== null, rule["license_id"]])).toEqual([
      ["gone", true, null],
      ["rule", false, "license-1"],
    ]);
    expect(JSON.parse(String(rules[0]!["condition_config"]))).toMatchObject({ metric: "cpu_usage", threshold: 80 });
  });

  it("as CSV and JSON lines has every value as it is", async () => {
    const store = await openStore();
    await write(store.alerts, fired("a", at(21), { impact: 'none, "so far"' }));
    const csv = exporter(store, { format: "csv" });
    await csv.run();
    expect(readFileSync(csv.partOf("alerts", 21, "csv"), "utf8")).toContain(',"none, ""so far""",');
    const json = exporter(store, { format: "ndjson" });
    await json.run();
    expect(JSON.parse(readFileSync(json.partOf("alerts", 21, "ndjson"), "utf8"))).toMatchObject({
      ...{ alert_id: "a", labels: { symbol: "BTC/USDT" }, condition_holds: true },
      history: [{ changed_by: "ann" }],
    });
  });

  it("does a day anew in which one has changed or come, and leaves the others", async () => {
    const store = await openStore();
    await write(store.alerts, fired("a", at(20)), fired("b", at(21)));
    const { run } = exporter(store);
    await run();
    expect(await run()).toMatchObject({ skippedDays: 2, changedDays: [], parts: 0 });
    await write(store.alerts, fired("a", at(20), { state: "resolved", status: "resolved", resolved_at: at(24) }));
    const changed = { table: "alerts", date: "2026-11-20" };
    expect(await run()).toMatchObject({ skippedDays: 1, changedDays: [changed] });
    await write(store.alerts, fired("c", at(20, "23:59:59.999999")));
    expect(await run()).toMatchObject({ rows: 2, changedDays: [changed] });
  });

  it("has one that was re-opened on the day on which it fired again, and on no other", async () => {
    const store = await openStore();
    await write(store.alerts, fired("a", at(20)), fired("b", at(20)), fired("c", at(21)));
    const { run, days, partOf } = exporter(store);
    await run();
    await write(store.alerts, fired("a", at(23)), fired("c", at(23)));
    const { changedDays, keptDays } = await run();
    expect(changedDays.map(({ date }) => date)).toEqual(["2026-11-20", "2026-11-21"]);
    expect(keptDays).toEqual([]);
    expect(days()).toEqual([
      ["2026-11-20", 1],
      ["2026-11-23", 2],
    ]);
    expect(existsSync(partOf("alerts", 21))).toBe(false);
    expect(await run()).toMatchObject({ skippedDays: 2, changedDays: [] });
  });

  it("keeps what another store does not know, and what is so old that it was cleaned away", async () => {
    const store = await openStore();
    const pending = (alert_id: string, since: string) => createAlert({ alert_id, pending_since: since });
    await write(store.alerts, pending("a", at(20)), pending("b", at(21)), fired("c", at(21)));
    const { run, days } = exporter(store);
    await run();
    const other = await openStore();
    expect(await run({}, other)).toMatchObject({ changedDays: [] });
    const later = () => Date.parse("2028-01-01T00:00:00Z");
    const removed = await store.alerts.commit({ droppedAlertIds: ["a", "b"] });
    expect(removed).toBeGreaterThan(0);
    expect(await run({ now: later })).toMatchObject({ keptDays: [{ table: "alerts", date: "2026-11-21" }] });
    expect(days()).toEqual([
      ["2026-11-20", 1],
      ["2026-11-21", 2],
    ]);
  });

  it("of a store that has none is refused where they are asked for by name, and left out where all are", async () => {
    const { alerts: _, ...store } = await openStore();
    const { run } = exporter(store as Store);
    await expect(run()).rejects.toThrow('tables has "alerts"; the store has no records of alerts');
    expect(await run({ tables: undefined })).toMatchObject({ rows: 0, isComplete: true });
  });
});

describe.skipIf(!HAS_POSTGRES)("an export of alerts from PostgreSQL", () => {
  const databases = usePostgres();

  it("has the bytes of one from SQLite", async () => {
    const postgres = await openPostgresStore({ url: await databases.createEmpty() });
    onTestFinished(() => postgres.close());
    const texts: string[][] = [];
    for (const store of [postgres, await openStore()]) {
      await store.alerts.saveRule(createRule({ created_at: at(20) }));
      const many = Array.from({ length: 30 }, (_, i) => fired(`alert-${i}`, at(20, `10:00:0${i % 3}.000001`)));
      await write(store.alerts, ...many, createAlert({ alert_id: "pending", pending_since: at(20) }));
      const { run, partOf } = exporter(store, { tables: ["alerts", "alert_rules"], format: "ndjson" });
      expect(await run()).toMatchObject({ rows: 32 });
      const files = ["alerts", "alert_rules"].map((table) => readFileSync(partOf(table, 20, "ndjson"), "utf8"));
      texts.push(files.map((text) => text.split("\n").map(sorted).join("\n")));
    }
    expect(texts[0]).toEqual(texts[1]);
  });
});

/** A line with the fields of its JSON in the order of their names: PostgreSQL keeps no other of what it can be asked by. */
function sorted(line: string): string {
  if (line === "") return line;
  return JSON.stringify(JSON.parse(line), (_, value) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
