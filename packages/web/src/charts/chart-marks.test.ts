import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChartMark, placeMarks } from "./chart-marks.ts";

const SEVERITIES = ["info", "warning", "error", "critical"] as const;
const mark = (time: number, severity: ChartMark["severity"] = "error"): ChartMark => ({ time, severity, text: "a" });

test("a mark stands at its share of the axis, and what lies beyond the axis is not shown", () => {
  expect(placeMarks([mark(150), mark(99), mark(201), mark(Number.NaN)], 100, 200)).toEqual([
    { share: 0.5, mark: mark(150), count: 1 },
  ]);
});

test("of marks that would lie on each other the worst is shown, with how many they are", () => {
  const [only, ...more] = placeMarks([mark(150, "info"), mark(150.1, "critical"), mark(150.2, "warning")], 100, 200);
  expect(more).toEqual([]);
  expect(only).toMatchObject({ count: 3, mark: { severity: "critical", time: 150.1 } });
});

test("every mark on the axis is counted in exactly one place, which is on the axis", () => {
  const marks = fc.array(
    fc.record({ time: fc.integer({ min: 0, max: 3_000 }), severity: fc.constantFrom(...SEVERITIES) }),
  );
  fc.assert(
    fc.property(marks, (given) => {
      const all = given.map(({ time, severity }) => mark(time, severity));
      const placed = placeMarks(all, 1_000, 2_000);
      const within = all.filter(({ time }) => time >= 1_000 && time <= 2_000);
      expect(placed.reduce((sum, { count }) => sum + count, 0)).toBe(within.length);
      for (const { share } of placed) expect(share).toBeGreaterThanOrEqual(0);
      for (const { share } of placed) expect(share).toBeLessThanOrEqual(1);
    }),
  );
});
