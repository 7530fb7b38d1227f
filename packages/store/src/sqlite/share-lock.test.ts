import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { commandOf, startChild } from "../../test/child.ts";
import { createEvent } from "../../test/store-events.ts";
import { testFolder } from "../../test/test-database.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS, SCHEMA_VERSION } from "./schema.ts";
import { canShare, engineVersion, takeShare } from "./share-lock.ts";
import { WriterHost } from "./writer-host.ts";

const OLD = "3.51.2";
const NEW = "3.51.3";

/** Another process that has its share in a database, until it is told. */
async function startSharing(path: string, version: string) {
  const { child, ended } = startChild(commandOf("sharing-process", [path, version]));
  await once(child.stdout, "data");
  return {
    child,
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

/** The writer of a store, as an engine of that version would have it. */
function createHost(path: string, version: string): WriterHost {
  const open = { path, isReadOnly: false, busyTimeoutMs: 0, cacheKib: 2_048 };
  const plan = { role: "writer", open, journalDir: undefined, reserveBytes: 0, redactKeys: [] } as const;
  const host = new WriterHost(plan, () => {}, version);
  onTestFinished(() => host.close());
  return host;
}

describe("engines", () => {
  test.each([
    ["3.49.1", false],
    ["3.50.4", false],
    [OLD, false],
    [NEW, true],
    ["3.52.0", true],
    ["3.100.0", true],
    ["4.0", true],
    ["nonsense", false],
  ])("%s can share a database between processes: %s", (version, expected) => expect(canShare(version)).toBe(expected));

  test("the one of this process is known, and those of the Node that this is tried with can", () => {
    expect(engineVersion()).toBe(process.versions["sqlite"]);
  });
});

describe("a database of an earlier version", () => {
  const olderAt = (path: string): void => {
    const database = new DatabaseSync(path);
    migrate(database, path, { migrations: MIGRATIONS.slice(0, -1) });
    database.close();
  };
  const versionOf = (path: string): unknown => {
    const database = new DatabaseSync(path);
    const { user_version } = database.prepare("PRAGMA user_version").get() ?? {};
    database.close();
    return user_version;
  };

  test("is left as it is while another process has it open, and brought up to date when that has ended", async () => {
    const path = join(testFolder(), "telemetry.db");
    olderAt(path);
    const other = await startSharing(path, NEW);
    const host = createHost(path, NEW);
    expect(() => host.open()).toThrow(expect.objectContaining({ code: "database_in_use" }));
    expect(versionOf(path)).toBe(SCHEMA_VERSION - 1);
    await other.end();
    host.open();
    expect(versionOf(path)).toBe(SCHEMA_VERSION);
    // It is shared again.
    const next = createHost(path, NEW);
    next.open();
    expect(next.writeAll([{ id: 1, method: "writeEvents", args: [[createEvent()]] }])).toMatchObject([
      { value: { written: 1 } },
    ]);
  });
});

describe("a database that another process has open", () => {
  test("is opened where both engines can share it, and by nobody else", async () => {
    const path = join(testFolder(), "telemetry.db");
    const other = await startSharing(path, NEW);
    const host = createHost(path, NEW);
    host.open();
    const call = { id: 1, method: "writeEvents", args: [[createEvent()]] };
    expect(host.writeAll([call])).toMatchObject([{ value: { written: 1 } }]);
    host.close();
    await other.end();
  });

  test.each([
    [OLD, OLD],
    [OLD, NEW],
    [NEW, OLD],
  ])(
    "is refused where one engine cannot: %s there, %s here; once the other has ended it is opened",
    async (there, here) => {
      const path = join(testFolder(), "telemetry.db");
      const other = await startSharing(path, there);
      const host = createHost(path, here);
      expect(() => host.open()).toThrow(expect.objectContaining({ code: "database_shared" }));
      expect(() => host.open()).toThrow(`${path} is open in another process, and `);
      // Nothing was touched.
      expect(existsSync(path)).toBe(false);
      await other.end();
      host.open();
      expect(existsSync(path)).toBe(true);
    },
  );

  test("is free again when that process was killed", async () => {
    const path = join(testFolder(), "telemetry.db");
    const { child } = await startSharing(path, OLD);
    child.kill("SIGKILL");
    await once(child, "exit");
    takeShare(path, OLD, 5_000).release();
  });

  test("cannot be looked at where a file is in the place of its folder", () => {
    const folder = join(testFolder(), "file");
    writeFileSync(folder, "");
    expect(() => takeShare(join(folder, "telemetry.db"), NEW, 0)).toThrow(
      expect.objectContaining({ code: "database_unavailable" }),
    );
  });

  test("the lock is an empty file for its owner only", () => {
    const path = join(testFolder(), "telemetry.db");
    const share = takeShare(path, NEW, 0);
    const facts = statSync(`${path}.lock`);
    expect([facts.size, facts.mode & 0o777]).toEqual([0, 0o600]);
    share.release();
  });
});
