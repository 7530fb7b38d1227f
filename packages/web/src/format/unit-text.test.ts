import { expect, test } from "vitest";
import { unitAxisText, unitName, unitText } from "./unit-text.ts";

test.each([
  ["s", 0.0000421, "42.1 µs"],
  ["ms", 3.2, "3.20 ms"],
  ["By", 4_404_019, "4.20 MiB"],
  ["By", -2_048, "−2.00 KiB"],
  ["1", 0.25, "0.25"],
  ["", 1234567, "1,234,570"],
  ["%", -12.5, "−12.5 %"],
  ["{order}", 1, "1 order"],
  ["{order}", 3, "3 orders"],
  ["{delivery}", 0, "0 deliveries"],
  ["{batch}", 2, "2 batches"],
  ["{USD}", 12.5, "12.5 USD"],
  ["{request}/s", 2, "2 request/s"],
  ["V", 2, "2 V"],
  ["constructor", 2, "2 constructor"],
])("a value of unit %j is written with it: %d", (unit, value, text) => {
  expect(unitText(unit)(value)).toBe(text);
});

test("what is no number is a dash in every unit", () => {
  for (const unit of ["s", "By", "1", "%", "{order}"])
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(unitText(unit)(value)).toBe("–");
});

test.each([
  ["s", 0.0000421, "42.1 µs", ""],
  ["By", 4_404_019, "4.20 MiB", ""],
  ["{order}", 12_500, "12.5K", "orders"],
  ["{USD}", -175_983, "−176K", "USD"],
  ["%", 12.5, "12.5 %", ""],
  ["1", 0.25, "0.25", ""],
])("at an axis a value of unit %j is short: %d, and the caption has the rest", (unit, value, text, name) => {
  expect(unitAxisText(unit)(value)).toBe(text);
  expect(unitName(unit)).toBe(name);
});
