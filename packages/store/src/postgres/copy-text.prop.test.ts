// Properties of texts on their way to PostgreSQL.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyRow, toInstant, toJsonb } from "./copy-text.ts";

/** Reads a row of COPY as its documentation says. */
function readRow(line: string): readonly (string | null)[] {
  const escapes: Readonly<Record<string, string>> = { "\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r" };
  return line
    .slice(0, -1)
    .split("\t")
    .map((cell) => (cell === "\\N" ? null : cell.replace(/\\./g, (one) => escapes[one]!)));
}

const special = fc.constantFrom("\\", "\t", "\n", "\r", "\\N", "\\u0000", "a", "ß", "😀");
const text = fc
  .array(fc.oneof(special, fc.string({ unit: "grapheme" })), { maxLength: 12 })
  .map((parts) => parts.join("").replaceAll("\0", ""));

describe("texts for PostgreSQL", () => {
  test("a row is one line, and its cells are read again as they were", () => {
    fc.assert(
      fc.property(fc.array(fc.option(text), { minLength: 1, maxLength: 5 }), (cells) => {
        const line = copyRow(cells);
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(readRow(line)).toEqual(cells);
      }),
    );
  });

  test("NUL is a sign that a column can hold", () => {
    expect(copyRow(["a\0b", 1.5, undefined])).toBe("a\ufffdb\t1.5\t\\N\n");
  });

  test("JSON without NUL and halves of characters is as it was, and with them the rest of it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, key) => {
        const given = JSON.stringify({ [key]: value, note: "\\u0000" });
        const clean = toJsonb(given);
        const unfit = /[\0\ud800-\udfff]/u;
        const isUnfit = (one: string) => unfit.test(one);
        const read = JSON.parse(clean) as Readonly<Record<string, unknown>>;
        for (const name of Object.keys(read)) expect(isUnfit(name)).toBe(false);
        expect(read["note"]).toBe("\\u0000");
        expect(JSON.stringify(JSON.parse(given)).length).toBeGreaterThanOrEqual(JSON.stringify(read).length);
        if (!/\\u(?:0000|d[89a-f])/.test(given.replaceAll("\\\\", ""))) expect(clean).toBe(given);
      }),
    );
  });

  test("the year 0 is the first before Christ", () => {
    expect(toInstant("0000-02-29T12:00:00.000001Z")).toBe("0001-02-29T12:00:00.000001+00 BC");
    expect(toInstant("2026-11-20T12:34:56.789012Z")).toBe("2026-11-20T12:34:56.789012Z");
  });
});
