import { expect, test } from "vitest";
import { marginOf, missText, signedText } from "./margin.ts";

test("a margin is exact, with the places of the amount that has more", () => {
  expect(marginOf({ net_edge: "1.20", min_threshold: "1.5" })).toBe("-0.30");
  expect(marginOf({ net_edge: "0.1", min_threshold: "0.3000000000000000000000000001" })).toBe(
    "-0.2000000000000000000000000001",
  );
});

test("without two decimals there is no margin", () => {
  expect(marginOf({ net_edge: "1.20", min_threshold: null })).toBeUndefined();
  expect(marginOf({ net_edge: "NaN", min_threshold: "1" })).toBeUndefined();
});

test("a margin has its sign, and zero has none", () => {
  expect(signedText("0.40", "bps")).toBe("+0.40 bps");
  expect(signedText("-0.40", "bps")).toBe("\u22120.40 bps");
  expect(signedText("0.00", "bps")).toBe("0.00 bps");
  expect(signedText(undefined, "bps")).toBe("–");
});

test("a near miss is said by what was missing", () => {
  expect(missText("-0.10", "bps")).toBe("missed by 0.10 bps");
  expect(missText("0", undefined)).toBe("just reached");
});
