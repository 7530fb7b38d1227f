import fc from "fast-check";
import { expect, it } from "vitest";
import { DropLedger } from "./drop-ledger.ts";

const dropped = fc
  .uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 300 })
  .map((seqs) => seqs.sort((a, b) => a - b));

it("declares every dropped number, and as many as were dropped", () => {
  fc.assert(
    fc.property(dropped, (seqs) => {
      const ledger = new DropLedger();
      for (const seq of seqs) ledger.add(seq, seq % 3 === 0 ? "market" : "event", "queue_full");
      const ranges = ledger.take();
      expect(ranges.reduce((sum, range) => sum + range.count, 0)).toBe(seqs.length);
      expect(ranges.length).toBeLessThanOrEqual(128);
      for (const seq of seqs) expect(ranges.some((range) => range.firstSeq <= seq && seq <= range.lastSeq)).toBe(true);
      expect(ledger.isEmpty).toBe(true);
      expect(ledger.take()).toEqual([]);
    }),
  );
});

it("declares exact ranges while they are few", () => {
  const ledger = new DropLedger();
  for (const seq of [3, 4, 5, 9, 11, 12]) ledger.add(seq, "market", "queue_full");
  ledger.add(6, "event", "queue_full");
  expect(
    ledger.take().map(({ firstSeq, lastSeq, count, recordClass }) => [firstSeq, lastSeq, count, recordClass]),
  ).toEqual([
    [3, 5, 3, "market"],
    [6, 6, 1, "event"],
    [9, 9, 1, "market"],
    [11, 12, 2, "market"],
  ]);
});
