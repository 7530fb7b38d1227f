import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase, openStoreDatabase, testFolder } from "../../../test/test-database.ts";
import { setAside } from "./set-aside.ts";

const NOW = Date.UTC(2026, 10, 29, 10, 11, 12, 345);

function folderOf(...names: string[]): { dir: string; path: string } {
  const dir = testFolder();
  for (const name of names) writeFileSync(join(dir, name), `content of ${name}`);
  return { dir, path: join(dir, "telemetry.db") };
}

const namesIn = (dir: string): string[] => readdirSync(dir).sort();

describe("setting a database aside", () => {
  it("renames it with its log and index, and nothing is left in its place", () => {
    const { dir, path } = folderOf("telemetry.db", "telemetry.db-wal", "telemetry.db-shm", "telemetry.db.reserve");
    const aside = setAside(path, "corrupt", NOW);
    expect(aside).toBe(`${path}.corrupt-20261129T101112Z`);
    expect(namesIn(dir)).toEqual([
      "telemetry.db.corrupt-20261129T101112Z",
      "telemetry.db.corrupt-20261129T101112Z-shm",
      "telemetry.db.corrupt-20261129T101112Z-wal",
      "telemetry.db.reserve",
    ]);
    expect(readFileSync(aside, "utf8")).toBe("content of telemetry.db");
    expect(readFileSync(`${aside}-wal`, "utf8")).toBe("content of telemetry.db-wal");
  });

  it("never overwrites what was set aside before, nor the log of it", () => {
    const { dir, path } = folderOf(
      "telemetry.db",
      "telemetry.db.newer-20261129T101112Z",
      "telemetry.db.newer-20261129T101112Z-2-wal",
    );
    expect(setAside(path, "newer", NOW)).toBe(`${path}.newer-20261129T101112Z-3`);
    expect(namesIn(dir)).toEqual([
      "telemetry.db.newer-20261129T101112Z",
      "telemetry.db.newer-20261129T101112Z-2-wal",
      "telemetry.db.newer-20261129T101112Z-3",
    ]);
    expect(readFileSync(`${path}.newer-20261129T101112Z`, "utf8")).toBe(
      "content of telemetry.db.newer-20261129T101112Z",
    );
  });

  it("leaves a database that can be opened under its new name, with the rows that were only in its log", () => {
    const { database, path, writer } = createTestDatabase();
    // What a killed process leaves: SQLite would carry the log over at the end of this one.
    const rows = Array.from({ length: 50 }, (_, i) => createEvent({ seq: i + 1 }));
    writer.writeEvents(rows);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    const aside = setAside(path, "newer", NOW);
    database.close();
    const old = new DatabaseSync(aside);
    expect(old.prepare("SELECT count(*) AS n FROM telemetry_events").get()).toEqual({ n: 50 });
    old.close();
    const fresh = openStoreDatabase(path);
    expect(fresh.prepare("SELECT count(*) AS n FROM telemetry_events").get()).toEqual({ n: 0 });
    fresh.close();
  });

  it("of what is not there fails with a code, and leaves nothing behind", () => {
    const { dir, path } = folderOf();
    expect(() => setAside(path, "corrupt", NOW)).toThrow(expect.objectContaining({ code: "database_unavailable" }));
    expect(namesIn(dir)).toEqual([]);
  });

  it("of a database whose folder is gone fails with the same", () => {
    const { dir } = folderOf();
    const path = join(dir, "gone", "telemetry.db");
    expect(() => setAside(path, "corrupt", NOW)).toThrow(expect.objectContaining({ code: "database_unavailable" }));
    expect(existsSync(path)).toBe(false);
    mkdirSync(join(dir, "gone"));
    expect(namesIn(join(dir, "gone"))).toEqual([]);
  });
});
