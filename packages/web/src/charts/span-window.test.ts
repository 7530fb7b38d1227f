import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWindow, scaledWindow, windowAround, windowText } from "./span-window.ts";

test("a window is written and read back, whole nanoseconds", () => {
  expect(windowText({ from: 100.7, to: 899.2 }, 1_000)).toBe("100-900");
  expect(parseWindow("100-900", 1_000)).toEqual({ from: 100, to: 900 });
});

test("what shows the whole trace, or next to nothing, is no window", () => {
  expect(windowText({ from: -50, to: 5_000 }, 1_000)).toBeUndefined();
  expect(windowText({ from: 500, to: 501 }, 1_000)).toBeUndefined();
  for (const text of [undefined, "", "5", "a-b", "900-100", "5-6", "-5-900", "1e3-2e3", "2000-3000"])
    expect(parseWindow(text, 1_000)).toBeUndefined();
});

test("a window around a span leaves room at its sides, and one made smaller keeps its middle", () => {
  expect(windowAround({ start: 100, end: 300 })).toEqual({ from: 80, to: 320 });
  expect(scaledWindow({ from: 100, to: 300 }, 0.5)).toEqual({ from: 150, to: 250 });
});

test("every window that is written is read as itself", () => {
  const ends = fc.tuple(
    fc.integer({ min: 1, max: 1e15 }),
    fc.double({ min: -1, max: 2, noNaN: true }),
    fc.double({ min: -1, max: 2, noNaN: true }),
  );
  fc.assert(
    fc.property(ends, ([duration, a, b]) => {
      const text = windowText({ from: Math.min(a, b) * duration, to: Math.max(a, b) * duration }, duration);
      if (text === undefined) return;
      const read = parseWindow(text, duration)!;
      expect(windowText(read, duration)).toBe(text);
      expect(read.from).toBeGreaterThanOrEqual(0);
      expect(read.to).toBeLessThanOrEqual(duration);
    }),
  );
});
