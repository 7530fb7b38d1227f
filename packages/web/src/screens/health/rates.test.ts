import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ratesBetween } from "./rates.ts";

describe("rates", () => {
  it("are what came, by the seconds between", () => {
    const before = { atMs: 1_000, counts: { logs: 100, spans: 5 } };
    expect(ratesBetween(before, { atMs: 3_000, counts: { logs: 140, spans: 5 } })).toEqual({ logs: 20, spans: 0 });
  });

  it("begin at zero again with a server that was started anew", () => {
    expect(ratesBetween({ atMs: 0, counts: { logs: 100 } }, { atMs: 2_000, counts: { logs: 10 } })).toEqual({
      logs: 5,
    });
  });

  it("are unknown without time between two readings", () => {
    expect(ratesBetween({ atMs: 5, counts: { logs: 1 } }, { atMs: 5, counts: { logs: 9 } })).toEqual({});
  });

  it("are never negative, and never not a number", () => {
    const reading = fc.record({ atMs: fc.nat(), counts: fc.dictionary(fc.string(), fc.nat()) });
    fc.assert(
      fc.property(reading, reading, (a, b) => {
        for (const rate of Object.values(ratesBetween(a, b))) expect(rate).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
