import { expect, test } from "vitest";
import { exactNumber, namesText, parseNames, parseNumber } from "./draft-values.ts";

test("a number is one where it is written as one, and what is no number stays for the server to refuse", () => {
  expect([parseNumber("80"), parseNumber(" 1e3 "), parseNumber("few"), parseNumber(" ")]).toEqual([
    80,
    1_000,
    "few",
    undefined,
  ]);
});

test("a decimal threshold stays as it is written, to its last digit, and is a number where that says the same", () => {
  expect(exactNumber("1000.10")).toBe("1000.10");
  expect(exactNumber("0.12345678901234567890")).toBe("0.12345678901234567890");
  expect(exactNumber("-12345678901234567.89")).toBe("-12345678901234567.89");
  expect([exactNumber("0.1"), exactNumber("80"), exactNumber("-2.5")]).toEqual([0.1, 80, -2.5]);
  // Half of it is written: it will be one.
  expect([exactNumber("1000."), exactNumber("1e3"), exactNumber("few")]).toEqual([1_000, 1_000, "few"]);
});

test("names are told apart by commas, each of them once", () => {
  expect(parseNames(" symbol, venue ,symbol,")).toEqual(["symbol", "venue"]);
  expect(parseNames(" , ")).toBeUndefined();
  expect(namesText(["symbol", "venue"])).toBe("symbol, venue");
  expect(namesText("symbol")).toBe("");
});
