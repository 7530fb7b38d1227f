import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { collect, filesIn, testFolder } from "../test/records.ts";
import { createReadReport, readJournal, verifyJournal } from "./index.ts";

const WRITER = fileURLToPath(new URL("../test/writer-process.ts", import.meta.url));
const WORKER = new URL("../test/worker-thread.ts", import.meta.url);
const EXEC = ["--conditions=@tracebook/source", "--no-warnings"];

interface Writer {
  readonly child: ChildProcess;
  /** Numbers of order requests that `accept` had returned for. */
  readonly promised: number[];
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

function startWriter(dir: string, instanceId: string, count: number): Writer {
  const child = spawn(process.execPath, [...EXEC, WRITER, dir, instanceId, String(count)], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const promised: number[] = [];
  let text = "";
  let stderr = "";
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdio[3]!.on("data", (chunk) => {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop()!;
    for (const line of lines) promised.push(Number(line));
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, stderr })),
  );
  return { child, promised, ended };
}

/** Every line of every file, whole and parsed; throws for one that is not JSON. */
function allLines(dir: string): Record<string, unknown>[] {
  return filesIn(dir).flatMap((file) => {
    const lines = readFileSync(join(dir, file), "utf8").split("\n");
    expect(lines.pop()).toBe("");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  });
}

describe("several writers of one folder", () => {
  it("four processes at once: a file each, every line whole, no number lost", async () => {
    const dir = testFolder();
    const writers = ["p-1", "p-2", "p-3", "p-4"].map((id) => startWriter(dir, id, 300));
    for (const { code, stderr } of await Promise.all(writers.map((writer) => writer.ended)))
      expect([code, stderr]).toEqual([0, ""]);
    expect(allLines(dir)).toHaveLength(4 * 300 * 6);
    for (const file of filesIn(dir)) {
      const ids = new Set(readFileSync(join(dir, file), "utf8").match(/"instance_id":"[^"]+"/g));
      // The plain name may pass to a process that starts after its first owner ended.
      if (/\.p-\d\.jsonl$/.test(file)) expect(ids.size).toBe(1);
    }
    const verdict = await verifyJournal(dir);
    expect(verdict).toMatchObject({ clean: true, records: 7_200, torn: 0 });
    expect(Object.keys(verdict.instances).sort()).toEqual(["p-1", "p-2", "p-3", "p-4"]);
    expect(readdirSync(join(dir, "data")).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  it("worker threads with the same instance id: a file each, no line torn", async () => {
    const dir = testFolder();
    const workers = [1, 2, 3, 4].map(() => new Worker(WORKER, { workerData: { dir }, execArgv: EXEC }));
    const codes = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on("exit", resolve))));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(allLines(dir)).toHaveLength(2_000);
  });
});

describe("kill -9", () => {
  it("20 times: every promised record is on disk, at most the last line is cut, and the next start is clean", async () => {
    const dir = testFolder();
    let records = 0;
    for (let run = 0; run < 20; run++) {
      const writer = startWriter(dir, `run-${run}`, 1_000_000);
      const enough = 1 + ((run * 37) % 200);
      await new Promise<void>((resolve) =>
        writer.child.stdio[3]!.on("data", () => writer.promised.length > enough && resolve()),
      );
      writer.child.kill("SIGKILL");
      const { stderr } = await writer.ended;
      expect(stderr).toBe("");
      const report = createReadReport();
      const seqs = new Set(
        (await collect(readJournal(dir, { instanceId: `run-${run}`, report }))).map((record) => record.seq),
      );
      expect(writer.promised.filter((seq) => !seqs.has(seq))).toEqual([]);
      // A kill may cut a write between two pages; what it cuts is one line, and no promised one. At most one in each of the two files.
      expect(Object.keys(report.byReason).filter((reason) => reason !== "torn")).toEqual([]);
      expect(report.skippedCount).toBeLessThanOrEqual(2 * (run + 1));
      expect(seqs.size).toBeGreaterThan(0);
      records += seqs.size;
    }
    const verdict = await verifyJournal(dir);
    expect(verdict.problems).toEqual([]);
    expect(verdict.records).toBe(records);
    // The lock died with its process each time: all of them had the plain names.
    expect(filesIn(dir)).toHaveLength(2);
    expect(existsSync(join(dir, "data/journal.lock"))).toBe(true);
  });
});
