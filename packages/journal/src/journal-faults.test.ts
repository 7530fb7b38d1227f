import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFaultyFileSystem, type Fault } from "../test/faulty-file-system.ts";
import { asOrdinaryUser } from "../test/ordinary-user.ts";
import {
  collect,
  createInstance,
  filesIn,
  KINDS,
  linesOf,
  NOON,
  openJournal,
  runTool,
  testFolder,
} from "../test/records.ts";
import { createReadReport, readJournal, verifyJournal } from "./index.ts";

const DAY = "data/events/20261120";
const EVENTS = `${DAY}/events.jsonl`;
const openFiles = () => (existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0);

/** A life of a journal in which every kind of call happens: restart over a torn line, write-through, a new day, two files. */
async function live(fault: Fault) {
  const fileSystem = createFaultyFileSystem(fault);
  const { journal, dir, clock, accept, problems } = openJournal({ fileSystem, bufferSize: 4 });
  for (let i = 0; i < 24; i++) {
    clock.advanceTo(NOON + i * 3_600_000_000);
    accept(i % 8 === 7 ? KINDS.orderRequest : i % 3 === 0 ? KINDS.riskPassed : KINDS.decision, { i });
    if (i % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  fault.atCall = Number.POSITIVE_INFINITY;
  await journal.close();
  return { dir, calls: fileSystem.calls, stats: journal.stats(), problems };
}

async function expectWhole(dir: string, missing = 0) {
  const verdict = await verifyJournal(dir);
  expect(verdict.problems).toEqual([]);
  expect(verdict.instances["a-1"]).toMatchObject({ missing: 0, declared: missing, duplicates: 0 });
  return verdict;
}

describe("an error at call n", () => {
  it.each([
    ["ENOSPC", false],
    ["ENOSPC", true],
    ["EIO", false],
    ["EIO", true],
    ["EMFILE", true],
  ] as const)(
    "%s (persistent: %s) throws nothing, tears no line for good and loses no record",
    async (code, isPersistent) => {
      const { calls } = await live({ code, atCall: Number.POSITIVE_INFINITY, isPersistent });
      expect(calls).toBeGreaterThan(40);
      const before = openFiles();
      for (let atCall = 1; atCall <= calls; atCall++) {
        const { dir, stats, problems } = await live({ code, atCall, isPersistent });
        expect(stats.accepted + stats.declared).toBe(stats.written + stats.droppedTotal);
        expect(stats.droppedTotal).toBe(0);
        const verdict = await expectWhole(dir);
        expect(verdict.records).toBe(24);
        const late = problems.filter((line) => line.includes("order request"));
        expect(problems.length - late.length).toBeLessThanOrEqual(3);
        // One failure: a line when the first order goes out too early, and one when it is over.
        expect(late).toHaveLength(stats.late > 0 ? 2 : 0);
        rmSync(dir, { recursive: true });
      }
      expect(openFiles()).toBeLessThanOrEqual(before + 2);
    },
  );

  it.each([
    ["takes the beginning of a line back", ["write"] as const, 0],
    ["where it cannot, completes the record in a line of its own", ["write", "truncate"] as const, 1],
  ])("after a short write %s", async (_what, operations, torn) => {
    for (const shortWriteBytes of [1, 7, 100, 150]) {
      const fault: Fault = { code: "ENOSPC", atCall: 3, isPersistent: true, operations, shortWriteBytes };
      const { dir, problems } = await live(fault);
      const verdict = await expectWhole(dir);
      expect([verdict.records, verdict.torn]).toEqual([24, torn]);
      expect(problems.filter((line) => line.includes("cannot write"))).toHaveLength(1);
    }
  });

  it("after a short write leaves alone what somebody else has written behind it", async () => {
    const foreign = "somebody else's line\n";
    // The first write is that of the lock. A short one sets the fault to the call after it.
    const fault: Fault = { code: "ENOSPC", atCall: 2, isPersistent: true, operations: ["write"], shortWriteBytes: 20 };
    const faulty = createFaultyFileSystem(fault);
    let events = "";
    const fileSystem = {
      ...faulty,
      fstat: (fd: number) => {
        if (fault.atCall === 3) appendFileSync(events, foreign);
        return faulty.fstat(fd);
      },
    };
    const { journal, dir, accept } = openJournal({ fileSystem });
    events = join(dir, EVENTS);
    accept(KINDS.orderRequest);
    fault.atCall = Number.POSITIVE_INFINITY;
    await journal.close();
    expect(readFileSync(events, "utf8")).toContain(foreign);
    expect((await verifyJournal(dir)).records).toBe(1);
  });

  it("of a sync leaves the file alone and goes on in another", async () => {
    const fault: Fault = { code: "EIO", atCall: 1, isPersistent: false, operations: ["fsync"] };
    const { journal, dir, accept, problems } = openJournal({
      fileSystem: createFaultyFileSystem(fault),
      fsync: "interval",
    });
    accept(KINDS.decision);
    await journal.flush();
    await new Promise((resolve) => setImmediate(resolve));
    accept(KINDS.decision);
    await journal.close();
    expect(filesIn(join(dir, DAY))).toEqual(["events.a-1.r1.jsonl", "events.jsonl"]);
    expect(problems).toEqual([expect.stringMatching(/may not survive a power loss \(fsync: EIO\)$/)]);
    await expectWhole(dir);
  });
});

describe("a disk that comes back", () => {
  it("is tried again by the monotonic clock, later and later, and says one line when it fails and one when it works", async () => {
    const fault: Fault = { code: "EIO", atCall: 2, isPersistent: true, operations: ["write"] };
    const fileSystem = createFaultyFileSystem(fault);
    const { journal, dir, accept, clock, problems } = openJournal({ fileSystem, bufferSize: 1 });
    const tick = () => new Promise((resolve) => setImmediate(resolve));
    const tries: number[] = [];
    let calls = 0;
    for (let ms = 0; ms < 30_000; ms += 50) {
      clock.advanceTo(NOON + ms * 1000);
      accept(KINDS.decision);
      await tick();
      if (fileSystem.calls > calls) tries.push(ms);
      calls = fileSystem.calls;
    }
    expect(tries.slice(1, 9)).toEqual(
      [250, 750, 1_750, 3_750, 8_000, 13_000, 18_000, 23_000].map((ms) => expect.closeTo(ms, -3)),
    );
    fault.atCall = Number.POSITIVE_INFINITY;
    clock.advanceTo(NOON + 35_100_000);
    accept(KINDS.decision);
    await tick();
    expect(journal.stats()).toMatchObject({ pending: 0, isFailing: false, droppedTotal: 0 });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^journal: cannot write to .* \(EIO\)/);
    expect(problems[1]).toMatch(/^journal: writing again, to .*events\.a-1\.r1\.jsonl$/);
    await expectWhole(dir);
  });

  it("is a real one that was full: nothing torn, drops declared, old lines intact", async ({ skip }) => {
    const dir = testFolder();
    try {
      runTool("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", dir);
    } catch {
      skip("mounting a tmpfs needs root");
    }
    onTestFinished(() => runTool("umount", "-l", dir));
    const { journal, accept, instance, problems } = openJournal({ dir, maxPendingRecords: 200 });
    const filler = join(dir, "filler");
    for (let i = 0; i < 4_000; i++) {
      accept(i % 4 === 0 ? KINDS.decision : KINDS.bookSnapshot, { i, padding: "x".repeat(40) });
      if (i === 100) writeFileSync(filler, Buffer.alloc(150_000));
      if (i % 100 === 0) await journal.flush();
    }
    expect(journal.stats()).toMatchObject({ isFailing: true, lastError: expect.stringMatching(/^ENOSPC/) });
    const before = (await collect(readJournal(dir))).length;
    expect(before).toBeGreaterThan(100);
    rmSync(filler);
    await journal.close();
    const { droppedTotal, dropped, isFailing } = journal.stats();
    expect(isFailing).toBe(false);
    expect(droppedTotal).toBeGreaterThan(0);
    expect(dropped.event).toEqual({});
    expect((await expectWhole(dir, droppedTotal)).torn).toBe(0);
    expect((await verifyJournal(dir)).instances["a-1"]!.lastSeq).toBe(instance.lastSeq);
    expect(problems.map((line) => line.replace(/ \S*$/, ""))).toEqual([
      expect.stringMatching(/cannot write to/),
      expect.stringMatching(/writing again/),
    ]);
  });
});

describe("something else in place of the file", () => {
  const put = (place: (path: string) => void) => {
    const dir = testFolder();
    mkdirSync(join(dir, DAY), { recursive: true });
    place(join(dir, EVENTS));
    return dir;
  };

  it.each<[string, (path: string) => void]>([
    ["a link", (path) => symlinkSync("/etc/hostname", path)],
    ["a link to nowhere", (path) => symlinkSync(`${path}.elsewhere`, path)],
    ["a folder", (path) => mkdirSync(path)],
    ["a fifo", (path) => runTool("mkfifo", path)],
  ])("%s is left alone: the journal takes a name of its own and says so once", async (_name, place) => {
    const dir = put(place);
    const before = statSync("/etc/hostname").size;
    const { journal, accept, problems } = openJournal({ dir });
    accept(KINDS.orderRequest);
    await journal.close();
    expect(linesOf(join(dir, DAY, "events.a-1.r1.jsonl"))).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(statSync("/etc/hostname").size).toBe(before);
    expect(existsSync(join(dir, `${EVENTS}.elsewhere`))).toBe(false);
    await expectWhole(dir);
  });

  it("a link in place of the day's folder is not followed", async () => {
    const dir = testFolder();
    const elsewhere = testFolder();
    mkdirSync(join(dir, "data/events"), { recursive: true });
    symlinkSync(elsewhere, join(dir, DAY));
    const { journal, accept, problems } = openJournal({ dir });
    accept(KINDS.orderRequest);
    expect(journal.stats()).toMatchObject({ pending: 1, isFailing: true });
    expect(problems).toEqual([expect.stringMatching(/cannot write to/), expect.stringMatching(/order request 1 /)]);
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(join(dir, DAY));
    await journal.flush();
    expect(journal.stats()).toMatchObject({ pending: 0, isFailing: false });
    expect(linesOf(join(dir, EVENTS))).toHaveLength(1);
  });

  it("a torn last line of an earlier writer is ended before the first line is written", async () => {
    const dir = put((path) => writeFileSync(path, '{"seq":1,"instance_id":"old","event_ty'));
    const { journal, accept } = openJournal({ dir });
    accept(KINDS.decision);
    await journal.close();
    const report = createReadReport();
    expect(await collect(readJournal(dir, { report }))).toHaveLength(1);
    expect(report.byReason).toEqual({ torn: 1 });
  });
});

describe("a file that goes away while it is written", () => {
  it("is made anew after it was moved, and the moved one keeps its lines", async () => {
    const { journal, dir, accept, clock, problems } = openJournal();
    accept(KINDS.orderRequest);
    renameSync(join(dir, EVENTS), join(dir, DAY, "rotated.jsonl"));
    clock.advanceTo(NOON + 1_100_000);
    accept(KINDS.orderRequest);
    await journal.close();
    expect(linesOf(join(dir, EVENTS)).map((line) => line["seq"])).toEqual([2]);
    expect(linesOf(join(dir, DAY, "rotated.jsonl"))).toHaveLength(1);
    expect(problems).toEqual([expect.stringMatching(/was moved or removed, going on in a new file$/)]);
  });

  it("is made anew with its folders and its lock after all of them were removed", async () => {
    const { journal, dir, accept, clock } = openJournal();
    accept(KINDS.orderRequest);
    rmSync(dir, { recursive: true });
    clock.advanceTo(NOON + 1_100_000);
    accept(KINDS.orderRequest);
    expect(linesOf(join(dir, EVENTS)).map((line) => line["seq"])).toEqual([2]);
    expect(existsSync(join(dir, "data/journal.lock"))).toBe(true);
    await journal.close();
  });
});

describe("a folder that cannot be written", () => {
  it("is one line, and the host goes on", async () => {
    const dir = join(testFolder(), "file");
    writeFileSync(dir, "");
    const { journal, accept, problems } = openJournal({ dir });
    for (let i = 0; i < 100; i++) accept(i % 2 === 0 ? KINDS.orderRequest : KINDS.riskPassed);
    await journal.flush();
    expect(journal.stats()).toMatchObject({ written: 0, pending: 100, late: 50, isFailing: true });
    await journal.close();
    expect(journal.stats()).toMatchObject({ pending: 0, droppedTotal: 100 });
    expect(
      problems.filter((line) => line.includes("data/events") || line.includes("cannot write")).length,
    ).toBeLessThanOrEqual(2);
  });

  it("is one line when only reading is allowed", async ({ skip }) => {
    const dir = testFolder();
    const user = await asOrdinaryUser(dir, async () => {
      chmodSync(dir, 0o500);
      const { journal, accept, problems } = openJournal({ dir, instance: createInstance("a-1") });
      accept(KINDS.decision);
      expect(problems).toEqual([expect.stringMatching(/^journal: cannot write to .* \(EACCES\)/)]);
      await journal.close();
      expect(journal.stats()).toMatchObject({ written: 0, droppedTotal: 1, isFailing: true });
      expect(problems).toHaveLength(1);
      expect(readdirSync(dir)).toEqual([]);
    });
    if (user === undefined) skip("root may write everywhere, and cannot become anybody else here");
  });
});
