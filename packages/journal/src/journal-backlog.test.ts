// What has piled up behind a full disk, or comes faster than it is written: written in pieces, and before an order all of it.
import { join } from "node:path";
import type { Clock } from "@tracebook/core";
import { describe, expect, it } from "vitest";
import { createFaultyFileSystem, type Fault } from "../test/faulty-file-system.ts";
import { createInstance, KINDS, linesOf, NOON, openJournal, until } from "../test/records.ts";
import type { JournalOptions } from "./index.ts";

const EVENTS = "data/events/20261120/events.jsonl";
const TELEMETRY = "logs/telemetry.jsonl";
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Every look at it takes a millisecond, so that a turn may look at it a few times and no more. */
function slowClock(): Clock {
  let nowMs = 0;
  return { nowMs: () => ++nowMs, epochMicros: (ms) => Math.round(NOON + ms * 1000) };
}

/** A journal with `count` records behind a disk that takes nothing, and the way to free it: then the first piece is being written. */
function openBehind(count: number, options: Partial<JournalOptions> = {}) {
  const fault: Fault = { code: "ENOSPC", atCall: Number.POSITIVE_INFINITY, isPersistent: true, operations: ["write"] };
  const fileSystem = createFaultyFileSystem(fault);
  const instance = createInstance("a-1", slowClock());
  const parts = openJournal({ instance, fileSystem, flushIntervalMs: 1, ...options });
  fault.atCall = 0;
  for (let i = 0; i < count; i++) parts.accept(i % 4 === 0 ? KINDS.riskPassed : KINDS.decision, { i });
  return {
    ...parts,
    async free() {
      // A try that fails first: later ones come by the clock.
      parts.journal.writeSync();
      fault.atCall = Number.POSITIVE_INFINITY;
      await until(() => parts.journal.stats().written > 0);
    },
  };
}

const seqsIn = (dir: string, file: string) => linesOf(join(dir, file)).map((line) => Number(line["seq"]));
const inOrder = (seqs: readonly number[]) => seqs.every((seq, i) => i === 0 || seqs[i - 1]! < seq);

describe("a backlog on a disk that works again", () => {
  it("is written in pieces, one a turn of the event loop, in order and to the end", async () => {
    const { journal, dir, free } = openBehind(8_000);
    await free();
    const written = [journal.stats().written];
    while (journal.stats().pending > 0) {
      await turn();
      written.push(journal.stats().written);
    }
    const grown = written.slice(1).map((count, i) => count - written[i]!);
    // Two files, and for each three or four pieces of at most 256 records before the clock has moved on far enough.
    expect(Math.max(...grown, written[0]!)).toBeLessThanOrEqual(2_048);
    expect(written.at(-1)).toBe(8_000);
    expect([seqsIn(dir, EVENTS).length, seqsIn(dir, TELEMETRY).length]).toEqual([6_000, 2_000]);
    expect([EVENTS, TELEMETRY].map((file) => inOrder(seqsIn(dir, file)))).toEqual([true, true]);
  });

  it("is written whole before an order: it is on disk when the call returns, and all before it", async () => {
    const { journal, dir, accept, free, instance } = openBehind(8_000);
    await free();
    expect(journal.stats().pending).toBeGreaterThan(1_000);
    accept(KINDS.orderRequest);
    expect(journal.stats()).toMatchObject({ pending: 0, late: 0, written: 8_001 });
    const seqs = [...seqsIn(dir, EVENTS), ...seqsIn(dir, TELEMETRY)].sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: instance.lastSeq }, (_, i) => i + 1));
    expect(seqsIn(dir, EVENTS).at(-1)).toBe(instance.lastSeq);
  });

  it.each([
    ["writeSync", (journal: ReturnType<typeof openBehind>["journal"]) => journal.writeSync()],
    ["flush", (journal: ReturnType<typeof openBehind>["journal"]) => void journal.flush()],
    ["close", (journal: ReturnType<typeof openBehind>["journal"]) => void journal.close()],
  ])("is written whole by %s, before it returns", async (_name, call) => {
    const { journal, free } = openBehind(8_000);
    await free();
    expect(journal.stats().pending).toBeGreaterThan(1_000);
    call(journal);
    expect(journal.stats()).toMatchObject({ pending: 0, written: 8_000 });
  });

  it("loses nothing to a burst that would have found room without it", async () => {
    const { journal, accept, free } = openBehind(4_096, { maxPendingRecords: 4_096 });
    await free();
    const { droppedTotal } = journal.stats();
    expect(journal.stats().pending).toBeGreaterThan(1_000);
    for (let i = 0; i < 4_096; i++) accept(KINDS.bookSnapshot);
    await journal.flush();
    expect(journal.stats()).toMatchObject({ pending: 0, droppedTotal, accepted: 8_192 });
  });
});

describe("a producer that emits more in a turn than a piece of a backlog", () => {
  it("is kept up with: nothing waits longer than it did, and nothing is dropped", async () => {
    const { journal, accept } = openJournal({ instance: createInstance("a-1", slowClock()), maxPendingRecords: 8_192 });
    const waiting: number[] = [];
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 5_000; i++) accept(KINDS.bookSnapshot);
      await turn();
      waiting.push(journal.stats().pending);
    }
    expect(waiting).toEqual(new Array(20).fill(0));
    expect(journal.stats()).toMatchObject({ written: 100_000, droppedTotal: 0 });
  });
});
