import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createFaultyFileSystem } from "../test/faulty-file-system.ts";
import { collect, createInstance, filesIn, KINDS, NOON, openJournal, testFolder, until } from "../test/records.ts";
import { keepHouse } from "./housekeeping.ts";
import { cleanJournal, type JournalFileSystem, nodeFileSystem, readJournal, verifyJournal } from "./index.ts";
import { createProcessProbe } from "./process-identity.ts";

const DAY_MICROS = 86_400e6;
/** The wall clock of the file system is real: files written an hour ago have rested. */
const HOUR_AGO = new Date(Date.now() - 3_600_000);

function age(dir: string, file: string): void {
  utimesSync(join(dir, file), HOUR_AGO, HOUR_AGO);
}

/** A journal of `days` days up to 2026-11-20, with both files every day; all but the last day's files have rested. */
async function journalOfDays(days: number, options: { records?: number; padding?: number } = {}) {
  const { records = 4, padding = 10 } = options;
  const instance = createInstance("a-1");
  const { journal, dir } = openJournal({ instance });
  for (let day = 0; day < days; day++) {
    for (let i = 0; i < records; i++) {
      const timeMs = ((day - days + 1) * DAY_MICROS) / 1000;
      journal.accept(instance.record(KINDS.decision, { pad: "x".repeat(padding) }, { timeMs }), false);
      journal.accept(instance.record(KINDS.riskPassed, { pad: "x".repeat(padding) }, { timeMs }), false);
    }
    await journal.flush();
  }
  await journal.close();
  for (const file of filesIn(dir)) if (!file.includes("20261120") && file !== "logs/telemetry.jsonl") age(dir, file);
  return { dir, emitted: instance.lastSeq };
}

describe("closed files", () => {
  it("are compressed, the files in use are not, and nothing of the content changes", async () => {
    const { dir } = await journalOfDays(3);
    const before = await collect(readJournal(dir));
    const plain = readFileSync(join(dir, "data/events/20261118/events.jsonl"));
    const { compressed, problems } = await cleanJournal({ dir, nowMicros: NOON });
    expect(problems).toEqual([]);
    expect(compressed).toHaveLength(4);
    expect(filesIn(dir)).toEqual([
      "data/events/20261118/events.jsonl.gz",
      "data/events/20261119/events.jsonl.gz",
      "data/events/20261120/events.jsonl",
      "logs/telemetry.20261118.jsonl.gz",
      "logs/telemetry.20261119.jsonl.gz",
      "logs/telemetry.jsonl",
    ]);
    expect(gunzipSync(readFileSync(join(dir, "data/events/20261118/events.jsonl.gz")))).toEqual(plain);
    expect(statSync(join(dir, "data/events/20261118/events.jsonl.gz")).mode & 0o777).toBe(0o600);
    expect(await collect(readJournal(dir))).toEqual(before);
    expect((await cleanJournal({ dir, nowMicros: NOON })).compressed).toEqual([]);
  });

  it("of yesterday that somebody may still write to are left alone", async () => {
    const { dir } = await journalOfDays(2);
    const now = new Date();
    utimesSync(join(dir, "data/events/20261119/events.jsonl"), now, now);
    await cleanJournal({ dir, nowMicros: NOON });
    expect(existsSync(join(dir, "data/events/20261119/events.jsonl"))).toBe(true);
  });

  it("survive a crash at any point of compressing: nothing twice, nothing lost, no half file left", async () => {
    for (const crash of [
      "half a temporary file",
      "both files",
      "a file of the same name with another content",
      "a file of the same name and length with another content",
    ] as const) {
      const { dir } = await journalOfDays(2);
      const before = await collect(readJournal(dir));
      const path = join(dir, "data/events/20261119/events.jsonl");
      const compressed = gzipSync(readFileSync(path));
      if (crash === "half a temporary file") writeFileSync(`${path}.gz.tmp`, compressed.subarray(0, 20));
      if (crash === "both files") writeFileSync(`${path}.gz`, compressed);
      if (crash.startsWith("a file of the same name")) {
        const instance = crash.includes("length") ? "a-2" : "a-22";
        const other = readFileSync(path, "utf8").replaceAll('"a-1"', JSON.stringify(instance));
        writeFileSync(`${path}.gz`, gzipSync(other));
        expect(await collect(readJournal(dir, { instanceId: instance }))).not.toEqual([]);
        before.splice(0, before.length, ...(await collect(readJournal(dir))));
      }
      expect(await collect(readJournal(dir))).toEqual(before);
      for (let round = 0; round < 2; round++)
        expect((await cleanJournal({ dir, nowMicros: NOON })).problems).toEqual([]);
      expect(await collect(readJournal(dir))).toEqual(before);
      expect(filesIn(dir).filter((file) => file.includes("20261119/") && !file.endsWith(".gz"))).toEqual([]);
    }
  });

  it("are neither lost nor doubled by an error at any call", async () => {
    const fault = { code: "EIO", atCall: Number.POSITIVE_INFINITY, isPersistent: false };
    const processProbe = createProcessProbe();
    const round = { processProbe, maxBytes: 1_200, retentionDays: 30, compress: true, nowMicros: NOON };
    const { signal } = new AbortController();
    const { dir: whole } = await journalOfDays(2);
    const clean = createFaultyFileSystem(fault);
    await keepHouse({ ...round, fileSystem: clean, dir: whole }, signal);
    expect(clean.calls).toBeGreaterThan(30);
    for (let atCall = 1; atCall <= clean.calls; atCall++) {
      const { dir, emitted } = await journalOfDays(2);
      await keepHouse({ ...round, fileSystem: createFaultyFileSystem({ ...fault, atCall }), dir }, signal);
      rmSync(join(dir, "data/housekeeping.lock"), { force: true });
      expect(await keepHouse({ ...round, fileSystem: createFaultyFileSystem(fault), dir }, signal)).toMatchObject({
        problems: [],
      });
      const { problems, instances } = await verifyJournal(dir);
      expect(problems).toEqual([]);
      expect(instances["a-1"]!.lastSeq).toBe(emitted);
    }
  });
});

describe("retention", () => {
  it("removes the files of days that are too long ago, with their folders, and nothing that is not the journal's", async () => {
    const { dir } = await journalOfDays(5);
    writeFileSync(join(dir, "data/events/20261116/notes.txt"), "mine");
    writeFileSync(join(dir, "logs/app.log"), "mine");
    await cleanJournal({ dir, nowMicros: NOON, retentionDays: 2 });
    expect(filesIn(dir)).toEqual([
      "data/events/20261116/notes.txt",
      "data/events/20261118/events.jsonl.gz",
      "data/events/20261119/events.jsonl.gz",
      "data/events/20261120/events.jsonl",
      "logs/app.log",
      "logs/telemetry.20261118.jsonl.gz",
      "logs/telemetry.20261119.jsonl.gz",
      "logs/telemetry.jsonl",
    ]);
    expect(existsSync(join(dir, "data/events/20261117"))).toBe(false);
    const verdict = await verifyJournal(dir);
    expect(verdict.problems).toEqual([]);
    expect(verdict.instances["a-1"]).toMatchObject({ firstSeq: 17, missing: 0, declared: 0 });
  });

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e300,
    Date.UTC(9999, 11, 31) * 1000 + 86_400e6,
  ])("removes nothing on a clock that shows no possible time (%d), and goes through", async (nowMicros) => {
    const { dir, emitted } = await journalOfDays(3);
    const { signal } = new AbortController();
    const bounds = { maxBytes: 10e9, retentionDays: 1, compress: false };
    const parts = { fileSystem: nodeFileSystem, processProbe: createProcessProbe() };
    const result = await keepHouse({ ...parts, ...bounds, dir, nowMicros }, signal);
    expect(result).toMatchObject({ isDone: true, removed: [], problems: [] });
    expect((await verifyJournal(dir)).instances["a-1"]).toMatchObject({ records: emitted, missing: 0 });
  });

  it("keeps within the bytes: pipeline events go before evidence, the oldest first, and what went is declared", async () => {
    const { dir, emitted } = await journalOfDays(4, { records: 50, padding: 100 });
    const sizes = new Map(filesIn(dir).map((file) => [file, statSync(join(dir, file)).size]));
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const logs = [...sizes]
      .filter(([file]) => file.includes("telemetry.2026"))
      .reduce((sum, [, size]) => sum + size, 0);
    const oneDay = sizes.get("data/events/20261117/events.jsonl")!;
    const maxBytes = total - logs - oneDay / 2;
    const { removed, totalBytes } = await cleanJournal({ dir, nowMicros: NOON, maxBytes, compress: false });
    expect(removed.map((path) => path.slice(dir.length + 1))).toEqual([
      "logs/telemetry.20261117.jsonl",
      "logs/telemetry.20261118.jsonl",
      "logs/telemetry.20261119.jsonl",
      "data/events/20261117/events.jsonl",
    ]);
    expect(totalBytes).toBeLessThanOrEqual(maxBytes);
    const verdict = await verifyJournal(dir);
    expect(verdict.problems).toEqual([]);
    expect(verdict.instances["a-1"]).toMatchObject({ firstSeq: 1, lastSeq: emitted, missing: 0, declared: 200 });
    const dropped = (await collect(readJournal(dir, { eventTypes: ["records_dropped"] }))).map((record) => record.data);
    expect(dropped.map(({ reason, class: recordClass, count }) => [reason, recordClass, count])).toEqual(
      expect.arrayContaining([
        ["retention", "event", 50],
        ["retention", "evidence", 50],
      ]),
    );
  });

  it("never removes what is in use, however little room there is", async () => {
    const { dir } = await journalOfDays(2);
    await cleanJournal({ dir, nowMicros: NOON, maxBytes: 0 });
    expect(filesIn(dir)).toEqual([
      "data/events/20261119/removed.jsonl",
      "data/events/20261120/events.jsonl",
      "logs/telemetry.jsonl",
    ]);
    expect((await verifyJournal(dir)).problems).toEqual([]);
  });

  it("keeps a running recorder within its bytes: full files are closed, compressed and removed in the background", async () => {
    const { journal, dir, accept } = openJournal({ maxBytes: 1_048_576, bufferSize: 50 });
    const text = () => Array.from({ length: 20 }, () => Math.random().toString(36)).join("");
    for (let i = 0; journal.stats().bytesWritten < 8_000_000; i++) {
      accept(i % 2 === 0 ? KINDS.decision : KINDS.riskPassed, { text: text() });
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => filesIn(dir).some((file) => file.endsWith("removed.jsonl")));
    await journal.close();
    const { totalBytes } = await cleanJournal({ dir, nowMicros: NOON, maxBytes: 1_048_576 });
    expect(totalBytes).toBeLessThanOrEqual(1_048_576);
    const verdict = await verifyJournal(dir);
    expect(verdict.problems).toEqual([]);
    expect(verdict.instances["a-1"]).toMatchObject({ missing: 0, duplicates: 0 });
  });
});

describe("housekeeping", () => {
  it("is done by one process at a time", async () => {
    const { dir } = await journalOfDays(2);
    const results = await Promise.all([cleanJournal({ dir, nowMicros: NOON }), cleanJournal({ dir, nowMicros: NOON })]);
    expect(results.map((result) => result.isDone).sort()).toEqual([false, true]);
  });

  it.each([
    ["too old", { retentionDays: 1, maxBytes: Number.POSITIVE_INFINITY }],
    ["too much", { retentionDays: 30, maxBytes: 1_200 }],
  ])("removes what is %s on a disk so full that not even its lock fits", async (_what, bounds) => {
    const { dir, emitted } = await journalOfDays(4);
    let isFull = true;
    const fileSystem: JournalFileSystem = {
      ...nodeFileSystem,
      write(...args) {
        if (isFull) throw Object.assign(new Error("ENOSPC: injected"), { code: "ENOSPC" });
        return nodeFileSystem.write(...args);
      },
      unlink(path) {
        nodeFileSystem.unlink(path);
        if (path.endsWith(".jsonl")) isFull = false;
      },
    };
    const round = { fileSystem, processProbe: createProcessProbe(), dir, compress: false, nowMicros: NOON, ...bounds };
    const { isDone, removed, problems } = await keepHouse(round, new AbortController().signal);
    expect([isDone, problems]).toEqual([true, []]);
    expect(removed.length).toBeGreaterThan(1);
    if (bounds.retentionDays === 1) return;
    const verdict = await verifyJournal(dir);
    expect(verdict.problems).toEqual([]);
    expect(verdict.instances["a-1"]!.lastSeq).toBe(emitted);
  });

  it.each([
    ["ENOSPC", "write"],
    ["EROFS", "open"],
  ] as const)("on a disk that cannot be written (%s) leaves it to the writer to say so", async (code, operation) => {
    const { dir } = await journalOfDays(2);
    const fault = { code, atCall: 1, isPersistent: true, operations: [operation] };
    const round = {
      fileSystem: createFaultyFileSystem(fault),
      processProbe: createProcessProbe(),
      dir,
      nowMicros: NOON,
    };
    const bounds = { retentionDays: 30, maxBytes: Number.POSITIVE_INFINITY, compress: true };
    const { isDone, removed } = await keepHouse({ ...round, ...bounds }, new AbortController().signal);
    expect([isDone, removed]).toEqual([false, []]);
  });

  it("takes in a log that its writer left behind", async () => {
    const dir = testFolder();
    const path = join(dir, "logs/telemetry.old-1.jsonl");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "{}\n");
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    utimesSync(path, twoDaysAgo, twoDaysAgo);
    const day = twoDaysAgo.toISOString().slice(0, 10).replaceAll("-", "");
    const { problems } = await cleanJournal({ dir });
    expect(problems).toEqual([]);
    expect(filesIn(dir)).toEqual([`logs/telemetry.old-1.${day}.jsonl.gz`]);
  });

  it("of a folder that is not there is not a problem of the host", async () => {
    const { problems, totalBytes } = await cleanJournal({ dir: "/proc/no-such-folder" });
    expect(problems).toEqual([expect.stringMatching(/housekeeping failed \((ENOENT|EROFS)\)/)]);
    expect(totalBytes).toBe(0);
  });
});
