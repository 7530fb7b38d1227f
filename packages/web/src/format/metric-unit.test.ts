import { expect, it } from "vitest";
import { toUcum } from "./metric-unit.ts";
import { unitText } from "./unit-text.ts";

it.each([
  ["milliseconds", "ms"],
  ["Percentage", "%"],
  ["count", "1"],
  ["{order}", "{order}"],
  ["USDT", "USDT"],
  ["constructor", "constructor"],
  ["", ""],
])("%s is the unit %s", (given, unit) => {
  expect(toUcum(given)).toBe(unit);
});

it("makes values readable that come in words", () => {
  expect(unitText(toUcum("percentage"))(85.5)).toBe("85.5 %");
  expect(unitText(toUcum("milliseconds"))(245)).toBe("245 ms");
});
