import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { rowsOf } from "../../test/rows-of.ts";
import { describeS4Document } from "../../test/s4-cases.ts";
import { createTestDatabase, testFolder } from "../../test/test-database.ts";
import { openSqliteStore } from "./sqlite-store.ts";

describeS4Document(
  "S4's document on SQLite",
  async () => {
    const path = `${testFolder()}/telemetry.db`;
    const store = await openSqliteStore({ path });
    const reader = new DatabaseSync(path, { readOnly: true });
    return {
      store,
      rows: async (sql) => rowsOf(reader, sql),
      close: async () => {
        reader.close();
        await store.close();
      },
    };
  },
  {
    ago: (interval) => `strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-${interval}')`,
    daysAgo: (days) => `date('now', '-${days} days')`,
    hourOf: (column) => `substr(${column}, 1, 13)`,
    numberOf: (column) => `CAST(${column} AS REAL)`,
  },
);

const BY_INDEX: readonly (readonly [string, string])[] = [
  [
    "SELECT * FROM telemetry_events WHERE user_id = ? AND event_timestamp >= ? ORDER BY event_timestamp DESC LIMIT 100",
    "SEARCH telemetry_events USING INDEX idx_events_user (user_id=? AND event_timestamp>?)",
  ],
  [
    "SELECT * FROM business_metrics WHERE metric_category = ? AND period_start >= ? ORDER BY period_start DESC LIMIT 100",
    "SEARCH business_metrics USING INDEX idx_business_metrics_category (metric_category=? AND period_start>?)",
  ],
];

test("the questions that S4 asks often are answered in the order of an index", () => {
  const { database } = createTestDatabase();
  for (const [sql, step] of BY_INDEX) {
    const plan = rowsOf(database, `EXPLAIN QUERY PLAN ${sql}`).map((row) => row["detail"]);
    expect(plan, sql).toEqual([step]);
  }
});
