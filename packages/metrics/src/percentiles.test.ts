// Exact percentiles of a list.
import { describe, expect, it } from "vitest";
import { calculatePercentiles } from "./percentiles.ts";

describe("calculatePercentiles", () => {
  it("gives values that were measured, by nearest rank", () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(calculatePercentiles(values)).toEqual({ p50: 50, p90: 90, p95: 95, p99: 99 });
    expect(calculatePercentiles([15, 20, 35, 40, 50])).toEqual({ p50: 35, p90: 50, p95: 50, p99: 50 });
  });

  it("gives the only value for all of them", () => {
    expect(calculatePercentiles([7])).toEqual({ p50: 7, p90: 7, p95: 7, p99: 7 });
  });

  it("leaves out what is not a finite number", () => {
    const values = [1, Number.NaN, 2, Infinity, 3, -Infinity, "9" as unknown as number];
    expect(calculatePercentiles(values)).toEqual({ p50: 2, p90: 3, p95: 3, p99: 3 });
  });

  it("gives nothing for an empty list", () => {
    expect(calculatePercentiles([])).toEqual({ p50: undefined, p90: undefined, p95: undefined, p99: undefined });
  });

  it("does not change the list", () => {
    const values = [3, 1, 2];
    calculatePercentiles(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
