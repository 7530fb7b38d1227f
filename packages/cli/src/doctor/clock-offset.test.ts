import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkClocks } from "./clock-check.ts";
import { certainOffsetMs, clockOffsetOf } from "./clock-offset.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");

function offset(date: string | undefined, sentEpochMs = NOW, answeredEpochMs = NOW) {
  return clockOffsetOf({ headers: { date }, sentEpochMs, answeredEpochMs });
}

describe("clockOffsetOf", () => {
  it("holds the true offset between its bounds, whatever the way takes", () => {
    const ms = fc.integer({ min: 0, max: 5_000 });
    const property = fc.property(fc.integer({ min: -1e9, max: 1e9 }), ms, ms, (trueOffsetMs, thereMs, backMs) => {
      const date = new Date(NOW + thereMs + trueOffsetMs).toUTCString();
      const found = offset(date, NOW, NOW + thereMs + backMs)!;
      expect(found.leastMs).toBeLessThanOrEqual(trueOffsetMs);
      expect(found.mostMs).toBeGreaterThanOrEqual(trueOffsetMs);
      expect(found.mostMs - found.leastMs).toBe(thereMs + backMs + 1_000);
      expect(certainOffsetMs(found)).toBeLessThanOrEqual(Math.abs(trueOffsetMs));
    });
    fc.assert(property);
  });

  it.each([
    undefined,
    "",
    "now",
    "2026-11-20T12:00:00Z",
    "Fri, 20 Nov 2026 12:00:00 +0100",
    "Fri, 99 Nov 2026 12:00:00 GMT",
  ])("is unknown for the date %j", (date) => expect(offset(date)).toBeUndefined());
});

describe("checkClocks", () => {
  const reading = (offsetMs: number, host = "collector:4318") => ({
    host,
    offset: { leastMs: offsetMs - 500, mostMs: offsetMs + 500 },
  });

  it("says nothing when nobody told the time", () => expect(checkClocks([])).toEqual([]));

  it.each([0, 5_000, -5_000, 5_400])("is content with %d ms", (offsetMs) => {
    expect(checkClocks([reading(offsetMs)])).toMatchObject([{ status: "ok" }]);
  });

  it.each([
    [42_000, "42 s behind that of collector:4318"],
    [-42_000, "42 s ahead of that of collector:4318"],
    [3_600_000, "60 min behind"],
    [-86_400_000, "24 h ahead"],
    [86_400_000 * 400, "400 days behind"],
  ])("says by how much and in which direction, for %d ms", (offsetMs, words) => {
    const [check] = checkClocks([reading(offsetMs)]);
    expect(check).toMatchObject({ status: "warning" });
    expect(check!.what).toContain(words);
  });

  it("speaks of the receiver that is furthest off", () => {
    expect(checkClocks([reading(0, "a"), reading(-60_000, "b"), reading(9_000, "c")])[0]!.what).toContain("of b");
  });
});
