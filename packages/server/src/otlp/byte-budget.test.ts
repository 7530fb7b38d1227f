import { expect, test } from "vitest";
import { BudgetShare, ByteBudget } from "./byte-budget.ts";

const KIB = 1_024;

test("large requests leave room for small ones, and nobody takes more than there is", () => {
  const budget = new ByteBudget(1_000 * KIB, 400 * KIB);
  const large = new BudgetShare(budget);
  // Piece by piece, as it comes: nobody knows at the first that it will be large.
  const taken = Array.from({ length: 10 }, () => large.take(100 * KIB));
  expect(taken).toEqual([true, true, true, true, true, true, false, false, false, false]);
  expect(new BudgetShare(budget).take(300 * KIB)).toBe(false);
  expect([budget.has(300 * KIB), budget.has(200 * KIB)]).toEqual([false, true]);
  const small = [new BudgetShare(budget), new BudgetShare(budget), new BudgetShare(budget)];
  expect(small.map((share) => share.take(200 * KIB))).toEqual([true, true, false]);
  large.release();
  expect(small[2]?.take(200 * KIB)).toBe(true);
  for (const share of small) share.release();
  expect(budget.used).toBe(0);
});

test("what was released twice is given back once", () => {
  const budget = new ByteBudget(1_000 * KIB, 0);
  const [one, other] = [new BudgetShare(budget), new BudgetShare(budget)];
  one.take(500 * KIB);
  other.take(500 * KIB);
  one.release();
  one.release();
  expect(budget.used).toBe(500 * KIB);
});
