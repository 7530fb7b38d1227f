import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimestampParameter } from "./timestamp-parameter.ts";

const FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const instant = fc.integer({ min: 86_400_000, max: LAST - 86_400_000 });
const pad = (value: number) => String(value).padStart(2, "0");

describe("a time as a parameter", () => {
  it("is the same instant in whatever offset it is written", () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        fc.constantFrom("T", " ", "t"),
        (ms, minutes, letter) => {
          const sign = minutes < 0 ? "-" : "+";
          const offset = `${sign}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
          const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1).replace("T", letter);
          const wanted = `${new Date(ms).toISOString().slice(0, -1)}000Z`;
          expect(parseTimestampParameter(`${local}${offset}`)).toBe(wanted);
          // A plus sign that a URL has turned into a space, and an offset without its colon.
          expect(parseTimestampParameter(`${local}${offset.replace("+", " ")}`)).toBe(wanted);
          expect(parseTimestampParameter(`${local}${offset.replace(":", "")}`)).toBe(wanted);
        },
      ),
    );
  });

  it("keeps six digits, and cuts what is behind them", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 9 }), fc.nat(999_999_999), (ms, digits, value) => {
        const fraction = String(value).padStart(9, "0").slice(0, digits);
        const second = new Date(ms).toISOString().slice(0, 19);
        const expected = `${second}.${fraction.padEnd(6, "0").slice(0, 6)}Z`;
        expect(parseTimestampParameter(`${second}.${fraction}Z`)).toBe(expected);
        expect(parseTimestampParameter(`${second},${fraction}`)).toBe(expected);
      }),
    );
  });

  it("sorts as text as it does as time", () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [one, other] = [a, b].map((ms) => parseTimestampParameter(new Date(ms).toISOString()) as string);
        expect(Math.sign(a - b)).toBe(one! < other! ? -1 : one! > other! ? 1 : 0);
      }),
    );
  });

  it("is of the one form, or nothing at all, whatever text it is", () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?( ?[+-]\d\d:?\d\d|Z)?$/),
    );
    fc.assert(
      fc.property(text, (given) => {
        const read = parseTimestampParameter(given);
        if (read === undefined) return;
        expect(read).toMatch(FORM);
        expect(Number.isNaN(Date.parse(read))).toBe(false);
        // What it gives it takes, and gives again.
        expect(parseTimestampParameter(read)).toBe(read);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-11-31",
    "2026-11-20T24:01",
    "2026-11-20T12:60",
    "1969-12-31T23:59:59Z",
    "2026-11-20T12:00:00+24:00",
    "2026-11-20T12:00:00+12:60",
  ])("is not %s", (text) => {
    expect(parseTimestampParameter(text)).toBeUndefined();
  });

  it("may be a day alone, in UTC", () => {
    expect(parseTimestampParameter("2024-02-29")).toBe("2024-02-29T00:00:00.000000Z");
  });
});
