// Alerts on SQLite, by the contract of all stores and by what S4's own SQL finds.
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { describeAlertContract } from "../../../test/alert-contract.ts";
import { createNumber } from "../../../test/store-points.ts";
import { createTestDatabase, testFolder } from "../../../test/test-database.ts";
import { openSqliteStore } from "../sqlite-store.ts";
import { createAlertFeedQueries } from "./feed-queries.ts";

describeAlertContract("SQLite", () => openSqliteStore({ path: join(testFolder(), "telemetry.db") }));

test("S4's question for active alerts runs as it stands", () => {
  const { database } = createTestDatabase();
  const insert = (id: string, severity: string, status: string) =>
    database.exec(`INSERT INTO alerts (alert_id, rule_id, rule_name, rule_type, source_type, severity, labels, fingerprint, state, status,
      summary, annotations, pending_since, triggered_at, resolved_at, reopened_count, condition_holds, is_flapping, recent_changes,
      notification_count, revision)
      VALUES ('${id}', 'r', 'R', 't', 's', '${severity}', '{}', 'f', 'firing', '${status}', '', '{}', '2026-11-20T12:00:00.000000Z',
      '2026-11-20T12:00:00.000000Z', '2026-11-20T12:30:00.000000Z', 0, 1, 0, '[]', 0, 1)`);
  insert("a", "warning", "active");
  insert("b", "critical", "active");
  insert("c", "error", "resolved");
  const active = database
    .prepare("SELECT * FROM alerts_status_summary WHERE status = 'active' ORDER BY severity DESC, triggered_at DESC")
    .all();
  expect(active.map((row) => row["alert_id"])).toEqual(["a", "b"]);
  expect(active.map((row) => row["severity_rank"])).toEqual([2, 4]);
  expect(active[0]?.["minutes_open"]).toBeCloseTo(30, 3);
});

test("samples of more than two days ago are removed, and minutes stand for them in a range", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-20T12:00:00Z") });
  const { database, writer } = createTestDatabase();
  const gauge = { name: "depth", type: "gauge", isMonotonic: false } as const;
  writer.writePoints([createNumber(0, 5, gauge), createNumber(0.5, 6, gauge)]);
  vi.setSystemTime(Date.parse("2026-11-23T12:00:00Z"));
  const days = 3 * 1_440;
  writer.writePoints(Array.from({ length: 1_100 }, (_, i) => createNumber(days + i / 600, i, gauge)));
  vi.useRealTimers();
  const feed = createAlertFeedQueries(database);
  const noon = Date.parse("2026-11-20T12:00:00Z") / 1_000;
  const old = feed.range({ events: [], metrics: ["depth"] }, noon, noon + 60);
  expect(old.isByMinutes).toBe(true);
  expect(old.samples.map(({ second, value }) => [second - noon, value])).toEqual([[59, 6]]);
  const young = feed.range({ events: [], metrics: ["depth"] }, noon + days * 60, noon + days * 60 + 60);
  expect(young.isByMinutes).toBe(false);
  expect(young.samples).toHaveLength(600);
});

test("a feed that is read in pieces misses nothing and has nothing twice", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-20T12:01:00Z") });
  const { database, writer } = createTestDatabase();
  const feed = createAlertFeedQueries(database);
  const gauge = { name: "depth", type: "gauge", isMonotonic: false } as const;
  writer.writePoints(Array.from({ length: 22_000 }, (_, i) => createNumber(i / 60_000, i, gauge)));
  vi.useRealTimers();
  const values: number[] = [];
  let cursor = "0.0";
  for (let isMore = true; isMore; ) {
    const piece = feed.since({ events: [], metrics: ["depth"] }, cursor);
    values.push(...piece.samples.map(({ value }) => value));
    ({ cursor, isMore } = piece);
  }
  expect(values).toEqual(Array.from({ length: 22_000 }, (_, i) => i));
});
