import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkJsonShape } from "./json-shape.ts";
import { OtlpError } from "./otlp-error.ts";

const check = (text: string, maxDepth = 32) => checkJsonShape(new TextEncoder().encode(text), maxDepth);

function errorOf(text: string, maxDepth?: number): unknown {
  try {
    check(text, maxDepth);
  } catch (error) {
    return error;
  }
  return undefined;
}

const members = (count: number) => `{${Array.from({ length: count }, (_, i) => `"k${i}":{}`).join(",")}}`;

describe("the shape of a body", () => {
  it("is that of any JSON without more brackets within each other, or members side by side, than OTLP has", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 30 }), (text) => {
        expect(errorOf(text)).toBeUndefined();
      }),
    );
  });

  it("is the same whatever its texts hold", () => {
    const text = fc.array(fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", "x", "é", "\u2028"), { maxLength: 600 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
        const values = texts.map((units) => units.join(""));
        expect(errorOf(JSON.stringify(values.map((value) => ({ [value]: value }))), 1)).toBeUndefined();
      }),
    );
  });

  it("has objects of at most 256 members", () => {
    expect(errorOf(members(256))).toBeUndefined();
    expect(errorOf(members(257))).toBeInstanceOf(OtlpError);
    expect(errorOf(members(257))).toMatchObject({
      code: "malformed_otlp",
      message: expect.stringContaining("more than 256 members at byte"),
    });
    // Those of one are not those of the next, nor those of what is within it.
    expect(errorOf(`[${members(200)},{"a":${members(200)},"b":[${members(200)}]}]`)).toBeUndefined();
  });

  it("has lists of at most 100,000", () => {
    const list = (length: number) => `[[${"0,".repeat(length - 1)}0],[0]]`;
    expect(errorOf(list(100_000))).toBeUndefined();
    expect(errorOf(list(100_001))).toMatchObject({ code: "malformed_otlp" });
  });

  it("is as deep as values may be nested, and no deeper", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(errorOf(nested(32 + 4 * 5), 5)).toBeUndefined();
    expect(errorOf(nested(33 + 4 * 5), 5)).toMatchObject({ code: "too_deep" });
  });

  it("is no matter where there is no JSON at all", () => {
    for (const text of ["", '"', '"\\', "}]}]", '{"a":"', ",,,"]) expect(errorOf(text)).toBeUndefined();
  });
});
