import fc from "fast-check";
import { expect, test } from "vitest";
import { relativeTicks } from "./relative-ticks.ts";

const texts = (from: number, to: number, most: number) => relativeTicks(from, to, most).map(({ text }) => text);

test("marks are at round numbers of one unit", () => {
  expect(texts(0, 4_200_000, 5)).toEqual(["0 ms", "1 ms", "2 ms", "3 ms", "4 ms"]);
  expect(texts(0, 1_900_000, 4)).toEqual(["0.0 ms", "0.5 ms", "1.0 ms", "1.5 ms"]);
  expect(texts(0, 950, 5)).toEqual(["0 ns", "200 ns", "400 ns", "600 ns", "800 ns"]);
  expect(texts(0, 150e9, 5)).toEqual(["0.0 min", "0.5 min", "1.0 min", "1.5 min", "2.0 min", "2.5 min"]);
});

test("a window that does not begin at the beginning keeps the round numbers", () => {
  expect(texts(1_250_000, 1_750_000, 4)).toEqual(["1400 µs", "1600 µs"]);
});

test("an axis without length has no marks", () => {
  for (const [from, to] of [
    [0, 0],
    [5, 1],
    [0, Number.NaN],
  ] as const)
    expect(relativeTicks(from, to, 5)).toEqual([]);
});

test("marks rise, lie on the axis, and are no more than were asked for, but for the one at the beginning", () => {
  fc.assert(
    fc.property(
      fc.nat(10_000_000),
      fc.integer({ min: 1, max: 10_000_000_000_000 }),
      fc.integer({ min: 1, max: 12 }),
      (from, length, most) => {
        const ticks = relativeTicks(from, from + length, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const [i, { at }] of ticks.entries()) {
          expect(at).toBeGreaterThanOrEqual(from - length * 1e-9);
          expect(at).toBeLessThanOrEqual(from + length * (1 + 1e-9));
          if (i > 0) expect(at).toBeGreaterThan(ticks[i - 1]!.at);
        }
        expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
      },
    ),
  );
});
