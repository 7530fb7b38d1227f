// Case 23: the process is killed at each statement of a migration.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { runFixture } from "../../test/child.ts";
import { LATER_MIGRATIONS } from "../../test/later-migration.ts";
import { rowsOf } from "../../test/rows-of.ts";
import { createEvent } from "../../test/store-events.ts";
import { createTestDatabase, testFolder } from "../../test/test-database.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { createSqliteQueries } from "./queries/sqlite-queries.ts";
import { MIGRATIONS, SCHEMA_VERSION } from "./schema.ts";

const ONE_MINUTE_MS = 60_000;
const LATER = SCHEMA_VERSION + 1;

function open(path: string): DatabaseSync {
  return openDatabase({ path, isReadOnly: false, busyTimeoutMs: 5_000, cacheKib: 2_048 });
}

/** Everything that a migration makes or changes. */
function stateOf(database: DatabaseSync) {
  const schema = rowsOf(
    database,
    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  const has = (table: string) => schema.some(({ name }) => name === table);
  return {
    schema,
    numbers: rowsOf(database, "SELECT * FROM pragma_user_version, pragma_application_id"),
    venues: has("venues") ? rowsOf(database, "SELECT name FROM venues") : [],
    days: has("event_rollups")
      ? rowsOf(database, "SELECT count(*) AS n FROM event_rollups WHERE resolution = 86400")
      : [],
    hours: has("metric_hours") ? rowsOf(database, "SELECT * FROM metric_hours") : [],
    events: has("telemetry_events") ? rowsOf(database, "SELECT count(*) AS n FROM telemetry_events") : [],
  };
}

/** A database of the first schema with three decisions. */
function createFirstDatabase(): { readonly database: DatabaseSync; readonly path: string } {
  const path = join(testFolder(), "telemetry.db");
  const database = open(path);
  migrate(database, path, { migrations: LATER_MIGRATIONS.slice(0, 1) });
  const event = database.prepare(
    `INSERT INTO telemetry_events (event_type, timestamp, symbol, data_json, created_at, instance)
     VALUES ('decision', ?, ?, ?, '2026-11-20T13:00:00.000000Z', 1)`,
  );
  const decision = database.prepare(
    `INSERT INTO decisions (event_id, timestamp, decision, reason_code, symbol, edge_unit, net_edge, min_threshold, margin)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const [net, threshold] = ["0.1234567890123456789012345678", "0.10"];
  const rows = [
    ["34", "BTC/USDT", { net_edge: net, min_threshold: threshold }, "bps", net, threshold, 0.0234],
    ["36", "ETH/USDT", { net_edge: 1.5 }, null, "1.5", null, null],
    ["35", null, {}, null, null, null, null],
  ] as const;
  for (const [i, [minute, symbol, data, ...edge]] of rows.entries()) {
    const timestamp = `2026-11-20T12:${minute}:00.000000Z`;
    event.run(timestamp, symbol, JSON.stringify(data));
    decision.run(i + 1, timestamp, "REJECT", "insufficient_edge", symbol, ...edge);
  }
  return { database, path };
}

/** A database of the second schema with two events of a user. */
function createSecondDatabase(): { readonly database: DatabaseSync; readonly path: string } {
  const path = join(testFolder(), "telemetry.db");
  const database = open(path);
  migrate(database, path, { migrations: LATER_MIGRATIONS.slice(0, 2) });
  const event = database.prepare(
    `INSERT INTO telemetry_events (event_type, timestamp, data_json, created_at, instance)
     VALUES ('user_action', '2026-11-20T12:34:00.000000Z', ?, '2026-11-20T13:00:00.000000Z', 1)`,
  );
  event.run(JSON.stringify({ user_id: "user-1", event_category: "authentication", duration_ms: 12.5 }));
  event.run('{"user_id":"user-1"}');
  const minute = Date.parse("2026-11-20T12:34:00Z") / 1000;
  for (const [resolution, bucket] of [
    [60, minute],
    [3_600, minute - 34 * 60],
    [86_400, minute - (minute % 86_400)],
  ])
    database.exec(`INSERT INTO event_rollups VALUES (${resolution}, ${bucket}, 'user_action', '', '', 2)`);
  return { database, path };
}

/** A database of the third schema with two minutes of a series, and a record. */
function createThirdDatabase(): { readonly database: DatabaseSync; readonly path: string } {
  const path = join(testFolder(), "telemetry.db");
  const database = open(path);
  migrate(database, path, { migrations: LATER_MIGRATIONS.slice(0, 3) });
  const noon = Date.parse("2026-11-20T12:00:00Z") / 1000;
  database.exec(`INSERT INTO instances (id, key, service_name) VALUES (1, 'api-1', 'api');
    INSERT INTO metric_series (id, instance, name, labels_json, type, unit, description, last_start_micros, last_time_micros, last_value)
      VALUES (1, 1, 'depth', '{}', 'gauge', '1', '', 0, 0, 0);
    INSERT INTO metric_points (series, bucket, value) VALUES (1, ${noon}, 0.1), (1, ${noon + 120}, 0.3);
    INSERT INTO system_records (event_id, instance, metric_name, metric_type, metric_value, metric_unit, percentile_95, metric_timestamp)
      VALUES (1, 1, 'latency', 'timer', 12.5, 'ms', 20, '2026-11-20T12:34:00.000000Z')`);
  return { database, path };
}

/** Kills a process before each of its statements in turn, from copies of one database; returns how often. */
async function killAtEach(before: string | undefined, migrations: number, version: number): Promise<number> {
  const states: { readonly old: unknown; readonly migrated: unknown } = expectedStates(before, migrations);
  for (let statement = 0; ; statement++) {
    const path = join(testFolder(), "telemetry.db");
    if (before !== undefined) copyFileSync(before, path);
    const { signal, stdout, stderr } = await runFixture("migrating-process", [
      path,
      String(migrations),
      String(statement),
    ]);
    expect(stderr).toBe("");
    const database = open(path);
    // All statements come before the commit, the last of which the process announces: killed, it has not made it.
    expect(stateOf(database)).toEqual(signal === "SIGKILL" ? states.old : states.migrated);
    expect(migrate(database, path, { migrations: LATER_MIGRATIONS.slice(0, migrations) })).toBe(
      signal === "SIGKILL" ? version : migrations,
    );
    expect(stateOf(database)).toEqual(states.migrated);
    expect(rowsOf(database, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    database.close();
    if (signal === "SIGKILL") continue;
    expect(Number(stdout)).toBe(statement);
    return statement;
  }
}

function expectedStates(before: string | undefined, migrations: number) {
  const path = join(testFolder(), "telemetry.db");
  if (before !== undefined) copyFileSync(before, path);
  const database = open(path);
  const old = stateOf(database);
  migrate(database, path, { migrations: LATER_MIGRATIONS.slice(0, migrations) });
  const migrated = stateOf(database);
  database.close();
  return { old, migrated };
}

describe("a migration that is killed before a statement", () => {
  it(
    "leaves a new database without anything, and the next start makes all of it: each statement in turn",
    async () => {
      expect(await killAtEach(undefined, 1, 0)).toBe(LATER_MIGRATIONS[0]!.statements.length + 3);
    },
    ONE_MINUTE_MS,
  );

  it(
    "leaves an old database as it was, rows and all, and the next start completes it: each statement in turn",
    async () => {
      const { database, path, writer } = createTestDatabase();
      writer.writeEvents(Array.from({ length: 500 }, (_, i) => createEvent({ seq: i + 1 })));
      database.close();
      expect(await killAtEach(path, LATER, SCHEMA_VERSION)).toBe(LATER_MIGRATIONS.at(-1)!.statements.length + 3);
    },
    ONE_MINUTE_MS,
  );

  it(
    "leaves a database of the first schema as it was, and the next start makes it one of the second: each statement in turn",
    async () => {
      const { database, path } = createFirstDatabase();
      database.close();
      expect(await killAtEach(path, 2, 1)).toBe(LATER_MIGRATIONS[1]!.statements.length + 3);
    },
    ONE_MINUTE_MS,
  );

  it(
    "leaves a database of the second schema as it was, and the next start makes it one of the third: each statement in turn",
    async () => {
      const { database, path } = createSecondDatabase();
      database.close();
      expect(await killAtEach(path, 3, 2)).toBe(LATER_MIGRATIONS[2]!.statements.length + 3);
    },
    2 * ONE_MINUTE_MS,
  );

  it(
    "leaves a database of the third schema as it was, and the next start makes it one of the fourth: each statement in turn",
    async () => {
      const { database, path } = createThirdDatabase();
      database.close();
      expect(await killAtEach(path, 4, 3)).toBe(LATER_MIGRATIONS[3]!.statements.length + 3);
    },
    ONE_MINUTE_MS,
  );

  it("leaves whole migrations where there are several", async () => {
    const path = join(testFolder(), "telemetry.db");
    const first = LATER_MIGRATIONS[0]!.statements.length + 3;
    expect(await runFixture("migrating-process", [path, "2", String(first + 4)])).toMatchObject({ signal: "SIGKILL" });
    const database = open(path);
    expect(rowsOf(database, "PRAGMA user_version")).toEqual([{ user_version: 1 }]);
    expect(migrate(database, path, { migrations: LATER_MIGRATIONS })).toBe(1);
    expect(rowsOf(database, "PRAGMA user_version")).toEqual([{ user_version: LATER }]);
    database.close();
  });
});

describe("the second schema", () => {
  it("has of each decision what the first one had, whoever wrote its event, and looks like one that was new", () => {
    const { database, path } = createFirstDatabase();
    const before = rowsOf(database, "SELECT * FROM decisions ORDER BY event_id");
    expect(before).toHaveLength(3);
    expect(migrate(database, path)).toBe(1);
    const after = rowsOf(database, "SELECT * FROM decisions ORDER BY event_id");
    expect(after).toEqual(before);
    const fresh = createTestDatabase();
    expect(stateOf(database).schema).toEqual(stateOf(fresh.database).schema);
    expect(createSqliteQueries(database, path).findDecisions({}, 10)).toMatchObject([
      { event_id: 2, net_edge: "1.5", edge_unit: null },
      { event_id: 3, net_edge: null, symbol: null },
      { event_id: 1, net_edge: "0.1234567890123456789012345678", min_threshold: "0.10" },
    ]);
    database.close();
  });
});

describe("the third schema", () => {
  it("finds the events of users that an older version wrote, a damaged row among them, and looks like one that was new", () => {
    const { database: second, path } = createSecondDatabase();
    second.close();
    const damaged = readFileSync(path, "latin1").replace('{"user_id":"user-1"}', '{"user_id":"user-1"x');
    writeFileSync(path, damaged, "latin1");
    const database = open(path);
    expect(migrate(database, path)).toBe(2);
    expect(stateOf(database).schema).toEqual(stateOf(createTestDatabase().database).schema);
    const ofUser = "SELECT id, event_category, duration_ms FROM telemetry_events WHERE user_id = 'user-1'";
    expect(rowsOf(database, ofUser)).toEqual([{ id: 1, event_category: "authentication", duration_ms: 12.5 }]);
    expect(rowsOf(database, "SELECT user_id, event_category FROM telemetry_events WHERE id = 2")).toEqual([
      { user_id: null, event_category: null },
    ]);
    expect(createSqliteQueries(database, path).userActivity({})).toEqual([
      { hour: "2026-11-20T12:00:00.000000Z", event_category: null, event_count: 1, unique_users: 0 },
      { hour: "2026-11-20T12:00:00.000000Z", event_category: "authentication", event_count: 1, unique_users: 1 },
    ]);
    database.close();
  });
});

describe("the fourth schema", () => {
  it("has the summary of what an older version has written, and looks like one that was new", () => {
    const { database, path } = createThirdDatabase();
    const summary = "SELECT * FROM system_metrics_service_summary ORDER BY metric_name";
    const before = rowsOf(database, summary);
    expect(before).toMatchObject([
      { service_name: "api", metric_name: "depth", avg_value: 0.2, p95_value: 0.3, samples: 2 },
      { service_name: "api", metric_name: "latency", avg_value: 12.5, p95_value: 20, samples: 1 },
    ]);
    expect(migrate(database, path)).toBe(3);
    expect(rowsOf(database, summary)).toEqual(before);
    expect(stateOf(database).schema).toEqual(stateOf(createTestDatabase().database).schema);
    database.close();
  });
});

describe("a migration", () => {
  it("that fails in the middle leaves the old schema, and says why", () => {
    const { database, path } = createTestDatabase();
    const before = stateOf(database);
    const statements = ["CREATE TABLE venues (name TEXT)", "CREATE TABLE venues (name TEXT)"];
    const broken = { version: LATER, statements };
    expect(() => migrate(database, path, { migrations: [...MIGRATIONS, broken] })).toThrow("already exists");
    expect(stateOf(database)).toEqual(before);
    expect(database.isTransaction).toBe(false);
  });

  it("is made once, whoever else begins it at the same time", async () => {
    const path = join(testFolder(), "telemetry.db");
    const ends = await Promise.all(
      Array.from({ length: 4 }, () => runFixture("migrating-process", [path, String(LATER)])),
    );
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from({ length: 4 }, () => [0, ""]));
    const database = open(path);
    expect(migrate(database, path, { migrations: LATER_MIGRATIONS })).toBe(LATER);
    expect(rowsOf(database, "PRAGMA auto_vacuum")).toEqual([{ auto_vacuum: 2 }]);
    database.close();
  });

  it("leaves the database of somebody else, and of a later version, as it is", () => {
    const path = join(testFolder(), "telemetry.db");
    const theirs = new DatabaseSync(path);
    theirs.exec("CREATE TABLE theirs (x)");
    expect(() => migrate(theirs, path)).toThrow(expect.objectContaining({ code: "not_a_store" }));
    expect(rowsOf(theirs, "SELECT name FROM sqlite_schema")).toEqual([{ name: "theirs" }]);
    theirs.close();
    const ours = createTestDatabase();
    ours.database.exec(`PRAGMA user_version = ${LATER + 1}`);
    const options = { migrations: LATER_MIGRATIONS };
    expect(() => migrate(ours.database, ours.path, options)).toThrow(
      expect.objectContaining({ code: "database_newer" }),
    );
  });
});
