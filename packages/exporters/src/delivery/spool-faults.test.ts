// A spool on disks that misbehave: full, forbidden, taken away, out of descriptors. Nothing throws, all is counted, and it recovers.
import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  bytesOnDisk,
  deadFolder,
  drainSpool,
  EVIDENCE,
  filesBelow,
  killOwners,
  LOGS,
  openSpool,
  requestOf,
  TRACES,
  testFolder,
} from "../../test/spools.ts";
import { OWNER_BEAT_MS } from "./spool-owner.ts";

/** Writes into `path` until the disk takes nothing more. */
function fillDisk(path: string): void {
  const fd = openSync(path, "w");
  try {
    for (const piece of [Buffer.alloc(65_536), Buffer.alloc(4_096)])
      try {
        for (;;) writeSync(fd, piece);
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
      }
  } finally {
    closeSync(fd);
  }
}

/** Who owns nothing, on Linux and macOS as far as numbers go. */
const NOBODY = 65_534;

/** Runs `work` as somebody whom permissions stop; false where that cannot be. */
async function asOrdinaryUser(dir: string, work: () => Promise<void>): Promise<boolean> {
  if (process.geteuid?.() !== 0) {
    await work();
    return true;
  }
  try {
    chownSync(dir, NOBODY, NOBODY);
    process.seteuid?.(NOBODY);
  } catch {
    return false;
  }
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
  return true;
}

describe("a disk that is full and comes back", () => {
  it("loses nothing that was written, tears nothing, makes room for evidence, and takes more afterwards", async ({
    skip,
  }) => {
    const dir = testFolder();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir], { stdio: "ignore" });
    } catch {
      skip("mounting a tmpfs needs root");
    }
    onTestFinished(() => void execFileSync("umount", ["-l", dir]));
    const { spool, dropped, problems } = openSpool(join(dir, "spool"), { maxBytes: 8 * 1_048_576 });
    const traces: string[] = [];
    for (let i = 0; ; i++) {
      const text = `trace ${i}`.padEnd(30_000);
      if (!(await spool.append(TRACES, requestOf(text, 2)))) break;
      traces.push(text);
      if (i === 20) fillDisk(join(dir, "filler"));
    }
    expect(new Set(problems)).toEqual(new Set(["ENOSPC"]));
    // A refused request leaves nothing behind.
    expect(bytesOnDisk(dir)).toBe(spool.bytes);
    expect(await spool.append(LOGS, requestOf("log".padEnd(30_000), 1))).toBe(false);
    expect(spool.appendSync(LOGS, [requestOf("log".padEnd(30_000), 1)], "back")).toBe(0);
    expect(dropped).toEqual({});

    expect(await spool.append(EVIDENCE, requestOf("decision".padEnd(30_000), 1))).toBe(true);
    const afterFirst = { ...dropped };
    expect(afterFirst["traces-ordinary spool_full"]).toBeGreaterThan(0);
    fillDisk(join(dir, "filler-2"));
    expect(spool.appendSync(EVIDENCE, [requestOf("order".padEnd(60_000), 1)], "back")).toBe(1);
    expect(Object.keys(dropped)).toEqual(["traces-ordinary spool_full"]);

    rmSync(join(dir, "filler"));
    rmSync(join(dir, "filler-2"));
    expect(await spool.append(TRACES, requestOf("after", 2))).toBe(true);
    const kept = await drainSpool(spool, TRACES);
    expect(kept).toEqual([...traces.slice(traces.length - kept.length + 1), "after"]);
    expect(dropped["traces-ordinary spool_full"]).toBe(2 * (traces.length + 1 - kept.length));
    expect((await drainSpool(spool, EVIDENCE)).map((text) => String(text).trim())).toEqual(["decision", "order"]);
  });
});

describe("a disk that is full, and on which others take whatever becomes free", () => {
  it("keeps the place of ordinary requests for evidence, until there are none", async ({ skip }) => {
    const dir = testFolder();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir], { stdio: "ignore" });
    } catch {
      skip("mounting a tmpfs needs root");
    }
    onTestFinished(() => void execFileSync("umount", ["-l", dir]));
    const spoolDir = join(dir, "spool");
    const { spool, dropped } = openSpool(spoolDir, { maxBytes: 8 * 1_048_576 });
    let traces = 0;
    while (traces < 40 && (await spool.append(TRACES, requestOf("trace".padEnd(30_000), 1)))) traces++;
    // The oldest is being sent, cannot be, and is left for later: it is no more in the way than the others.
    spool.putBack((await spool.first(TRACES))!);
    let fillers = 0;
    const others = (): void => fillDisk(join(dir, `filler-${fillers++}`));
    others();
    const decisions: string[] = [];
    for (;;) {
      const text = `decision ${decisions.length}`.padEnd(9_000);
      if (!(await spool.append(EVIDENCE, requestOf(text, 1)))) break;
      decisions.push(text);
      others();
    }
    // Nearly all of it: what is smaller than a request at the end of a file stays unused.
    expect(decisions.length * 9_000).toBeGreaterThan(0.9 * traces * 30_000);
    expect(dropped).toEqual({ "traces-ordinary spool_full": traces });
    expect(bytesOnDisk(spoolDir)).toBe(spool.bytes);
    expect(await spool.append(TRACES, requestOf("trace", 1))).toBe(false);

    killOwners(spoolDir);
    for (let i = 0; i < fillers; i++) rmSync(join(dir, `filler-${i}`));
    const next = openSpool(spoolDir, { maxBytes: 8 * 1_048_576 });
    await next.spool.adopt();
    expect(next.restored).toEqual({ "logs-evidence": decisions.length });
    expect(await drainSpool(next.spool, EVIDENCE)).toEqual(decisions);
    expect(next.dropped).toEqual({});
  });
});

describe("a folder that may not be written", () => {
  it("is a problem and no more; when it may be written again, it is", async ({ skip }) => {
    const dir = testFolder();
    const { spool, problems } = openSpool(join(dir, "spool"));
    const done = await asOrdinaryUser(dir, async () => {
      chmodSync(dir, 0o500);
      expect(await spool.append(TRACES, requestOf("one"))).toBe(false);
      expect(spool.appendSync(TRACES, [requestOf("two")], "back")).toBe(0);
      await spool.adopt();
      expect(problems).toEqual(["EACCES", "EACCES"]);
      chmodSync(dir, 0o700);
      expect(await spool.append(TRACES, requestOf("three"))).toBe(true);
    });
    if (!done) skip("root may write everywhere, and cannot become anybody else here");
    expect(await drainSpool(spool, TRACES)).toEqual(["three"]);
  });

  it("that is a file is a problem, too", async () => {
    const dir = testFolder();
    writeFileSync(join(dir, "spool"), "by a person");
    const { spool, problems } = openSpool(join(dir, "spool"));
    await spool.adopt();
    expect(await spool.append(TRACES, requestOf("one"))).toBe(false);
    expect(problems).toHaveLength(1);
  });
});

describe("a folder that somebody removes", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is made anew within a beat; what was in it is delivered as far as it is open, and else counted", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const dir = testFolder();
    const { spool } = openSpool(dir);
    await spool.append(TRACES, requestOf("open", 3));
    spool.appendSync(LOGS, [requestOf("closed", 2)], "back");
    for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true });
    vi.advanceTimersByTime(OWNER_BEAT_MS);
    expect(await spool.append(TRACES, requestOf("after"))).toBe(true);
    expect(await spool.append(LOGS, requestOf("a log after"))).toBe(true);
    expect(filesBelow(dir)).toHaveLength(3);
    expect(await drainSpool(spool, TRACES)).toEqual(["open", "after"]);
    expect(await drainSpool(spool, LOGS)).toEqual([2, "a log after"]);
  });

  it("before the beat is a problem of one request at most, which whoever gave it still has", async () => {
    const dir = testFolder();
    const { spool, problems } = openSpool(dir);
    spool.appendSync(TRACES, [requestOf("closed", 2)], "back");
    rmSync(dir, { recursive: true });
    mkdirSync(dir);
    expect(await spool.append(TRACES, requestOf("not now"))).toBe(false);
    expect(problems).toEqual(["ENOENT"]);
    expect(await spool.append(TRACES, requestOf("now"))).toBe(true);
    expect(await drainSpool(spool, TRACES)).toEqual([2, "now"]);
  });
});

describe("a process without descriptors to spare", () => {
  it("loses nothing by it: what cannot be read now is read later", async () => {
    const dir = testFolder();
    const { spool } = openSpool(dir);
    for (const text of ["one", "two"]) await spool.append(TRACES, requestOf(text, 1, Date.now()));
    await spool.close();
    deadFolder(dir, readdirSync(dir)[0]);
    const modules = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
    const program = `
      import { closeSync, openSync } from "node:fs";
      import { createSpool } from ${modules("./spool.ts")};
      const lane = { signal: "traces", recordClass: "ordinary" };
      const seen = { dropped: 0, restored: 0, problems: [], texts: [], refused: 0 };
      const spool = createSpool({ dir: ${JSON.stringify(dir)}, maxBytes: 1e6, maxAgeMs: 1e9, takes: () => true,
        onDrop: (_, __, items) => { seen.dropped += items; }, onRestored: (_, items) => { seen.restored += items; },
        onProblem: (error) => seen.problems.push(error.code) });
      const taken = [];
      const takeAll = () => { try { for (;;) taken.push(openSync("/dev/null", "r")); } catch {} };
      const free = () => { for (const fd of taken.splice(0)) closeSync(fd); };
      takeAll();
      await spool.adopt();
      free();
      await spool.adopt();
      takeAll();
      if ((await spool.first(lane)) === undefined && spool.stats(lane).items === 2) seen.refused++;
      if (!(await spool.append({ signal: "logs", recordClass: "ordinary" }, { bytes: Buffer.from("x"), format: "json", items: 1, bornEpochMs: Date.now() }))) seen.refused++;
      free();
      for (let one = await spool.first(lane); one; one = await spool.first(lane)) {
        seen.texts.push(Buffer.from(one.request.bytes).toString());
        await spool.done(lane, one);
      }
      await spool.close();
      process.stdout.write(JSON.stringify(seen));
    `;
    const node = [process.execPath, "--conditions=@tracebook/source", "--input-type=module", "-e", program];
    const quoted = node.map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(" ");
    const { stdout } = await promisify(execFile)("sh", ["-c", `ulimit -n 128; exec ${quoted}`], { timeout: 20_000 });
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ dropped: 0, restored: 2, texts: ["one", "two"], refused: 2 });
    expect(new Set(seen.problems)).toEqual(new Set(["EMFILE"]));
    expect(filesBelow(dir)).toEqual([]);
  });
});
