// Time that is led back keeps the order of what has been, and is read as it was written.
import fc from "fast-check";
import { expect, test } from "vitest";
import { secondOf, timeText } from "../lifecycle/alert-times.ts";
import { fromStoredPosition, squeezeTime, toStoredPosition } from "./led-back.ts";

const NOON = Date.parse("2026-11-20T12:00:00Z") / 1_000;
const second = fc.integer({ min: NOON - 100_000, max: NOON + 100_000 });

test("times after the step come into its second, in their order; those before stay; what is still to come is later", () =>
  fc.assert(
    fc.property(fc.array(second, { maxLength: 20 }), second, fc.integer({ min: 2, max: 90_000 }), (seconds, to, by) => {
      const from = to + by;
      const times = seconds.filter((at) => at <= from).map((at) => timeText(at * 1_000));
      const moved = times.map((text) => squeezeTime(text, from, to));
      for (const [i, text] of times.entries()) {
        if (secondOf(text) <= to) expect(moved[i]).toBe(text);
        expect(secondOf(moved[i]!)).toBe(Math.min(secondOf(text), to));
        for (const [j, other] of times.entries()) if (text < other) expect(moved[i]! < moved[j]!).toBe(true);
      }
    }),
  ));

test("a position is read as it was written, without the steps that no window looks back to", () => {
  const cursor = fc.stringMatching(/^\d{1,6}\.\d{1,6}$/);
  const step = fc.record({ from: second, to: second, by: fc.nat(), before: cursor, after: cursor });
  fc.assert(
    fc.property(cursor, fc.array(step, { maxLength: 3 }), second, (at, ledBack, until) => {
      const kept = ledBack.filter(({ from }) => until < from + 86_400);
      expect(fromStoredPosition(toStoredPosition({ cursor: at, ledBack }, until))).toEqual({
        cursor: at,
        ledBack: kept,
      });
    }),
  );
});

test.each(["12.7", "12.7;", "12.7;what", "12.7;1,2,3"])(
  "a position without such steps, or with nonsense, has none: %s",
  (text) => {
    expect(fromStoredPosition(text)).toEqual({ cursor: "12.7", ledBack: [] });
  },
);
