import { spawn } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../test/records.ts";
import { nodeFileSystem as fs } from "./file-system.ts";
import { takeLock } from "./folder-lock.ts";
import { createProcessProbe, type ProcessProbe } from "./process-identity.ts";

const probe = createProcessProbe();
const lockPath = () => join(testFolder(), "data/journal.lock");
const LONG_AGO = new Date(Date.now() - 3_600_000);

describe("a lock of a folder", () => {
  it("is held by one at a time and free again after its release", () => {
    const path = lockPath();
    const first = takeLock(fs, probe, path);
    expect(first?.isHeld()).toBe(true);
    expect(takeLock(fs, probe, path)).toBeUndefined();
    first?.release();
    expect(existsSync(path)).toBe(false);
    expect(takeLock(fs, probe, path)?.isHeld()).toBe(true);
  });

  it("is taken over from a process that is dead, also when its number is in use again", async () => {
    const path = lockPath();
    const child = spawn("true");
    await new Promise((resolve) => child.on("exit", resolve));
    for (const holder of [{ pid: child.pid! }, { start: "1" }]) {
      // Without start times nobody can tell the second from the first.
      if (probe.self.start === "" && "start" in holder) continue;
      takeLock(fs, probe, path)?.release();
      writeFileSync(path, JSON.stringify({ ...probe.self, ...holder, token: "t" }));
      const lock = takeLock(fs, probe, path);
      expect(lock?.isHeld()).toBe(true);
      lock?.release();
    }
  });

  it("of a process elsewhere is respected while it shows life, and taken over when it is silent", () => {
    const path = lockPath();
    const elsewhere: ProcessProbe = {
      self: { pid: 1, start: "1", place: "another container" },
      isAlive: probe.isAlive,
    };
    const lock = takeLock(fs, elsewhere, path);
    expect(takeLock(fs, probe, path)).toBeUndefined();
    utimesSync(path, LONG_AGO, LONG_AGO);
    lock?.touch();
    expect(takeLock(fs, probe, path)).toBeUndefined();
    utimesSync(path, LONG_AGO, LONG_AGO);
    expect(takeLock(fs, probe, path)?.isHeld()).toBe(true);
    expect(lock?.isHeld()).toBe(false);
  });

  it("that is being made, and so is still empty, is respected; one that stayed empty is not", () => {
    const path = lockPath();
    takeLock(fs, probe, path)?.release();
    writeFileSync(path, "");
    expect(takeLock(fs, probe, path)).toBeUndefined();
    utimesSync(path, LONG_AGO, LONG_AGO);
    expect(takeLock(fs, probe, path)?.isHeld()).toBe(true);
  });

  it("is not taken over while somebody else takes it over", () => {
    const path = lockPath();
    takeLock(fs, probe, path)?.release();
    writeFileSync(path, JSON.stringify({ ...probe.self, pid: 2 ** 22 + 1, token: "dead" }));
    const guard = takeLock(fs, probe, `${path}.takeover`);
    expect(takeLock(fs, probe, path)).toBeUndefined();
    guard?.release();
    expect(takeLock(fs, probe, path)?.isHeld()).toBe(true);
  });

  it("does not release a lock that is somebody else's by now", () => {
    const path = lockPath();
    const lock = takeLock(fs, probe, path);
    writeFileSync(path, JSON.stringify({ ...probe.self, token: "other" }));
    lock?.release();
    expect(readFileSync(path, "utf8")).toContain("other");
  });
});
