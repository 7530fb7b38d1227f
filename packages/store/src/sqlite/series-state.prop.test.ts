import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistogramPointInput, NumberPointInput } from "../store-input.ts";
import { increaseOf, isLevel, isOld, type SeriesState } from "./series-state.ts";

const COMMON = { source: { serviceName: "bot", instanceId: "a" }, name: "m", unit: "1", description: "", labels: {} };

function sum(value: number, timeMicros: number, startMicros = 1, isCumulative = true): NumberPointInput {
  return { ...COMMON, type: "sum", isMonotonic: true, isCumulative, value, startMicros, timeMicros };
}

function histogram(bucketCounts: readonly number[], timeMicros: number, startMicros = 1): HistogramPointInput {
  const count = bucketCounts.reduce((all, one) => all + one, 0);
  return {
    ...COMMON,
    type: "histogram",
    isCumulative: true,
    bounds: [1],
    bucketCounts,
    count,
    sum: count,
    startMicros,
    timeMicros,
  };
}

function stateOf(point: NumberPointInput | HistogramPointInput): SeriesState {
  const { startMicros, timeMicros } = point;
  return point.type === "histogram"
    ? { startMicros, timeMicros, value: point.sum, counts: point.bucketCounts }
    : { startMicros, timeMicros, value: point.value, counts: undefined };
}

describe("what came since the last point", () => {
  test("of a counter through any restarts adds up to what was counted", () => {
    const lives = fc.array(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lives, (all) => {
        let [state, total, time] = [undefined as SeriesState | undefined, 0, 0];
        for (const [life, steps] of all.entries()) {
          let value = 0;
          for (const step of steps) {
            value += step;
            const point = sum(value, ++time, life + 1);
            total += increaseOf(state, point).value;
            state = stateOf(point);
          }
        }
        expect(total).toBe(all.flat().reduce((sumOfAll, step) => sumOfAll + step, 0));
      }),
    );
  });

  test("of a counter without a start time: a smaller value is a new start", () => {
    expect(increaseOf(stateOf(sum(10, 1, 0)), sum(15, 2, 0)).value).toBe(5);
    expect(increaseOf(stateOf(sum(10, 1, 0)), sum(3, 2, 0)).value).toBe(3);
  });

  test("of a counter that tells what came since the last point is that", () => {
    expect(increaseOf(stateOf(sum(10, 1, 1, false)), sum(4, 2, 1, false)).value).toBe(4);
  });

  test("of a histogram is bucket by bucket, and all of it after a new start", () => {
    const before = stateOf(histogram([2, 3], 1));
    expect(increaseOf(before, histogram([4, 3], 2))).toEqual({ value: 2, count: 2, counts: [2, 0] });
    expect(increaseOf(before, histogram([1, 0], 2, 9))).toEqual({ value: 1, count: 1, counts: [1, 0] });
    expect(increaseOf(undefined, histogram([1, 1], 2))).toEqual({ value: 2, count: 2, counts: [1, 1] });
  });

  test("a point that came before is old, and a gauge is a level", () => {
    expect(isOld(stateOf(sum(1, 5)), sum(1, 5))).toBe(true);
    expect(isOld(stateOf(sum(1, 5)), sum(1, 6))).toBe(false);
    expect(isOld(undefined, sum(1, 5))).toBe(false);
    expect(isLevel({ ...sum(1, 5), type: "gauge" })).toBe(true);
    expect(isLevel({ ...sum(1, 5), isMonotonic: false })).toBe(true);
    expect(isLevel(sum(1, 5))).toBe(false);
  });
});
