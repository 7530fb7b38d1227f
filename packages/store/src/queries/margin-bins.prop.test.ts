import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toMarginHistogram } from "./margin-bins.ts";

const decisions = fc.array(
  fc.tuple(
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -1_000, max: 1_000 }).map((margin) => margin / 100),
    ),
    fc.constantFrom("ACCEPT", "REJECT"),
  ),
  { maxLength: 200 },
);
const binCount = fc.integer({ min: 1, max: 100 });

describe("bins of margins", () => {
  test("hold each decision once, accepted and rejected ones apart", () => {
    fc.assert(
      fc.property(decisions, binCount, (pairs, size) => {
        const { count, bins } = toMarginHistogram(pairs, size);
        expect(count).toBe(pairs.length);
        expect(bins.reduce((all, bin) => all + bin.accepted, 0)).toBe(
          pairs.filter(([, decision]) => decision === "ACCEPT").length,
        );
        expect(bins.reduce((all, bin) => all + bin.accepted + bin.rejected, 0)).toBe(count);
      }),
    );
  });

  test("are no more than were asked for and one, rise, and are 1, 2 or 5 times a power of ten wide", () => {
    fc.assert(
      fc.property(decisions, binCount, (pairs, size) => {
        const { bins, binWidth } = toMarginHistogram(pairs, size);
        expect(bins.length).toBeLessThanOrEqual(size + 1);
        expect(bins.every((bin, i) => i === 0 || bin.from > bins[i - 1]!.from)).toBe(true);
        expect(binWidth.toExponential().split("e")[0]).toMatch(/^[125]$/);
      }),
    );
  });

  test("have a decimal in the bin that it begins, whatever a double makes of it", () => {
    const pairs = Array.from({ length: 11 }, (_, i) => [Number(`${i / 10}`) - 0, "ACCEPT"] as const);
    const { bins, binWidth } = toMarginHistogram(pairs, 10);
    expect(binWidth).toBe(0.1);
    expect(bins.map((bin) => bin.from)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(bins.every((bin) => bin.accepted === 1)).toBe(true);
  });

  test("are one when all margins are the same, and none when there are none", () => {
    expect(
      toMarginHistogram(
        [
          [1.5, "REJECT"],
          [1.5, "REJECT"],
        ],
        10,
      ).bins,
    ).toMatchObject([{ rejected: 2 }]);
    expect(toMarginHistogram([[0, "ACCEPT"]], 10)).toEqual({
      count: 1,
      binWidth: 1,
      bins: [{ from: 0, accepted: 1, rejected: 0 }],
    });
    expect(toMarginHistogram([], 10)).toEqual({ count: 0, binWidth: 1, bins: [] });
  });
});
