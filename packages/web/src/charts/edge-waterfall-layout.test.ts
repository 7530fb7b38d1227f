import fc from "fast-check";
import { expect, test } from "vitest";
import { layOutWaterfall, type WaterfallStep } from "./edge-waterfall-layout.ts";

const EDGE: readonly WaterfallStep[] = [
  { kind: "start", amount: "4.10" },
  { kind: "cost", amount: "2.00" },
  { kind: "cost", amount: "0.60" },
  { kind: "result", amount: "1.50" },
];

test("a cost hangs where the one before it ended, and the result begins at zero", () => {
  const { bars, zero } = layOutWaterfall(EDGE, "1.50");
  expect(bars[0]?.from).toBe(zero);
  expect(bars[1]?.from).toBe(bars[0]?.to);
  expect(bars[2]?.from).toBe(bars[1]?.to);
  expect(bars[3]?.from).toBe(zero);
  expect(bars[3]?.to).toBeCloseTo(bars[2]?.to ?? Number.NaN, 12);
});

test("the line of a threshold that the result just reaches stands at the end of its bar", () => {
  const { bars, line } = layOutWaterfall(EDGE, "1.50");
  expect(line).toBe(bars[3]?.to);
});

test("a rebate goes the other way", () => {
  const { bars } = layOutWaterfall(
    [
      { kind: "start", amount: "1" },
      { kind: "cost", amount: "-0.5" },
    ],
    undefined,
  );
  expect(bars[1]?.to).toBeGreaterThan(bars[1]?.from ?? Number.NaN);
});

test("after an amount that is no decimal the costs have no bars, and the result still has its own", () => {
  const { bars, line } = layOutWaterfall(
    [
      { kind: "start", amount: "4.10" },
      { kind: "cost", amount: "two" },
      { kind: "cost", amount: "0.60" },
      { kind: "result", amount: "1.50" },
    ],
    null,
  );
  expect(bars.map((bar) => bar !== undefined)).toEqual([true, false, false, true]);
  expect(line).toBeUndefined();
});

test("what would be otherwise is drawn on the same scale, and only where it differs", () => {
  expect(layOutWaterfall(EDGE, "1").otherBars.every((bar) => bar === undefined)).toBe(true);
  const asked = layOutWaterfall(
    EDGE.map((step, index) => (index === 1 ? { ...step, otherwise: "1.00" } : step)),
    "1",
    "3",
  );
  expect(asked.otherBars[0]).toBeUndefined();
  expect(asked.otherBars[1]?.to).toBeGreaterThan(asked.bars[1]?.to ?? Number.NaN);
  expect(asked.otherLine).toBeGreaterThan(asked.line ?? Number.NaN);
});

test("nothing at all, and only zeros, are drawn without a NaN", () => {
  for (const steps of [[], [{ kind: "result", amount: "0" }]] satisfies WaterfallStep[][])
    expect(layOutWaterfall(steps, "0").zero).toBe(0.5);
});

test("whatever the amounts are, bars are within the chart", () => {
  const amount = fc.oneof(
    fc.double({ noNaN: true }).map((value) => value.toFixed(2)),
    fc.constantFrom("9".repeat(400), `-${"9".repeat(308)}`, "", "x", null, undefined),
  );
  fc.assert(
    fc.property(amount, fc.array(amount, { maxLength: 5 }), amount, amount, (start, costs, result, line) => {
      const { bars } = layOutWaterfall(
        [
          { kind: "start", amount: start },
          ...costs.map((cost) => ({ kind: "cost", amount: cost }) as const),
          { kind: "result", amount: result },
        ],
        line,
      );
      for (const bar of bars) {
        if (bar === undefined) continue;
        expect(bar.left).toBeGreaterThanOrEqual(0);
        expect(bar.left + bar.width).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
  );
});
