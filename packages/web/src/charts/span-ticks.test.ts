import { expect, test } from "vitest";
import { distinctTicks } from "./span-ticks.ts";

const tick = (at: number, isError = false) => ({ at, isError });

test("of marks that fall on the same place one is drawn, and an error is never hidden", () => {
  const ticks = [tick(0), tick(1), tick(2, true), tick(500)];
  expect(distinctTicks(ticks, { from: 0, to: 1_000 })).toEqual([tick(2, true), tick(500)]);
});

test("ten thousand marks are no more than there is room for", () => {
  const ticks = Array.from({ length: 10_000 }, (_, i) => tick(i));
  expect(distinctTicks(ticks, { from: 0, to: 10_000 }).length).toBe(300);
});

test("what is outside the window is not drawn", () => {
  expect(distinctTicks([tick(-5), tick(5), tick(50)], { from: 0, to: 10 })).toEqual([tick(5)]);
});
