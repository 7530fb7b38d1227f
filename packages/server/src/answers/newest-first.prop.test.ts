import fc from "fast-check";
import { expect, test } from "vitest";
import { readNewestFirst } from "./newest-first.ts";

const never = { isSpent: () => false };

/** Records of few moments, newest first, as a store has them. */
const records = fc
  .array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 })
  .map((moments) => moments.sort((a, b) => b - a).map((moment, id) => ({ id, time: `t${moment}` })));

function readerOf(all: readonly { readonly id: number; readonly time: string }[], most: number, pageSize: number) {
  return {
    read: (endTime: string | undefined, limit: number, offset: number) =>
      Promise.resolve(all.filter(({ time }) => endTime === undefined || time <= endTime).slice(offset, offset + limit)),
    timeOf: ({ time }: { readonly time: string }) => time,
    endTime: undefined,
    most,
    pageSize,
  };
}

test("every record comes once and in order, however many share a moment and however large a page is", async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 1, max: 7 }), async (all, pageSize) => {
      const taken: number[] = [];
      const back = await readNewestFirst(readerOf(all, 1_000, pageSize), never, ({ id }) => taken.push(id));
      expect(taken).toEqual(all.map(({ id }) => id));
      expect(back).toBe(null);
    }),
  );
});

test("no more than so many are looked at, and it says how far that was", async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 1, max: 40 }), async (all, most) => {
      const taken: number[] = [];
      const back = await readNewestFirst(readerOf(all, most, 3), never, ({ id }) => taken.push(id));
      expect(taken).toEqual(all.slice(0, most).map(({ id }) => id));
      if (all.length >= most) expect(back).toBe(all[most - 1]?.time);
      else expect(back).toBe(null);
    }),
  );
});

test("the time that is used up ends it after a page", async () => {
  const all = [3, 2, 1].map((moment, id) => ({ id, time: `t${moment}` }));
  const taken: number[] = [];
  const back = await readNewestFirst(readerOf(all, 100, 2), { isSpent: () => true }, ({ id }) => taken.push(id));
  expect([taken, back]).toEqual([[0, 1], "t2"]);
});
