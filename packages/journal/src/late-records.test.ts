import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFaultyFileSystem, type Fault } from "../test/faulty-file-system.ts";
import { KINDS, NOON, openJournal } from "../test/records.ts";

const EVENTS = "data/events/20261120/events.jsonl";
const isLate = (line: string) => line.includes("order request");

/** A journal on a disk that can be filled and freed. */
function smallDisk() {
  const fault: Fault = { code: "ENOSPC", atCall: Number.POSITIVE_INFINITY, isPersistent: true, operations: ["write"] };
  const fileSystem = createFaultyFileSystem(fault);
  const parts = openJournal({ fileSystem });
  let ms = 0;
  return {
    ...parts,
    fill: () => {
      fault.atCall = 0;
    },
    free: () => {
      fault.atCall = Number.POSITIVE_INFINITY;
    },
    /** Room for so many more writes. */
    takeWrites: (count: number) => {
      fault.atCall = fileSystem.calls + count + 1;
    },
    /** Beyond the longest wait for the next try. */
    pass: () => {
      ms += 10_000;
      parts.clock.advanceTo(NOON + ms * 1000);
    },
    sendOrders: (count: number) => {
      for (let i = 0; i < count; i++) parts.accept(KINDS.orderRequest);
    },
    late: () => parts.problems.filter(isLate),
  };
}

describe("orders that go out while the disk is full", () => {
  it("are told of at the first, with where and what to do, and once more when all are on disk: not once an order", async () => {
    const { dir, journal, fill, free, pass, sendOrders, late, problems } = smallDisk();
    sendOrders(2);
    fill();
    sendOrders(500);
    pass();
    sendOrders(500);
    await journal.flush();
    expect(late()).toEqual([
      `journal: order request 3 went out before being on disk, and so will others (ENOSPC: ${join(dir, EVENTS)}): ` +
        "make it writable again, or send no orders until it is",
    ]);
    free();
    await journal.flush();
    expect(late().slice(1)).toEqual([
      "journal: 1000 order requests went out before being on disk; all of them are on disk now",
    ]);
    sendOrders(100);
    await journal.close();
    expect(problems).toHaveLength(4);
    expect(journal.stats()).toMatchObject({ late: 1000, written: 1102 });
  });

  it("are told of anew, and counted anew, with every failure", () => {
    const { fill, free, pass, sendOrders, late, journal } = smallDisk();
    for (const count of [3, 1]) {
      fill();
      sendOrders(count);
      free();
      pass();
      // The order that finds the disk working again writes those before it.
      sendOrders(1);
    }
    expect(late()).toEqual([
      expect.stringContaining("order request 1 went out before being on disk"),
      "journal: 3 order requests went out before being on disk; all of them are on disk now",
      expect.stringContaining("order request 5 went out before being on disk"),
      "journal: 1 order request went out before being on disk; all of them are on disk now",
    ]);
    expect(journal.stats().late).toBe(4);
  });

  it("are one failure for as long as one of them waits, however often the disk takes a little and is full again", async () => {
    const { journal, accept, fill, takeWrites, free, problems, late } = smallDisk();
    fill();
    for (let i = 0; i < 2_000; i++) accept(i % 2 === 0 ? KINDS.decision : KINDS.orderRequest);
    for (let round = 0; round < 3; round++) {
      takeWrites(1);
      journal.writeSync();
    }
    expect(journal.stats().pending).toBeGreaterThan(0);
    expect(problems.filter((line) => line.includes("writing again"))).toHaveLength(3);
    expect(late()).toHaveLength(1);
    free();
    await journal.close();
    expect(late()).toEqual([expect.anything(), expect.stringMatching(/^journal: 1000 order requests .* all of them/)]);
  });

  it("that are lost with the memory they waited in are told of as dropped", async () => {
    const { fill, sendOrders, late, journal } = smallDisk();
    fill();
    sendOrders(7);
    await journal.close();
    expect(late()[1]).toBe("journal: 7 order requests went out before being on disk; 7 of them were dropped");
    expect(late()).toHaveLength(2);
  });

  it("are not told of when there are none: a disk that fails is a line of its own", async () => {
    const { fill, free, accept, journal, problems } = smallDisk();
    fill();
    accept(KINDS.decision);
    await journal.flush();
    free();
    await journal.close();
    expect(problems).toEqual([expect.stringMatching(/cannot write to/), expect.stringMatching(/writing again/)]);
    expect(journal.stats().late).toBe(0);
  });
});

describe("orders that go out while the disk works, and are not on it", () => {
  it("are one line for good when the journal is closed", async () => {
    const { journal, sendOrders, problems } = smallDisk();
    await journal.close();
    sendOrders(5);
    expect(problems).toEqual([
      "journal: order request 1 went out after the journal was closed, and is not on record: end trading first",
    ]);
    expect(journal.stats()).toMatchObject({ late: 5, droppedTotal: 5 });
  });

  it("are one line for good when their record cannot be encoded, and no loss of a later failure", async () => {
    const { journal, accept, fill, free, sendOrders, problems, late } = smallDisk();
    for (let i = 0; i < 3; i++) accept(KINDS.orderRequest, {}, { timeMs: Symbol("hostile") as never });
    expect(problems).toEqual([expect.stringMatching(/^journal: order request 1 was not taken before it went out/)]);
    expect(journal.stats()).toMatchObject({ late: 3, dropped: { evidence: { internal_error: 3 } } });
    fill();
    sendOrders(1);
    free();
    await journal.close();
    expect(late().at(-1)).toBe("journal: 1 order request went out before being on disk; all of them are on disk now");
  });
});
