import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../test/records.ts";
import { nodeFileSystem as fs } from "./file-system.ts";
import { takeLock } from "./folder-lock.ts";
import { findJournalWriters } from "./journal-writers.ts";
import { createProcessProbe } from "./process-identity.ts";

const probe = createProcessProbe();

describe("findJournalWriters", () => {
  it("finds nobody where nobody writes, and makes nothing", () => {
    const dir = testFolder();
    expect(findJournalWriters(dir)).toEqual([]);
    expect(existsSync(join(dir, "data"))).toBe(false);
  });

  it("finds the first writer and further ones by name, and leaves their locks as they are", () => {
    const dir = testFolder();
    const paths = ["journal.lock", "journal.bot-2.lock"].map((name) => join(dir, "data", name));
    const locks = paths.map((path) => takeLock(fs, probe, path));
    const before = paths.map((path) => readFileSync(path, "utf8"));
    expect(findJournalWriters(dir)).toMatchObject([
      { name: "", pid: process.pid, isAlive: true },
      { name: "bot-2", pid: process.pid, isAlive: true },
    ]);
    expect(paths.map((path) => readFileSync(path, "utf8"))).toEqual(before);
    expect(locks.every((lock) => lock?.isHeld())).toBe(true);
  });

  it("tells a process that is gone from one that runs elsewhere", async () => {
    const dir = testFolder();
    const child = spawn("true");
    await new Promise((resolve) => child.on("exit", resolve));
    mkdirSync(join(dir, "data"));
    const write = (name: string, holder: object) =>
      writeFileSync(join(dir, "data", name), JSON.stringify({ ...probe.self, token: "t", ...holder }));
    write("journal.lock", { pid: child.pid });
    write("journal.far.lock", { place: "another container" });
    expect(findJournalWriters(dir).map(({ name, isAlive }) => [name, isAlive])).toEqual([
      ["", false],
      ["far", undefined],
    ]);
  });

  it("leaves out what is no lock: other names, links, folders, gibberish", () => {
    const dir = testFolder();
    mkdirSync(join(dir, "data", "journal.folder.lock"), { recursive: true });
    writeFileSync(join(dir, "data", "journal.empty.lock"), "");
    writeFileSync(join(dir, "data", "journal.text.lock"), "no lock");
    writeFileSync(join(dir, "data", "other.lock"), JSON.stringify({ pid: 1, token: "t" }));
    symlinkSync(join(dir, "data", "other.lock"), join(dir, "data", "journal.link.lock"));
    expect(findJournalWriters(dir)).toEqual([]);
  });
});
