// Exponential histograms in explicit bounds: nothing is lost, everything is where it was, and the bounds stay.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EXPONENTIAL_BOUNDS, toExplicitCounts } from "./exponential-buckets.ts";

const counts = fc.array(fc.nat(1_000), { maxLength: 700 });

describe("the explicit counts of an exponential histogram", () => {
  it("hold what it holds, whatever it is", () => {
    const any = fc.record({
      scale: fc.oneof(fc.integer({ min: -11, max: 20 }), fc.integer()),
      zeroCount: fc.nat(),
      positiveOffset: fc.oneof(fc.integer({ min: -2_000, max: 2_000 }), fc.integer()),
      positiveCounts: counts,
      negativeCounts: counts,
    });
    fc.assert(
      fc.property(any, (given) => {
        const explicit = toExplicitCounts(given);
        const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
        // sum of the counts = zeroCount + sum of negativeCounts + sum of positiveCounts
        expect(sum(explicit)).toBe(given.zeroCount + sum(given.negativeCounts) + sum(given.positiveCounts));
        expect(explicit).toHaveLength(EXPONENTIAL_BOUNDS.length + 1);
      }),
      { numRuns: 500 },
    );
  });

  it("have each value that went in between the bounds around it, at every scale that is fine enough", () => {
    const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), fc.integer({ min: 2, max: 8 }), (values, scale) => {
        const expected = new Array<number>(EXPONENTIAL_BOUNDS.length + 1).fill(0);
        for (const one of values) expected[EXPONENTIAL_BOUNDS.findIndex((bound) => one <= bound * (1 + 1e-9))]!++;
        expect(toExplicitCounts(histogramOf(values, scale))).toStrictEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("of a later point of a series are those of the former and what came since, although its scale has changed", () => {
    const value = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    const some = fc.array(value, { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(some, some, fc.integer({ min: 2, max: 5 }), (before, since, scale) => {
        const former = toExplicitCounts(histogramOf(before, scale + 3));
        const later = toExplicitCounts(histogramOf([...before, ...since], scale));
        const came = toExplicitCounts(histogramOf(since, scale));
        expect(later.map((count, i) => count - former[i]!)).toStrictEqual(came);
      }),
      { numRuns: 300 },
    );
  });

  it("have a bucket that is wider than a step where its upper bound is, and the rest at the ends", () => {
    const given = { zeroCount: 1, negativeCounts: [4] };
    const wide = toExplicitCounts({ ...given, scale: 0, positiveOffset: 1, positiveCounts: [2, 0, 3] });
    expect(filled(wide)).toStrictEqual([
      [0, 5],
      [4, 2],
      [16, 3],
    ]);
    const far = toExplicitCounts({ ...given, scale: 0, positiveOffset: 1_022, positiveCounts: [1, 2, 3] });
    expect(filled(far)).toStrictEqual([
      [0, 5],
      [Number.POSITIVE_INFINITY, 6],
    ]);
    const near = toExplicitCounts({ ...given, scale: 0, positiveOffset: -200, positiveCounts: [7] });
    expect(filled(near)).toStrictEqual([
      [0, 5],
      [2 ** -30, 7],
    ]);
  });
});

/** Upper bounds and counts of the buckets that hold something. */
function filled(explicit: readonly number[]): (readonly [number, number])[] {
  return explicit
    .map((count, i) => [EXPONENTIAL_BOUNDS[i] ?? Number.POSITIVE_INFINITY, count] as const)
    .filter(([, count]) => count > 0);
}

/** A histogram as an SDK fills it: bucket `i` holds (base^i, base^(i+1)]. */
function histogramOf(values: readonly number[], scale: number) {
  const indexes = values.map((value) => Math.ceil(Math.log2(value) * 2 ** scale - 1e-9) - 1);
  const positiveOffset = Math.min(...indexes);
  const positiveCounts = new Array<number>(Math.max(...indexes) - positiveOffset + 1).fill(0);
  for (const index of indexes) positiveCounts[index - positiveOffset]!++;
  return { scale, zeroCount: 0, negativeCounts: [], positiveOffset, positiveCounts };
}
