import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micros } from "../../test/store-arbitraries.ts";
import { type Range, type RangeParts, type Seconds, splitRange, splitWidenedRange } from "./range-parts.ts";

const DAY = 86_400;
const MINUTE_MICROS = 60e6;
const NOON_DAY = Date.parse("2026-11-20T00:00:00Z") / 1000;

/** Whole days; some leave out what lies in the range. */
const present: fc.Arbitrary<Seconds> = fc
  .tuple(fc.integer({ min: -5, max: 2 }), fc.integer({ min: 1, max: 8 }))
  .map(([first, days]) => ({ from: NOON_DAY + first * DAY, to: NOON_DAY + (first + days) * DAY }));
const end = fc.option(micros, { nil: undefined });

const textOf = (time: number | undefined) => (time === undefined ? undefined : toTimestamp(time));

/** How many of the parts an instant belongs to. */
function partsWith({ segments, edges }: RangeParts, time: number): number {
  const text = toTimestamp(time);
  const whole = segments.filter(({ from, to }) => from * 1e6 <= time && time < to * 1e6);
  return whole.length + edges.filter((edge) => edge.start <= text && text <= edge.end).length;
}

/** Times at which something may begin or end, each with its neighbours. */
function instantsNear({ segments, edges }: RangeParts, times: readonly (number | undefined)[]): number[] {
  const micros = edges.flatMap((edge) => [Date.parse(edge.start) * 1000, Date.parse(edge.end) * 1000 + 999]);
  const all = [
    ...segments.flatMap(({ from, to }) => [from * 1e6, to * 1e6]),
    ...micros,
    ...times.filter((time) => time !== undefined),
  ];
  return all.flatMap((time) => [time - 1, time, time + 1]);
}

describe("the parts of a range", () => {
  test("are disjoint, and together the range, as far as there are counts", () => {
    fc.assert(
      fc.property(end, end, present, fc.array(micros, { maxLength: 50 }), (start, stop, days, more) => {
        const parts = splitRange({ start: textOf(start), end: textOf(stop) }, days);
        for (const time of [...instantsNear(parts, [start, stop, days.from * 1e6, days.to * 1e6]), ...more]) {
          const isIn =
            (start ?? time) <= time && time <= (stop ?? time) && days.from * 1e6 <= time && time < days.to * 1e6;
          expect(partsWith(parts, time)).toBe(isIn ? 1 : 0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("are whole buckets, and few: fewer than two days of hours, two hours of minutes, two minutes", () => {
    fc.assert(
      fc.property(end, end, present, (start, stop, days) => {
        const { segments, edges } = splitRange({ start: textOf(start), end: textOf(stop) }, days);
        const bucketsOf = (width: number) =>
          segments
            .filter((one) => one.resolution === width)
            .reduce((all, { from, to }) => all + (to - from) / width, 0);
        for (const { resolution, from, to } of segments)
          expect([from % resolution, to % resolution, from < to]).toEqual([0, 0, true]);
        expect(segments.length).toBeLessThanOrEqual(5);
        expect(bucketsOf(3_600)).toBeLessThanOrEqual(46);
        expect(bucketsOf(60)).toBeLessThanOrEqual(118);
        expect(edges.length).toBeLessThanOrEqual(2);
        for (const edge of edges) expect(Date.parse(edge.end) - Date.parse(edge.start)).toBeLessThan(120_000);
      }),
      { numRuns: 2_000 },
    );
  });

  test("of a widened range are the whole minutes that it touches", () => {
    fc.assert(
      fc.property(end, end, present, fc.array(micros, { maxLength: 50 }), (start, stop, days, more) => {
        const parts = { segments: splitWidenedRange({ start: textOf(start), end: textOf(stop) }, days), edges: [] };
        const minuteOf = (time: number) => Math.floor(time / MINUTE_MICROS);
        for (const time of [...instantsNear(parts, [start, stop]), ...more]) {
          const isOrdered = start === undefined || stop === undefined || start <= stop;
          const isTouched = minuteOf(start ?? time) <= minuteOf(time) && minuteOf(time) <= minuteOf(stop ?? time);
          const isPresent = days.from * 1e6 <= time && time < days.to * 1e6;
          expect(partsWith(parts, time)).toBe(isOrdered && isTouched && isPresent ? 1 : 0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("of a range that reaches to the end of time are no more than there is", () => {
    const days = { from: 0, to: DAY };
    const range: Range = { start: "0000-01-01T00:00:00.000000Z", end: "9999-12-31T23:59:59.999999Z" };
    expect(splitRange(range, days)).toEqual({ segments: [{ resolution: DAY, ...days }], edges: [] });
  });
});
