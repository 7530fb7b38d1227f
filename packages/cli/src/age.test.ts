import { describe, expect, it } from "vitest";
import { ageOption, parseAge } from "./age.ts";

const HOUR = 3_600_000;

describe("parseAge", () => {
  it.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["12h", 12 * HOUR],
    ["30d", 720 * HOUR],
    ["4w", 672 * HOUR],
    ["36500d", 876_000 * HOUR],
  ])("reads %s", (text, ms) => {
    expect(parseAge(text)).toBe(ms);
  });

  it.each(["", "0d", "00h", "30", "d", "-3d", "1.5d", "30 d", "30D", "30y", "36501d", "9999999999d", "3d2h"])(
    "refuses %j",
    (text) => {
      expect(parseAge(text)).toBeUndefined();
      expect(() => ageOption("older-than", text)).toThrow(`--older-than is "${text}"`);
    },
  );
});
