import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFaultyFileSystem, type Fault } from "../test/faulty-file-system.ts";
import { collect, KINDS, openJournal } from "../test/records.ts";
import { readJournal, verifyJournal } from "./index.ts";

const KIND_LIST = [KINDS.decision, KINDS.signal, KINDS.bookSnapshot, KINDS.riskPassed, KINDS.orderRequest] as const;

function brokenDisk() {
  const fault: Fault = { code: "ENOSPC", atCall: 1, isPersistent: true, operations: ["write"] };
  return { fault, fileSystem: createFaultyFileSystem(fault) };
}

describe("a journal whose disk takes nothing", () => {
  it("loses the lowest class first, and declares exactly the numbers that are missing", async () => {
    const steps = fc.array(fc.nat({ max: KIND_LIST.length - 1 }), { minLength: 30, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(steps, async (kinds) => {
        const { fault, fileSystem } = brokenDisk();
        const { journal, dir, accept, instance, problems } = openJournal({ fileSystem, maxPendingRecords: 24 });
        for (const kind of kinds) accept(KIND_LIST[kind]!);
        const emitted = instance.lastSeq;
        const full = journal.stats();
        expect(full.pending - full.declared).toBeLessThanOrEqual(24);
        expect(full.accepted + full.declared).toBe(full.pending + full.droppedTotal);
        fault.atCall = Number.POSITIVE_INFINITY;
        await journal.close();

        const stats = journal.stats();
        expect(stats.accepted + stats.declared).toBe(stats.written + stats.droppedTotal);
        const records = await collect(readJournal(dir));
        const there = new Set(records.map((record) => record.seq));
        const missing = Array.from({ length: emitted }, (_, i) => i + 1).filter((seq) => !there.has(seq)).length;
        expect(missing).toBe(stats.droppedTotal);
        const verdict = await verifyJournal(dir);
        expect(verdict.problemCounts["gap"] ?? 0).toBe(0);
        expect(verdict.instances["a-1"]).toMatchObject({ missing: 0, declared: missing, duplicates: 0 });
        expect(problems.filter((line) => line.includes("cannot write")).length).toBeLessThanOrEqual(3);

        // Lowest class first: while a market or other event waits, no evidence is lost.
        const kept = records.filter((record) =>
          ["orderbook_snapshot", "signal", "risk_passed"].includes(record.event_type),
        );
        const lost = Object.values(stats.dropped.evidence).reduce((sum, count) => sum + count, 0);
        if (kept.length > 0) expect(lost).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it("writes a burst of evidence itself rather than losing it, while the disk works", async () => {
    const { journal, dir, accept } = openJournal({
      maxPendingRecords: 16,
      flushIntervalMs: 60_000,
      bufferSize: 65_536,
    });
    for (let i = 0; i < 1_000; i++) accept(KINDS.decision);
    await journal.close();
    expect(journal.stats()).toMatchObject({ written: 1_000, droppedTotal: 0 });
    expect((await verifyJournal(dir)).instances["a-1"]).toMatchObject({ records: 1_000, missing: 0 });
  });
});
