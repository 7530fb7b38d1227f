import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, printableJson } from "./printable.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
const ACTING = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const hostile = fc.string({ unit: "binary" }).map((text) => text + "\u001b[".repeat(text.length % 3) + text);

describe("printable", () => {
  it("leaves nothing that acts on a terminal, and no lone surrogate, in any text", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 64 }), (text, maxUnits) => {
        const clean = printable(text, maxUnits);
        expect(clean).not.toMatch(ACTING);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean.length).toBeLessThanOrEqual(maxUnits);
      }),
    );
  });

  it("leaves text alone that is harmless", () => {
    const text = "BTC/USDT größer 価格 🚀 a=b \\u001b";
    expect(printable(text)).toBe(text);
  });

  it.each([
    ["colours", "\u001b[1;31mred\u001b[0m", "red"],
    ["titles", "a\u001b]0;owned\u0007b", "ab"],
    ["links", "\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["C1 controls", "a\u009b31mb\u0085c", "ab\ufffdc"],
    ["starts without an end", "a\u001b]0;b", "a\ufffd]0;b"],
    ["line breaks", "a\r\nb\tc", "a b c"],
  ])("removes %s", (_, text, clean) => {
    expect(printable(text)).toBe(clean);
  });

  it("looks only at what can be shown of a huge text", () => {
    expect(printable("x".repeat(50_000_000), 10)).toBe("xxxxxxxxx…");
  });
});

describe("printableJson", () => {
  it("parses to the same value and has nothing that acts on a terminal", () => {
    fc.assert(
      fc.property(fc.dictionary(hostile, hostile), (value) => {
        const json = printableJson(value);
        expect(json).not.toMatch(ACTING);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
