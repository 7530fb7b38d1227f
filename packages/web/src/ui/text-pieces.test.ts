import fc from "fast-check";
import { expect, test } from "vitest";
import { textPieces } from "./text-pieces.ts";

test("words that fit a line are left alone", () => {
  expect(textPieces("net edge 1.20 bps is below the threshold of 1.50 bps")).toHaveLength(1);
  expect(textPieces("")).toEqual([]);
});

test("a long word may end a line every few letters", () => {
  expect(textPieces(`a ${"x".repeat(70)} b`)).toEqual([
    `a ${"x".repeat(20)}`,
    "x".repeat(20),
    "x".repeat(20),
    "x".repeat(10),
    " b",
  ]);
});

test("the pieces joined are the text, and no letter is cut in two", () => {
  const text = fc
    .array(fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.constant("😀".repeat(50)), fc.constant(" ")))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (given) => {
      const pieces = textPieces(given);
      expect(pieces.join("")).toBe(given);
      for (const piece of pieces.slice(0, -1)) expect(piece).not.toMatch(/[\uD800-\uDBFF]$/);
    }),
  );
});
