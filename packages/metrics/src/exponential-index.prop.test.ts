// The bit tricks against the definition, in exact integers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponentialIndex, MAX_INDEX, MIN_INDEX, middleOf, ZERO_INDEX } from "./exponential-index.ts";

const view = new DataView(new ArrayBuffer(8));

/** A positive double as mantissa * 2^exponent, both exact. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const raw = Number(bits >> 52n);
  return { mantissa: (bits & 0xfffffffffffffn) | (raw === 0 ? 0n : 1n << 52n), exponent: Math.max(raw, 1) - 1075 };
}

/** True when value <= 2^(power/32), decided as value^32 <= 2^power. */
function isAtMost(value: number, power: number): boolean {
  const { mantissa, exponent } = parts(value);
  const shift = power - 32 * exponent;
  return shift >= 0 && mantissa ** 32n <= 1n << BigInt(shift);
}

function neighbour(value: number, step: bigint): number {
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + step);
  return view.getFloat64(0);
}

/** Doubles of every exponent in the range that is told apart. */
const value = fc
  .tuple(fc.integer({ min: -40, max: 49 }), fc.bigInt({ min: 0n, max: (1n << 52n) - 1n }))
  .map(([exponent, mantissa]) => {
    view.setBigUint64(0, (BigInt(exponent + 1023) << 52n) | mantissa);
    return view.getFloat64(0);
  });

describe("exponentialIndex", () => {
  it("gives i exactly when 2^(i/32) < value <= 2^((i+1)/32)", () => {
    fc.assert(
      fc.property(value, (v) => {
        const index = exponentialIndex(v);
        if (index === ZERO_INDEX) return isAtMost(v, MIN_INDEX);
        return !isAtMost(v, index) && isAtMost(v, index + 1);
      }),
      { numRuns: 5000 },
    );
  });

  it("is exact at the doubles around every bound", () => {
    for (let power = MIN_INDEX + 1; power < MAX_INDEX; power++) {
      const bound = 2 ** (power / 32);
      for (const v of [neighbour(bound, -1n), bound, neighbour(bound, 1n)]) {
        const index = exponentialIndex(v);
        expect([v, !isAtMost(v, index), isAtMost(v, index + 1)]).toEqual([v, true, true]);
      }
    }
  });

  it("puts a power of two into the bucket below it, as bounds are inclusive above", () => {
    expect(exponentialIndex(1)).toBe(-1);
    expect(exponentialIndex(2)).toBe(31);
    expect(exponentialIndex(0.5)).toBe(-33);
  });

  it("puts 0, -0 and what is too small into the zero bucket, and what is too great into the last", () => {
    for (const v of [0, -0, Number.MIN_VALUE, 1e-300, 2 ** -40]) expect(exponentialIndex(v)).toBe(ZERO_INDEX);
    for (const v of [2 ** 50, 1e16, Number.MAX_VALUE]) expect(exponentialIndex(v)).toBe(MAX_INDEX);
    expect(exponentialIndex(neighbour(2 ** -40, 1n))).toBe(MIN_INDEX);
  });

  it("never falls when the value rises", () => {
    fc.assert(
      fc.property(
        value,
        value,
        (a, b) => a <= b === exponentialIndex(a) <= exponentialIndex(b) || exponentialIndex(a) === exponentialIndex(b),
      ),
    );
  });

  it("has a middle that is at most 1.1 % from any value of the bucket", () => {
    fc.assert(
      fc.property(value, (v) => {
        const index = exponentialIndex(v);
        return index === ZERO_INDEX || Math.abs(middleOf(index) - v) / v <= 0.011;
      }),
    );
  });
});
