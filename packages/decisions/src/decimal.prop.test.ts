// Decimals against an oracle that shares no code with them.
import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalTexts, places, scaled } from "../test/oracle.ts";
import { addDecimals, compareDecimals, formatDecimal, parseDecimal, subtractDecimals } from "./decimal.ts";
import { compareDecimalTexts, toDecimalText } from "./decimal-input.ts";
import { formatShort, scanShort, shortScale } from "./short-decimal.ts";

const RUNS = { numRuns: 5_000 };

it("a plain text comes back as it was, 38 digits, 1e-18 to 1e30", () => {
  fc.assert(
    fc.property(decimalTexts(), (text) => {
      expect(formatDecimal(parseDecimal(text))).toBe(text);
      expect(toDecimalText(text)).toBe(text);
    }),
    RUNS,
  );
});

it("an exponent moves the point and nothing else", () => {
  fc.assert(
    fc.property(decimalTexts(), fc.integer({ min: -200, max: 200 }), (text, exponent) => {
      const moved = formatDecimal(parseDecimal(`${text}e${exponent}`));
      expect(moved).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
      expect(scaled(moved)).toBe(scaled(`${text}e${exponent}`));
    }),
    RUNS,
  );
});

it("sum, difference and order agree with the oracle", () => {
  fc.assert(
    fc.property(decimalTexts(), decimalTexts(), (a, b) => {
      const sum = formatDecimal(addDecimals(parseDecimal(a), parseDecimal(b)));
      const difference = formatDecimal(subtractDecimals(parseDecimal(a), parseDecimal(b)));
      expect(scaled(sum)).toBe(scaled(a) + scaled(b));
      expect(scaled(difference)).toBe(scaled(a) - scaled(b));
      expect(places(sum)).toBe(Math.max(places(a), places(b)));
      const order = scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0;
      expect(compareDecimals(parseDecimal(a), parseDecimal(b))).toBe(order);
      expect(Math.sign(compareDecimalTexts(a, b))).toBe(order);
    }),
    RUNS,
  );
});

it("any finite number is taken at its shortest decimal form, and keeps its order", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const text = toDecimalText(a);
      expect(Number(text)).toBe(a === 0 ? 0 : a);
      expect(scaled(text)).toBe(scaled(String(a)));
      expect(Math.sign(compareDecimalTexts(text, toDecimalText(b)))).toBe(Math.sign(a < b ? -1 : a > b ? 1 : 0));
    }),
    RUNS,
  );
});

it("the short scan reads canonical texts exactly and nothing else", () => {
  const nearly = fc.stringMatching(/^[-+0-9.e]*$/, { maxLength: 19 });
  fc.assert(
    fc.property(fc.oneof(decimalTexts(12), nearly), (text) => {
      const coefficient = scanShort(text);
      if (Number.isNaN(coefficient)) return;
      expect(Number.isSafeInteger(coefficient)).toBe(true);
      expect(formatShort(coefficient, shortScale(text))).toBe(text);
    }),
    RUNS,
  );
});

it("the short scan takes every canonical text of up to 15 digits", () => {
  const digits = fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n });
  fc.assert(
    fc.property(digits, fc.nat(14), (coefficient, scale) => {
      expect(scanShort(formatDecimal({ coefficient, scale }))).toBe(Number(coefficient));
    }),
    RUNS,
  );
});

it("a text that is accepted has the form of a decimal, whatever it is made of", () => {
  const scraps = fc.array(fc.constantFrom("0", "1", "9", ".", "-", "+", "e", "E", " ", ",", "_", "x", "\n", "１"), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(scraps, (parts) => {
      const text = parts.join("");
      const form = /^[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text);
      let accepted = true;
      try {
        parseDecimal(text);
      } catch (error) {
        accepted = (error as { code?: string }).code === "decimal_out_of_range";
      }
      expect(accepted).toBe(form);
    }),
    RUNS,
  );
});
