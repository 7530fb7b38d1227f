import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundAttributes } from "./bound-attributes.ts";
import { boundValue } from "./bound-value.ts";
import { createJsonWriter } from "./byte-json-writer.ts";
import { createRedactor } from "./redaction.ts";

const redactor = createRedactor();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const out = createJsonWriter({ redactor, initialBytes: 64 });
function written(write: () => void): string {
  out.reset();
  write();
  return decoder.decode(out.bytes.subarray(0, out.length));
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme" }),
  loneSurrogates(),
);
const anything = fc.anything({
  key: anyText,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

function loneSurrogates(): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 }).map((units) => String.fromCharCode(...units));
}

/** No control character of either set, no DEL, no line separator: one line everywhere, and nothing a terminal obeys. */
function isSafeLine(line: string): boolean {
  return [...line].every((character) => {
    const code = character.charCodeAt(0);
    return code >= 0x20 && !(code >= 0x7f && code < 0xa0) && code !== 0x2028 && code !== 0x2029;
  });
}

describe("for every value", () => {
  it("the line parses, is one line, and equals the bounded value", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const json = written(() => out.value(value));
        expect(isSafeLine(json)).toBe(true);
        expect(JSON.parse(json)).toEqual(boundValue(value, { redactor }));
      }),
      { numRuns: 2000 },
    );
  });

  it("bounding twice changes nothing", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const once = boundValue(value, { redactor });
        expect(boundValue(once, { redactor })).toEqual(once);
        expect(JSON.parse(JSON.stringify(once))).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });

  it("attributes are flat, and writing them loses nothing", () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anything), (input) => {
        for (const value of Object.values(boundAttributes(input, redactor))) {
          const items: unknown[] = Array.isArray(value) ? value : [value];
          for (const item of items) expect(["string", "number", "boolean", "object"]).toContain(typeof item);
          expect(new Set(items.filter((item) => item !== null).map((item) => typeof item)).size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("for every JSON document within the limits", () => {
  it("the text parses back to the document itself", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const counters = { truncated: 0, redacted: 0 };
        const expected: unknown = JSON.parse(JSON.stringify(value));
        boundValue(value, { redactor, counters });
        fc.pre(counters.truncated === 0 && counters.redacted === 0);
        expect(JSON.parse(written(() => out.value(value)))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("for every string", () => {
  it("plain and string write it well-formed, on one line", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = written(() => out.plain(text));
        expect(JSON.parse(plain)).toBe(text.toWellFormed());
        expect(isSafeLine(plain)).toBe(true);
        expect(JSON.parse(written(() => out.string(text)))).toBe(boundValue(text, { redactor }));
      }),
      { numRuns: 3000 },
    );
  });
});

describe("for every number", () => {
  it("the text is the one JSON.stringify gives", () => {
    const numbers = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.maxSafeNat(), fc.integer());
    fc.assert(
      fc.property(numbers, (value) => {
        expect(written(() => out.number(value))).toBe(JSON.stringify(value));
        expect(written(() => out.uint(value))).toBe(JSON.stringify(value));
      }),
      { numRuns: 5000 },
    );
  });

  it("words become the digits that reading them gives back", () => {
    fc.assert(
      fc.property(fc.int32Array({ minLength: 1, maxLength: 8 }), (words) => {
        const digits = JSON.parse(written(() => out.hex(words, 0, words.length))) as string;
        expect(digits).toMatch(/^[0-9a-f]+$/);
        expect(Int32Array.from(digits.match(/.{8}/g) ?? [], (word) => Number.parseInt(word, 16))).toEqual(words);
      }),
    );
  });
});

describe("for every sequence of writes and rewinds", () => {
  it("the buffer holds exactly what was not taken back", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("text" as const), text: anyText }),
      fc.record({ kind: fc.constant("mark" as const) }),
      fc.record({ kind: fc.constant("rewind" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const writer = createJsonWriter({ redactor, initialBytes: 64 });
        let expected: string[] = [];
        let marked = { at: 0, count: 0 };
        for (const next of steps) {
          if (next.kind === "text") {
            writer.plain(next.text);
            expected.push(next.text.toWellFormed());
            writer.byte(0x0a);
          } else if (next.kind === "mark") marked = { at: writer.mark(), count: expected.length };
          else {
            writer.rewind(marked.at);
            expected = expected.slice(0, marked.count);
          }
        }
        const lines = decoder.decode(writer.bytes.subarray(0, writer.length)).split("\n").slice(0, -1);
        expect(lines.map((line) => JSON.parse(line) as string)).toEqual(expected);
      }),
    );
  });
});
