import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describeConfiguration } from "@tracebook/node/doctor";
import { describe, expect, it } from "vitest";
import { folderOf } from "../../test/tracebook.ts";
import { checkJournal } from "./journal-check.ts";

function check(dir: string, env: Record<string, string> = {}) {
  const { config } = describeConfiguration({ TELEMETRY_ENABLED: "true", TELEMETRY_DIR: dir, ...env });
  return checkJournal(config, dir);
}

async function finding(id: string, dir: string, env?: Record<string, string>) {
  return (await check(dir, env)).checks.find((one) => one.id === id);
}

/** Runs `work` as somebody whom permissions stop: root is somebody else meanwhile. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  if (geteuid?.() !== 0) return work();
  seteuid?.(65_534);
  try {
    return await work();
  } finally {
    seteuid?.(0);
  }
}

describe("the folder of the journal", () => {
  it("can be written, and is left as it was", async () => {
    const dir = folderOf({ "data/events/20261120/events.jsonl": "x".repeat(1_500), "logs/telemetry.jsonl": "y" });
    const { folder, checks } = await check(dir);
    expect(folder).toMatchObject({ isThere: true, problem: undefined, usedBytes: 1_501 });
    expect(folder!.freeBytes).toBeGreaterThan(0);
    expect(checks[0]!.what).toMatch(/ can be written, .+ free; the journal holds 1\.5 kB of at most 10 GB$/);
    expect(readdirSync(dir).sort()).toEqual(["data", "logs"]);
  });

  it("will be made where it is missing, and is not made by the check", async () => {
    const dir = join(folderOf(), "a/b");
    expect(await finding("journal", dir)).toMatchObject({
      status: "ok",
      what: expect.stringMatching(/ will be made, /),
    });
    expect(readdirSync(join(dir, "../.."))).toEqual([]);
  });

  it("is a warning when the disk is full before the journal cleans up", async () => {
    const found = await finding("journal", folderOf(), { TELEMETRY_JOURNAL_MAX_BYTES: "900TB" });
    expect(found).toMatchObject({ status: "warning", remedy: expect.stringContaining("TELEMETRY_JOURNAL_MAX_BYTES") });
  });

  it.each(["", "data", "data/events", "logs"])("fails when a file is in the way at %j", async (path) => {
    const dir = folderOf({ "x/y": "", [join("journal", path === "" ? "" : path)]: "a file" });
    const found = await finding("journal", join(dir, "journal"));
    expect(found).toMatchObject({ status: "failed", what: expect.stringContaining("it is no folder") });
  });

  it.each(["/proc/nowhere", "/sys/kernel"])("fails where nobody can write: %s", async (dir) => {
    const found = await finding("journal", dir);
    expect(found).toMatchObject({
      status: "failed",
      what: expect.stringMatching(/cannot be written by user .+ \(E\w+\)/),
    });
    expect(found!.remedy).not.toBe("");
  });

  it("fails for a user who may not write there", async () => {
    const dir = folderOf({ "data/x": "" });
    chmodSync(dir, 0o555);
    const found = await asNobody(() => finding("journal", dir));
    chmodSync(dir, 0o700);
    expect(found).toMatchObject({ status: "failed", what: expect.stringContaining("(EACCES)") });
    expect(found!.remedy).toContain("chown");
  });

  it("is not looked at when the journal is off", async () => {
    expect(await finding("journal", "/proc/nowhere", { TELEMETRY_JOURNAL: "false" })).toMatchObject({ status: "off" });
  });
});

describe("the writers of the journal", () => {
  it("are nobody, or a process that is gone", async () => {
    const lock = JSON.stringify({ pid: 999_999_999, start: "1", place: "elsewhere", token: "t" });
    expect(await finding("journal_writers", folderOf())).toMatchObject({
      status: "ok",
      what: "nobody writes the journal now",
    });
    const found = await finding("journal_writers", folderOf({ "data/journal.lock": lock }));
    expect(found!.what).toMatch(/^process 999999999 of another container or machine holds the lock, seen \d+ s ago$/);
  });
});

describe("the spool", () => {
  const name = (ageMs: number) => `logs-ordinary-${String(Date.now() - ageMs).padStart(15, "0")}-000001-00000000.spool`;

  it("is empty, holds something, or something old", async () => {
    expect(await finding("spool", folderOf())).toMatchObject({ status: "ok" });
    const young = await finding("spool", folderOf({ [`spool/bot/${name(5_000)}`]: "x".repeat(2_048) }));
    expect(young).toMatchObject({
      status: "note",
      what: expect.stringMatching(/^bot: 2\.05 kB in 1 file, the oldest from \d s ago$/),
    });
    const old = await finding("spool", folderOf({ [`spool/bot/${name(3_600_000)}`]: "x" }));
    expect(old).toMatchObject({ status: "warning", what: expect.stringContaining("60 min ago") });
  });

  it("is looked for where the configuration puts it", async () => {
    const elsewhere = folderOf({ [`bot/${name(0)}`]: "x" });
    expect(await finding("spool", folderOf(), { TELEMETRY_SPOOL_DIR: elsewhere })).toMatchObject({ status: "note" });
  });
});
