// Descriptions and contexts: short, printable, and safe on anything.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyContext } from "./context.ts";
import { describeFields, describeThrown, describeValue } from "./describe.ts";

const thrower = () => {
  throw new Error("no");
};

describe("describeValue", () => {
  it.each([
    ["text", '"text"'],
    ['a"b\n', '"a\\"b\\n"'],
    ["\ud800", '"\\ud800"'],
    ["x".repeat(100), `"${"x".repeat(64)}"... (100 characters)`],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    [5n, "5n"],
    [10n ** 70n, "a bigint of more than 64 digits"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("secret"), "a symbol"],
    [thrower, "a function"],
    [[1, 2], "an array of 2"],
    [new Uint8Array(9), "binary data of 9 bytes"],
    [{}, "an object"],
    [Object.create(null), "an object"],
    [{ toString: () => "1.5" }, 'an object "1.5"'],
    [{ toString: () => 5 }, "an object"],
    [{ toString: thrower }, "an unreadable object"],
    [new Proxy({}, { get: thrower }), "an unreadable object"],
  ])("says what it is, case %#", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it("stays short, on one line and printable for any value", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string({ unit: "binary", maxLength: 200 })), (value) => {
        const text = describeValue(value);
        expect(text.length).toBeLessThan(600);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("describeFields", () => {
  it("names what is there, and what cannot be read", () => {
    const input = Object.defineProperty({ unit: "bps", gross: "1,0" }, "fees", { get: thrower });
    expect(describeFields(input, ["unit", "gross", "fees", "gas"])).toBe(
      '{unit: "bps", gross: "1,0", fees: unreadable}',
    );
    expect(describeFields({}, ["unit"])).toBe("an object");
    expect(describeFields(null, ["unit"])).toBe("null");
  });
});

describe("describeThrown", () => {
  it("takes the message of an error and copes with anything else", () => {
    expect(describeThrown(new Error("no"))).toBe('"no"');
    expect(describeThrown("no")).toBe('"no"');
    expect(describeThrown(new Proxy({}, { getPrototypeOf: thrower }))).toBe("an unreadable object");
  });
});

describe("copyContext", () => {
  it("keeps plain values, writes bigints as text and describes the rest", () => {
    const given = { text: "a", count: 3, ok: true, wei: 10n, bad: Number.NaN, nothing: undefined, list: [1] };
    expect(copyContext(given)).toEqual({ text: "a", count: 3, ok: true, wei: "10", bad: "NaN", list: "an array of 1" });
  });

  it("is bounded in keys, names and values", () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`${i}${"k".repeat(100)}`, "v".repeat(5_000)]),
    );
    const copied = copyContext(many) ?? {};
    expect(Object.keys(copied)).toHaveLength(32);
    for (const [key, value] of Object.entries(copied)) {
      expect(key.length).toBeLessThanOrEqual(64);
      expect(String(value)).toMatch(/^v{1024}\.\.\. \(5000 characters\)$/);
    }
  });

  it("keeps a key named __proto__ as data", () => {
    const copied = copyContext(JSON.parse('{"__proto__":"x"}'));
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
    expect(JSON.stringify(copied)).toBe('{"__proto__":"x"}');
  });

  it("describes what is no object of facts", () => {
    expect(copyContext("text")).toEqual({ context: '"text"' });
    expect(copyContext(new Proxy({}, { ownKeys: thrower }))).toEqual({ context: "an object" });
    expect(copyContext({})).toBeUndefined();
    expect(copyContext(null)).toBeUndefined();
  });
});
