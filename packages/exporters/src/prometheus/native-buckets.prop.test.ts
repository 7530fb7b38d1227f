// Exponential buckets become native ones without a count lost or moved.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schemaShift, spanBuckets } from "./native-buckets.ts";

/** What a reader makes of spans and deltas: counts by index, empty ones left out. */
function expand({ spans, deltas }: ReturnType<typeof spanBuckets>): Map<number, number> {
  const counts = new Map<number, number>();
  let [index, count, next] = [0, 0, 0];
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++) {
      count += deltas[next++]!;
      if (count !== 0) counts.set(index, count);
      index++;
    }
  }
  expect(next).toBe(deltas.length);
  return counts;
}

const buckets = fc.record({
  offset: fc.integer({ min: -2_000, max: 2_000 }),
  bucketCounts: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 40 })), { maxLength: 60 }),
});

describe("native buckets", () => {
  it("hold every count at its index, which is one more than OpenTelemetry's", () => {
    fc.assert(
      fc.property(buckets, fc.integer({ min: 0, max: 12 }), ({ offset, bucketCounts }, shift) => {
        const wanted = new Map<number, number>();
        for (const [i, count] of bucketCounts.entries()) {
          const index = Math.floor((offset + i) / 2 ** shift) + 1;
          if (count > 0) wanted.set(index, (wanted.get(index) ?? 0) + count);
        }
        expect(expand(spanBuckets({ offset, bucketCounts }, shift))).toEqual(wanted);
      }),
    );
  });

  it("are written in few spans: a gap of two buckets is bridged, a longer one is not", () => {
    expect(spanBuckets({ offset: -3, bucketCounts: [4, 0, 0, 5, 0, 0, 0, 1] }, 0)).toEqual({
      spans: [
        { offset: -2, length: 4 },
        { offset: 3, length: 1 },
      ],
      deltas: [4, -4, 0, 5, -4],
    });
  });

  it.each([
    [5, 0],
    [8, 0],
    [20, 12],
    [-4, 0],
    [-5, undefined],
  ])("a scale of %d needs a shift of %s", (scale, shift) => {
    const empty = { offset: 0, bucketCounts: [] };
    expect(schemaShift({ scale, zeroThreshold: 0, zeroCount: 0, positive: empty, negative: empty })).toBe(shift);
  });
});
