import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf } from "../../test/tracebook.ts";
import { listSpoolFolders } from "./spool-folders.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;

/** A name as the spool gives it: since when stands in it. */
function nameOf(ageMs: number, counter = 1): string {
  return `logs-evidence-${String(NOW - ageMs).padStart(15, "0")}-${String(counter).padStart(6, "0")}-1c9f03aa.spool`;
}

describe("listSpoolFolders", () => {
  it("finds nothing where there is no spool, or an empty one", async () => {
    expect(await listSpoolFolders("/nowhere/at/all", NOW)).toEqual([]);
    expect(await listSpoolFolders(folderOf(), NOW)).toEqual([]);
  });

  it("adds up the files of each service and knows since when the oldest waits", async () => {
    const dir = folderOf({
      [`bot/${nameOf(5 * MINUTE)}`]: "12345",
      [`bot/${nameOf(20 * MINUTE, 2)}`]: "1234567",
      [`api/host-1/${nameOf(MINUTE)}`]: "1",
    });
    expect(await listSpoolFolders(dir, NOW)).toEqual([
      { name: join("api", "host-1"), files: 1, bytes: 1, oldestMs: MINUTE },
      { name: "bot", files: 2, bytes: 12, oldestMs: 20 * MINUTE },
    ]);
  });

  it("takes the time of change for a name that does not say since when", async () => {
    const dir = folderOf({ "bot/x.spool": "1" });
    const changed = new Date(NOW - 3 * MINUTE);
    utimesSync(join(dir, "bot", "x.spool"), changed, changed);
    expect(await listSpoolFolders(dir, NOW)).toEqual([{ name: "bot", files: 1, bytes: 1, oldestMs: 3 * MINUTE }]);
  });

  it("leaves out other files, links, and folders that are called like files", async () => {
    const dir = folderOf({ "bot/owner.json": "{}", "bot/x.spool.tmp": "1", "elsewhere/y.spool": "1" });
    mkdirSync(join(dir, "bot", "folder.spool"));
    symlinkSync(join(dir, "elsewhere", "y.spool"), join(dir, "bot", "link.spool"));
    symlinkSync(dir, join(dir, "bot", "round"));
    rmSync(join(dir, "elsewhere"), { recursive: true });
    expect(await listSpoolFolders(dir, NOW)).toEqual([]);
  });

  it("does not mind a file where the folder should be, or a time in the future", async () => {
    const dir = folderOf({ file: "x", [`bot/${nameOf(-MINUTE)}`]: "1" });
    expect(await listSpoolFolders(join(dir, "file"), NOW)).toEqual([]);
    expect(await listSpoolFolders(dir, NOW)).toEqual([{ name: "bot", files: 1, bytes: 1, oldestMs: 0 }]);
  });

  it("goes three folders deep and no deeper", async () => {
    const dir = folderOf();
    mkdirSync(join(dir, "a/b/c/d"), { recursive: true });
    writeFileSync(join(dir, "a/b/c/x.spool"), "1");
    writeFileSync(join(dir, "a/b/c/d/x.spool"), "1");
    expect((await listSpoolFolders(dir, NOW)).map(({ name }) => name)).toEqual([join("a", "b", "c")]);
  });
});
