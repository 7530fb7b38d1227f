// What a command does with a database that it cannot use: it says so, and changes nothing.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { describe, expect, it } from "vitest";
import { runHere } from "../test/run-here.ts";
import { event, storeOf } from "../test/stores.ts";
import { folderOf } from "../test/tracebook.ts";
import { requireStoreFile } from "./store-file.ts";

const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
const COMMANDS = [
  ["query", "recent"],
  ["export"],
  ["whatif", "--unit", "bps", "--threshold-by", "0"],
  ["cleanup", "--older-than", "1d"],
];

/** The names beside a database. SQLite may make its own anew, and the lock stays from who wrote it. */
const namesBeside = (path: string) => readdirSync(dirname(path)).filter((name) => !/(-wal|-shm|\.lock)$/.test(name));

describe("a database that cannot be used", () => {
  it.each(COMMANDS)("is not made by %s", async (...args) => {
    const path = join(folderOf(), "missing.db");
    const { code, stdout, stderr } = await runHere([...args, "--db", path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`there is no database at ${path}`);
    expect(stderr).toContain("TELEMETRY_STORE_PATH");
    expect(existsSync(path)).toBe(false);
  });

  it.each(COMMANDS)("of a later version is left in its place by %s", async (...args) => {
    const path = await storeOf([event("scan_started")]);
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    const { code, stderr } = await runHere([...args, "--db", path]);
    expect(code).toBe(2);
    expect(stderr).toContain("was written by a later version of Tracebook");
    expect(namesBeside(path)).toEqual(["telemetry.db"]);
  });

  it.each(COMMANDS)("that is damaged is left in its place by %s", async (...args) => {
    const path = await storeOf(
      Array.from({ length: 500 }, () => event("scan_started", { data: { text: "x".repeat(200) } })),
    );
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xee, 8_192, bytes.length - 4_096));
    const before = hashOf(path);
    const { code, stderr } = await runHere([...args, "--db", path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is damaged|cannot be read/);
    expect(hashOf(path)).toBe(before);
    expect(namesBeside(path)).toEqual(["telemetry.db"]);
  });

  it.each([
    ["is somebody else's", "CREATE TABLE theirs (a)", "not one of Tracebook"],
    ["is empty", "", "nothing was ever written into it"],
  ])("%s", async (_, sql, message) => {
    const path = join(folderOf(), "other.db");
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    await expect(requireStoreFile(path)).rejects.toThrow(message);
  });

  it.each([
    ["is a text", "hello ".repeat(1_000), "cannot be read"],
    ["has nothing in it", "", "nothing was ever written into it"],
  ])("%s", async (_, content, message) => {
    await expect(requireStoreFile(join(folderOf({ "a.db": content }), "a.db"))).rejects.toThrow(message);
  });

  it("is a folder", async () => {
    await expect(requireStoreFile(folderOf())).rejects.toThrow("is no file");
  });
});

describe("a store", () => {
  it("is of the schema that this command knows", async () => {
    const path = await storeOf([]);
    await expect(requireStoreFile(path)).resolves.toBeUndefined();
    const database = new DatabaseSync(path);
    const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
    database.exec(`PRAGMA user_version = ${version + 1}`);
    database.close();
    await expect(requireStoreFile(path)).rejects.toThrow("later version");
  });

  it("can be asked while a service has it open and has written what is in the log only", async () => {
    const path = join(folderOf(), "telemetry.db");
    const store = await openSqliteStore({ path, reserveBytes: 0 });
    try {
      await store.writeEvents([{ ...event("scan_started"), seq: 1 }]);
      const { code, stdout } = await runHere(["query", "events", "--db", path]);
      expect(code).toBe(0);
      expect(stdout).toContain("scan_started");
    } finally {
      await store.close();
    }
  });

  it("is found by TELEMETRY_STORE_PATH, and an empty one is said to be no file name", async () => {
    const path = await storeOf([event("scan_started")]);
    const found = await runHere(["query", "recent"], { env: { TELEMETRY_STORE_PATH: path } });
    expect(found.stdout).toContain("scan_started");
    const empty = await runHere(["query", "recent"], { env: { TELEMETRY_STORE_PATH: "" } });
    expect(empty.stderr).toContain('TELEMETRY_STORE_PATH is no file name; "./telemetry/telemetry.db" is used');
  });

  it("gets no reserve from those who only read", async () => {
    const path = await storeOf([event("scan_started")]);
    await runHere(["query", "recent", "--db", path]);
    expect(namesBeside(path)).toEqual(["telemetry.db"]);
  });
});
