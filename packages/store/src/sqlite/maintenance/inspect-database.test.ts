// Case 22: what damage to the files of a database is seen before it is opened, and what only later.
import {
  closeSync,
  copyFileSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase, openStoreDatabase, testFolder } from "../../../test/test-database.ts";
import { MIGRATIONS } from "../schema.ts";
import { toStoreError } from "../sqlite-errors.ts";
import { inspectDatabase } from "./inspect-database.ts";
import { logState } from "./log-header.ts";

const PAGE = 4_096;
const GARBAGE = Buffer.alloc(PAGE, "\xa5\x5a\x00garbage", "latin1");

/** A database of some pages, closed: all of it is in its file. */
function closedDatabase(events = 2_000): string {
  const { database, path, writer } = createTestDatabase();
  const source = { serviceName: "bot", instanceId: "a" };
  writer.writeEvents(Array.from({ length: events }, (_, i) => createEvent({ seq: i + 1, source })));
  database.close();
  return path;
}

/** What a process that was killed leaves: rows that are in the log only. */
function killedDatabase(): string {
  const { database, dir, path, writer } = createTestDatabase();
  writer.writeEvents(Array.from({ length: 500 }, (_, i) => createEvent({ seq: i + 1 })));
  const copy = join(dir, "copy.db");
  for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, copy + suffix);
  database.close();
  return copy;
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const descriptor = openSync(path, "r+");
  writeSync(descriptor, bytes, 0, Math.min(bytes.length, fstatSync(descriptor).size - at), at);
  closeSync(descriptor);
}

const bytesOf = (path: string): Buffer => readFileSync(path);

function rowsIn(path: string): unknown {
  const database = openStoreDatabase(path);
  try {
    return database.prepare("SELECT count(*) AS n FROM telemetry_events").get()!["n"];
  } finally {
    database.close();
  }
}

describe("what is no database of ours", () => {
  it.each([
    ["nothing", "absent", () => {}],
    ["an empty file", "empty", (path: string) => writeFileSync(path, "")],
    ["a folder", "not_a_store", (path: string) => mkdirSync(path)],
    ["a text", "not_a_store", (path: string) => writeFileSync(path, "dear diary\n".repeat(200))],
    ["a short text", "not_a_store", (path: string) => writeFileSync(path, "x")],
    [
      "a text that speaks of SQLite",
      "not_a_store",
      (path: string) => writeFileSync(path, "SQLite format 3 is a file format\n".repeat(99)),
    ],
    [
      "an image",
      "not_a_store",
      (path: string) => writeFileSync(path, Buffer.from(`89504e470d0a1a0a${"5a".repeat(5_000)}`, "hex")),
    ],
  ])("%s is %s", (_name, state, make) => {
    const path = join(testFolder(), "telemetry.db");
    make(path);
    expect(inspectDatabase(path)).toBe(state);
  });

  it.each([
    ["a database of another program", "CREATE TABLE theirs (x)", "not_a_store"],
    [
      "the database of the system that we succeed",
      "CREATE TABLE telemetry_events (id INTEGER PRIMARY KEY, event_type TEXT)",
      "not_a_store",
    ],
    ["one with another number", "PRAGMA application_id = 7; CREATE TABLE telemetry_events (x)", "not_a_store"],
    ["one that nobody has used", "PRAGMA journal_mode = WAL", "empty"],
  ])("%s: %s is %s", (_name, sql, state) => {
    const path = join(testFolder(), "telemetry.db");
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    expect(inspectDatabase(path)).toBe(state);
  });
});

describe("a database of ours", () => {
  it("is ours, closed, open, and as a killed process leaves it; nothing of it is changed by looking", () => {
    const path = closedDatabase();
    const before = bytesOf(path);
    expect(inspectDatabase(path)).toBe("ours");
    expect(bytesOf(path).equals(before)).toBe(true);
    const open = createTestDatabase();
    open.writer.writeEvents([createEvent()]);
    expect(inspectDatabase(open.path)).toBe("ours");
    const killed = killedDatabase();
    const log = bytesOf(`${killed}-wal`);
    expect(inspectDatabase(killed)).toBe("ours");
    expect(bytesOf(`${killed}-wal`).equals(log)).toBe(true);
    expect(rowsIn(killed)).toBe(500);
  });

  it("of a later version is newer, also where only the log says so", () => {
    const path = closedDatabase();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 999");
    expect(inspectDatabase(path)).toBe("newer");
    database.close();
    expect(inspectDatabase(path)).toBe("newer");
    expect(inspectDatabase(path, { schemaVersion: 999 })).toBe("ours");
  });

  it("of no version is corrupt: the first migration sets one", () => {
    const path = closedDatabase();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 0");
    database.close();
    expect(inspectDatabase(path)).toBe("corrupt");
  });

  it("that is locked by another program is said to be so", () => {
    const path = closedDatabase();
    const other = new DatabaseSync(path);
    other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
    expect(() => inspectDatabase(path, { busyTimeoutMs: 0 })).toThrow(
      expect.objectContaining({ code: "database_busy" }),
    );
    other.close();
    expect(inspectDatabase(path)).toBe("ours");
  });
});

describe("a database of ours that is damaged", () => {
  it.each([
    ["whose head is garbage", (path: string) => overwrite(path, 0, GARBAGE.subarray(0, 60))],
    ["whose first page is garbage", (path: string) => overwrite(path, 0, GARBAGE)],
    ["whose first page is zeros", (path: string) => overwrite(path, 0, Buffer.alloc(PAGE))],
    ["that is nothing but zeros", (path: string) => writeFileSync(path, Buffer.alloc(10 * PAGE))],
    ["whose magic has one wrong bit", (path: string) => overwrite(path, 3, Buffer.from("J"))],
    ["whose number of an application is wrong", (path: string) => overwrite(path, 68, Buffer.from("zzzz"))],
    ["whose size of a page is wrong", (path: string) => overwrite(path, 16, Buffer.from([0, 3]))],
    ["whose schema is garbage", (path: string) => overwrite(path, 200, GARBAGE)],
    [
      "whose pages in the middle are garbage",
      (path: string) => overwrite(path, Math.floor(statSync(path).size / 2 / PAGE) * PAGE, GARBAGE),
    ],
    [
      "that was cut in the middle of a page",
      (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2 / PAGE) * PAGE + 77),
    ],
    ["that was cut to half", (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2 / PAGE) * PAGE)],
    ["that was cut within its first page", (path: string) => truncateSync(path, 1_000)],
    ["that was cut within its head", (path: string) => truncateSync(path, 50)],
    ["of which the first letters are left", (path: string) => truncateSync(path, 16)],
  ])("%s is corrupt", (_name, damage) => {
    const path = closedDatabase();
    damage(path);
    expect(inspectDatabase(path)).toBe("corrupt");
  });

  it("in any single page is corrupt, or was free room: each page in turn", () => {
    const path = closedDatabase(300);
    const whole = bytesOf(path);
    const states = Array.from({ length: whole.length / PAGE }, (_, page) => {
      const damaged = Buffer.from(whole);
      GARBAGE.copy(damaged, page * PAGE);
      const copy = `${path}.${page}`;
      writeFileSync(copy, damaged);
      return inspectDatabase(copy);
    });
    expect(states.length).toBeGreaterThan(40);
    expect(states.filter((state) => state !== "corrupt")).toEqual([]);
  });

  it("is not read through where it is large: what is wrong comes out with the page", () => {
    const path = closedDatabase();
    const at = Math.floor(statSync(path).size / 2 / PAGE) * PAGE;
    for (let page = 0; page < 20; page++) overwrite(path, at + page * PAGE, GARBAGE);
    expect(inspectDatabase(path, { checkPages: true })).toBe("corrupt");
    expect(inspectDatabase(path, { checkPages: false })).toBe("ours");
    const database = openStoreDatabase(path);
    expect(() => {
      try {
        database.prepare("SELECT count(data_json || event_type) FROM telemetry_events").get();
      } catch (error) {
        throw toStoreError(error, "reading", path);
      }
    }).toThrow(expect.objectContaining({ code: "database_corrupt" }));
    database.close();
  });

  it("of which only the log is left has lost rows: corrupt, and not a new one", () => {
    const path = killedDatabase();
    truncateSync(path, 0);
    expect(inspectDatabase(path)).toBe("corrupt");
  });
});

describe("the files beside a database", () => {
  it("may be garbage where they are an index: SQLite makes it anew, and no row is lost", () => {
    const path = killedDatabase();
    writeFileSync(`${path}-shm`, Buffer.concat(Array.from({ length: 16 }, () => GARBAGE)));
    expect(inspectDatabase(path)).toBe("ours");
    expect(rowsIn(path)).toBe(500);
  });

  it("that are a log whose head is garbage leave a good database without the rows in it, which is seen by the log alone", () => {
    const path = killedDatabase();
    expect(logState(path)).toBe("good");
    overwrite(`${path}-wal`, 0, GARBAGE.subarray(0, 32));
    expect(logState(path)).toBe("damaged");
    // The schema was in the log, too.
    expect(inspectDatabase(path)).toBe("empty");
    expect(rowsIn(path)).toBe(0);
  });

  it("that are a log with garbage in it leave what came before", () => {
    const { database, dir, path, writer } = createTestDatabase();
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    for (let seq = 1; seq <= 100; seq++) writer.writeEvents([createEvent({ seq })]);
    const copy = join(dir, "copy.db");
    for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, copy + suffix);
    database.close();
    overwrite(`${copy}-wal`, Math.floor(statSync(`${copy}-wal`).size / 2), GARBAGE);
    expect(logState(copy)).toBe("good");
    expect(inspectDatabase(copy)).toBe("ours");
    expect(rowsIn(copy)).toBeGreaterThan(10);
    expect(rowsIn(copy)).toBeLessThan(100);
  });

  it.each([
    ["no log", undefined, "none"],
    ["an empty log", Buffer.alloc(0), "none"],
    ["the beginning of a head", Buffer.from("377f0682002de218", "hex"), "none"],
    ["a log of zeros", Buffer.alloc(PAGE), "damaged"],
  ])("%s", (_name, bytes, state) => {
    const path = join(testFolder(), "telemetry.db");
    if (bytes !== undefined) writeFileSync(`${path}-wal`, bytes);
    expect(logState(path)).toBe(state);
  });

  it("that are a log with one wrong bit in its head are seen, whichever it is", () => {
    const path = killedDatabase();
    const head = bytesOf(`${path}-wal`).subarray(0, 32);
    for (let bit = 0; bit < 256; bit++) {
      const wrong = Buffer.from(head);
      wrong[bit >> 3]! ^= 1 << (bit & 7);
      overwrite(`${path}-wal`, 0, wrong);
      expect([bit, logState(path)]).toEqual([bit, "damaged"]);
    }
  });
});

it("knows the marks of its own schema", () => {
  const statements = MIGRATIONS.flatMap(({ statements }) => statements);
  expect(statements.filter((statement) => statement.startsWith("CREATE TABLE confidence_rollups"))).toHaveLength(1);
  expect(readdirSync(testFolder())).toEqual([]);
});
