import fc from "fast-check";
import { expect, test } from "vitest";
import { boundaryText, layOutHistogram } from "./histogram-layout.ts";

test("zero is on the axis also when all bins are below it", () => {
  const { shareOf, bars } = layOutHistogram([{ from: -3, accepted: 0, rejected: 5 }], 0.5);
  expect(shareOf(0)).toBe(1);
  expect(bars[0]).toMatchObject({ left: 0, to: -2.5, rejectedHeight: 1, acceptedHeight: 0 });
});

test("the tallest bin has the full height, of both parts together", () => {
  const { bars, most } = layOutHistogram(
    [
      { from: -1, accepted: 0, rejected: 5 },
      { from: 0, accepted: 15, rejected: 5 },
    ],
    1,
  );
  expect(most).toBe(20);
  expect(bars[1]).toMatchObject({ acceptedHeight: 0.75, rejectedHeight: 0.25, left: 0.5, width: 0.5 });
});

test("ticks are round numbers, and zero is one of them", () => {
  const { ticks } = layOutHistogram(
    [
      { from: -1.3, accepted: 0, rejected: 1 },
      { from: 0.6, accepted: 1, rejected: 0 },
    ],
    0.1,
  );
  expect(ticks.map(({ value }) => value)).toEqual([-1, -0.5, 0, 0.5]);
});

test("a boundary has the places of the width, and no negative zero", () => {
  expect(boundaryText(-0.3, 0.05)).toBe("\u22120.30");
  expect(boundaryText(-0.0001, 0.1)).toBe("0.0");
  expect(boundaryText(25, 5)).toBe("25");
  expect(boundaryText(Number.NaN, 1)).toBe("–");
  expect(boundaryText(2e300, 1e299)).toBe("2.0e+300");
});

test("whatever the bins are, everything is within the chart", () => {
  const bin = fc.record({
    from: fc.double(),
    accepted: fc.nat({ max: 1e9 }),
    rejected: fc.nat({ max: 1e9 }),
  });
  fc.assert(
    fc.property(fc.array(bin, { maxLength: 20 }), fc.double(), (bins, width) => {
      const { bars, ticks } = layOutHistogram(bins, width);
      for (const bar of bars) {
        expect(bar.left).toBeGreaterThanOrEqual(0);
        expect(bar.left + bar.width).toBeLessThanOrEqual(1 + 1e-9);
        expect(bar.acceptedHeight + bar.rejectedHeight).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(ticks.length).toBeLessThanOrEqual(10);
      for (const { at } of ticks) expect(at).toBeGreaterThanOrEqual(0);
    }),
  );
});
