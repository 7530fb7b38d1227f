import { describe, expect, it } from "vitest";
import { rangeBefore, readTimeSpan, toStoreRange } from "./time-range.ts";

const NOON = Date.parse("2026-11-20T12:00:00Z");
const from = (text: string) => readTimeSpan({ from: text }, NOON).from;

describe("readTimeSpan", () => {
  it.each([
    ["2026-11-20T13:00:00.5+01:00", "2026-11-20T12:00:00.500000Z"],
    ["2026-11-20 06:30-05:30", "2026-11-20T12:00:00.000000Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000000Z"],
    ["1970-01-01", "1970-01-01T00:00:00.000000Z"],
    ["24h", "2026-11-19T12:00:00.000000Z"],
    ["2w", "2026-11-06T12:00:00.000000Z"],
  ])("brings %s to the form of the store", (text, timestamp) => {
    expect(from(text)).toBe(timestamp);
  });

  it.each(["yesterday", "2026-02-30", "0h", ""])("refuses %j by name", (text) => {
    expect(() => from(text)).toThrow(`--from is "${text}"`);
  });

  it("refuses a range of nothing", () => {
    expect(() => readTimeSpan({ from: "1h", to: "1h" }, NOON)).toThrow("--from is not before --to");
    expect(() => readTimeSpan({ from: "1h", to: "2h" }, NOON)).toThrow("--from is not before --to");
    expect(readTimeSpan({}, NOON)).toEqual({ from: undefined, to: undefined });
  });
});

describe("toStoreRange", () => {
  it("ends a microsecond before the end, since both ends of a store's range belong to it", () => {
    expect(toStoreRange(readTimeSpan({ from: "1h", to: "2026-11-20T12:00:00Z" }, NOON))).toEqual({
      startTime: "2026-11-20T11:00:00.000000Z",
      endTime: "2026-11-20T11:59:59.999999Z",
    });
    expect(toStoreRange({ from: undefined, to: undefined })).toEqual({ startTime: undefined, endTime: undefined });
  });
});

describe("rangeBefore", () => {
  it("has the same length and ends where the other begins", () => {
    expect(rangeBefore({ from: "2026-11-20T00:00:00.000000Z", to: "2026-11-27T00:00:00.000000Z" })).toEqual({
      from: "2026-11-13T00:00:00.000000Z",
      to: "2026-11-20T00:00:00.000000Z",
    });
  });
});
