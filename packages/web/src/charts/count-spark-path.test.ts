import fc from "fast-check";
import { expect, test } from "vitest";
import { countSparkPath } from "./count-spark-path.ts";

test("a count is a step as wide as its slice, the largest one as high as the box", () => {
  expect(countSparkPath([0, 4, 2], 28).line).toBe("M0 27H1L1 1H2L2 14H3");
});

test("where there is no value there is no line", () => {
  expect(countSparkPath([1, null, Number.NaN, 1], 28)).toEqual({
    line: "M0 1H1M3 1H4",
    area: "M0 28V1H1V28ZM3 28V1H4V28Z",
  });
  expect(countSparkPath([], 28)).toEqual({ line: "", area: "" });
});

test("without counts the line lies on the ground", () => {
  expect(countSparkPath([0, 0], 28).line).toBe("M0 27H1L1 27H2");
});

test("nothing is drawn outside of the box", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.double()), { maxLength: 50 }), (values) => {
      const numbers = [...countSparkPath(values, 28).line.matchAll(/[ML]\d+ (-?[\d.]+)/g)].map(([, y]) => Number(y));
      expect(numbers.every((y) => y >= 1 && y <= 27)).toBe(true);
    }),
  );
});
