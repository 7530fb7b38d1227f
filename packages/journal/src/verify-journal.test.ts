import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createFaultyFileSystem, type Fault } from "../test/faulty-file-system.ts";
import { KINDS, linesOf, NOON, openJournal, REJECT } from "../test/records.ts";
import { verifyJournal } from "./index.ts";

const EVENTS = "data/events/20261120/events.jsonl";

/** Exact, as `@tracebook/decisions` does it: `net = gross - fees - slippage - gas - buffer`. */
function checkEdge(data: Readonly<Record<string, unknown>>): string | undefined {
  const units = (field: string) => BigInt(Math.round(Number(data[field]) * 1e6));
  const net =
    units("gross_edge") - units("fees_est") - units("slippage_est") - units("gas_est") - units("latency_buffer");
  return net === units("net_edge") ? undefined : "the net edge is not what its parts make";
}

/** A clean journal: 40 records in two files, two of the days, a second instance would change nothing. */
async function cleanJournal() {
  const { journal, dir, clock, accept } = openJournal();
  for (let i = 0; i < 40; i++) {
    clock.advanceTo(NOON + i * 600_000_000);
    accept(i % 4 === 0 ? KINDS.riskPassed : KINDS.decision);
  }
  await journal.close();
  return dir;
}

function edit(dir: string, file: string, change: (text: string) => string): void {
  const path = join(dir, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** The script that judges journals without our code, where the project keeps it. */
const SCRIPT = join(
  process.env["TRACEBOOK_SHARED_DIR"] ?? fileURLToPath(new URL("../../../../shared", import.meta.url)),
  "tools/check-journal.py",
);

function pythonSays(dir: string): boolean {
  try {
    execFileSync("python3", [SCRIPT, dir], { stdio: "pipe" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw error;
    return false;
  }
}

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return existsSync(SCRIPT);
  } catch {
    return false;
  }
}

describe("verifying", () => {
  it("finds a journal of the recorder clean and says what is in it", async () => {
    const verdict = await verifyJournal(await cleanJournal(), { checkEdge });
    expect(verdict).toMatchObject({
      clean: true,
      records: 40,
      decisions: 30,
      edges: 30,
      torn: 0,
      problems: [],
      eventTypes: { decision: 30, risk_passed: 10 },
      instances: {
        "a-1": { firstSeq: 1, lastSeq: 40, records: 40, missing: 0, declared: 0, unfinished: 0, duplicates: 0 },
      },
    });
  });

  const withoutLine = (n: number) => (text: string) => text.split("\n").toSpliced(n, 1).join("\n");
  it.each<[string, string, (text: string) => string, Record<string, number>]>([
    ["a line that was taken out", EVENTS, withoutLine(5), { gap: 1 }],
    [
      "a line that is there twice",
      EVENTS,
      (text) => text.replace(/^.*\n/, (line) => line + line),
      { duplicate_seq: 1 },
    ],
    ["a line that is damaged", EVENTS, (text) => text.replace('"event_type"', '"event_type'), { damage: 1 }],
    [
      "an edge that does not add up",
      EVENTS,
      (text) => text.replace('"net_edge":"1.20"', '"net_edge":"1.21"'),
      { wrong_edge: 1 },
    ],
    ["a decision of another kind", EVENTS, (text) => text.replace('"REJECT"', '"MAYBE"'), { wrong_decision: 1 }],
    [
      "a decision without a reason",
      EVENTS,
      (text) => text.replace(/"reason_code":"\w+"/, '"reason_code":""'),
      { wrong_decision: 1 },
    ],
    ["a trace id in capitals", EVENTS, (text) => text.replace("0af7651a", "0AF7651A"), { wrong_id: 1 }],
    ["a span id of zeros", EVENTS, (text) => text.replace("b7ad6b7169203331", "0".repeat(16)), { wrong_id: 1 }],
    ["a timestamp with three digits", EVENTS, (text) => text.replace(/\.000000Z/, ".000Z"), { wrong_timestamp: 1 }],
    [
      "a record in the folder of another day",
      EVENTS,
      (text) => text.replace("2026-11-20T", "2026-11-19T"),
      { wrong_day: 1 },
    ],
    [
      "another instance's number",
      "logs/telemetry.jsonl",
      (text) => text.replace(/"seq":\d+/, '"seq":4000'),
      { gap: 2 },
    ],
  ])("finds %s", async (_name, file, change, expected) => {
    const dir = await cleanJournal();
    edit(dir, file, change);
    const verdict = await verifyJournal(dir, { checkEdge });
    expect(verdict.clean).toBe(false);
    expect(verdict.problemCounts).toMatchObject(
      Object.keys(expected).length === 1 ? { [Object.keys(expected)[0]!]: expect.any(Number) } : expected,
    );
  });

  it("finds an edge check that throws to be a wrong edge, not a crash", async () => {
    const verdict = await verifyJournal(await cleanJournal(), {
      checkEdge: () => {
        throw new Error("no");
      },
    });
    expect(verdict.problemCounts).toEqual({ wrong_edge: 30 });
  });

  it("does not take what a kill -9 leaves for damage: a cut line, and one file that is a batch ahead of the other", async () => {
    const { journal, dir, accept } = openJournal();
    for (let i = 0; i < 20; i++) accept(i % 2 === 0 ? KINDS.decision : KINDS.riskPassed);
    await journal.close();
    edit(dir, "logs/telemetry.jsonl", (text) => text.split("\n").slice(0, 6).join("\n").slice(0, -40));
    const verdict = await verifyJournal(dir, { checkEdge });
    expect(verdict).toMatchObject({ clean: true, torn: 1 });
    expect(verdict.instances["a-1"]).toMatchObject({ missing: 0, unfinished: 4 });
  });

  it("does not take more for declared than was declared", async () => {
    const { journal, dir, accept } = openJournal({ dropBelow: "event" });
    for (let i = 0; i < 20; i++) accept(i % 2 === 0 ? KINDS.decision : KINDS.bookSnapshot);
    await journal.close();
    expect((await verifyJournal(dir)).instances["a-1"]).toMatchObject({ missing: 0, declared: 10 });
    edit(dir, EVENTS, withoutLine(3));
    const verdict = await verifyJournal(dir);
    expect(verdict.problemCounts).toEqual({ gap: 1 });
    expect(verdict.instances["a-1"]!.missing).toBe(1);
  });

  it("finds a declaration that makes no sense", async () => {
    const { journal, dir, accept } = openJournal({ dropBelow: "event" });
    accept(KINDS.decision);
    accept(KINDS.bookSnapshot);
    await journal.close();
    edit(dir, EVENTS, (text) => text.replace('"last_seq":2', '"last_seq":1'));
    expect((await verifyJournal(dir)).problemCounts).toEqual({ wrong_declaration: 1, gap: 1 });
  });
});

describe("the independent check", () => {
  it("agrees", async ({ skip }) => {
    if (!hasPython()) skip("needs python3 and the script");
    const fault: Fault = { code: "ENOSPC", atCall: 3, isPersistent: true, operations: ["write"] };
    const { journal, dir, accept } = openJournal({ fileSystem: createFaultyFileSystem(fault), maxPendingRecords: 40 });
    for (let i = 0; i < 300; i++) {
      accept([KINDS.bookSnapshot, KINDS.riskPassed, KINDS.decision][i % 3]!, i % 3 === 2 ? REJECT : { i });
      if (i === 30) journal.writeSync();
    }
    fault.atCall = Number.POSITIVE_INFINITY;
    await journal.close();
    expect(journal.stats().droppedTotal).toBeGreaterThan(100);
    expect([pythonSays(dir), (await verifyJournal(dir, { checkEdge })).clean]).toEqual([true, true]);

    const clean = await cleanJournal();
    expect([pythonSays(clean), (await verifyJournal(clean, { checkEdge })).clean]).toEqual([true, true]);
    for (const change of [
      (text: string) => text.split("\n").toSpliced(7, 1).join("\n"),
      (text: string) => text.replace('"net_edge":"1.20"', '"net_edge":"1.200001"'),
      (text: string) => text.replace("0af7651a", "0af7651g"),
    ]) {
      const dir = await cleanJournal();
      edit(dir, EVENTS, change);
      expect([pythonSays(dir), (await verifyJournal(dir, { checkEdge })).clean]).toEqual([false, false]);
    }
    expect(linesOf(join(clean, EVENTS)).length).toBeGreaterThan(0);
  });
});
