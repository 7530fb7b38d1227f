import fc from "fast-check";
import { expect, test } from "vitest";
import { maskUrl, quoteText, showRefused, toOneLine } from "./config-masking.ts";

const SECRET = "Canary7Qx";
const junk = fc.string({ unit: fc.constantFrom(..."/?#@:%&=\\[]. \t\n0123456789abcXYZ~é"), maxLength: 12 });
// A number and a slash end the host early: what follows is a path to a URL parser, and still a password.
const beforeSecret = fc.oneof(junk, fc.constantFrom("1/", "80/x/", "9/?", "9/#"));
const scheme = fc.constantFrom("http://", "https://", "HTTP://", "grpc://", "http:/", "//", "");

test("whatever stands around it, a password is never shown", () => {
  fc.assert(
    fc.property(scheme, junk, beforeSecret, junk, junk, (start, user, before, after, host) => {
      const text = `${start}${user}:${before}${SECRET}${after}@${host}`;
      for (const secrecy of ["url", "plain", "secret"] as const)
        expect(showRefused(text, secrecy)).not.toContain(SECRET);
    }),
    { numRuns: 1000 },
  );
});

test("whatever stands around it, a query or fragment is never shown", () => {
  fc.assert(
    fc.property(scheme, junk, fc.constantFrom("?", "#"), junk, junk, (start, host, mark, before, after) => {
      expect(maskUrl(`${start}${host}${mark}${before}${SECRET}${after}`)).not.toContain(SECRET);
    }),
    { numRuns: 1000 },
  );
});

test("any value is shown on one printable line of bounded length, without a throw", () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom("plain", "url", "secret"), (value, secrecy) => {
      const shown = showRefused(value, secrecy);
      expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(shown.length).toBeLessThan(800);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(quoteText(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test.each([
  ["http://127.0.0.1:4318/", "http://127.0.0.1:4318"],
  ["https://otlp.example.com/otlp/v1/traces", "https://otlp.example.com/otlp/v1/traces"],
  ["https://u:p@h/x?a=b#c", "https://***@h/x?***"],
  ["https://u@h", "https://***@h"],
  ["https://h/abcdef0123456789abcdef/v1", "https://h/***/v1"],
  ["grpc://collector:4317", "grpc://collector:4317"],
  ["localhost:4318", "localhost:4318"],
  ["ftp://u:p@h", "ftp://***"],
  ["u:p@h", "***"],
  ["http://u:1/p@h", "http://***"],
])("%s is shown as %s", (text, shown) => {
  expect(maskUrl(text)).toBe(shown);
});

test.each([
  ["Bearer abc", "(hidden)"],
  ["api_key:abc", "(hidden)"],
  ["0123456789abcdef01234567", "(hidden)"],
  ["twelve", '"twelve"'],
  ["https://u:p@h", '"https://***@h"'],
  [null, "null"],
  [undefined, "undefined"],
  [-0.5, "-0.5"],
  [[1], "a list"],
  [{}, "an object"],
  [() => 1, "a function"],
  [Symbol("x"), "a symbol"],
])("the plain value %s is shown as %s", (value, shown) => {
  expect(showRefused(value, "plain")).toBe(shown);
});

test("controls, line separators, bidi marks and lone surrogates are spelled out", () => {
  expect(toOneLine("a\r\n\u001b[31m\u009b\u2028\u202eb\ud800c")).toBe(
    "a\\u{d}\\u{a}\\u{1b}[31m\\u{9b}\\u{2028}\\u{202e}b\\u{d800}c",
  );
});

test("long text is cut", () => {
  expect(quoteText("x ".repeat(100))).toBe(`"${"x ".repeat(32)}..."`);
});
