import { describe, expect, it } from "vitest";
import { parseInstant } from "./instant.ts";

const NOON = Date.UTC(2026, 10, 20, 12) * 1000;

describe("parseInstant", () => {
  it.each([
    ["2026-11-20T12:00:00.000001Z", NOON + 1],
    ["2026-11-20T12:00:00.5", NOON + 500_000],
    ["2026-11-20 12:00:00,25", NOON + 250_000],
    ["2026-11-20T12:00", NOON],
    ["2026-11-20t12:00:00z", NOON],
    ["2026-11-20T13:00:00+01:00", NOON],
    ["2026-11-20", NOON - 12 * 3_600e6],
    ["2028-02-29", Date.UTC(2028, 1, 29) * 1000],
  ])("reads %s", (text, micros) => {
    expect(parseInstant(text)).toBe(micros);
  });

  it.each([
    "",
    "now",
    "2026-02-30",
    "2026-02-29T12:00:00Z",
    "2026-13-01",
    "2026-11-20T25:00",
    "2026-11-20T",
    "20261120",
  ])("refuses %j", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
