import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLook } from "../testing/candles.ts";
import { confluenceOf, FACTOR_WEIGHTS } from "./confluence.ts";
import { FULL_LEAN } from "./indicators.ts";
import { mirror } from "./market-look.ts";
import { findOpportunity } from "./opportunity.ts";

describe("of any market", () => {
  it("mirror(mirror(look)) is look", () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        expect(mirror(mirror(look))).toEqual(look);
      }),
    );
  });

  it("what speaks for a rise and what speaks for a fall are 10,000 together, factor by factor, exactly", () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const [rise, fall] = [confluenceOf(look).factors, confluenceOf(mirror(look)).factors];
        for (const name of ["trend", "momentum", "room", "book", "flow"] as const)
          expect(rise[name] + fall[name]).toBe(FULL_LEAN);
      }),
    );
  });

  it("a score is between 0 and 10,000, and the weights are 100 together", () => {
    expect(Object.values(FACTOR_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBe(100);
    fc.assert(
      fc.property(anyLook, (look) => {
        const { score } = confluenceOf(look);
        expect(Number.isInteger(score) && score >= 0 && score <= FULL_LEAN).toBe(true);
      }),
    );
  });

  it("the opportunity in the mirror is the same trade upside down, but for a tie", () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const found = findOpportunity(look);
        fc.pre(confluenceOf(look).score !== confluenceOf(mirror(look)).score);
        // Spreads are parts of a positive price: in the mirror there is none.
        const { spread: _, ...other } = findOpportunity(mirror(look));
        expect(other).toEqual({
          ...other,
          direction: found.direction === "LONG" ? "SHORT" : "LONG",
          score: found.score,
          setupType: found.setupType,
          rewardPercent: found.rewardPercent,
          entry: -found.entry,
          stop: -found.stop,
          target: -found.target,
        });
      }),
    );
  });

  it("the stop is on the losing side of the entry, the target is not, and the ratio is theirs", () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const { direction, entry, stop, target, rewardPercent } = findOpportunity(look);
        const way = direction === "LONG" ? 1n : -1n;
        const [risk, reward] = [(entry - stop) * way, (target - entry) * way];
        expect(risk > 0n && reward >= 0n).toBe(true);
        const ratio = BigInt(rewardPercent);
        expect(ratio * risk <= reward * 100n && reward * 100n < (ratio + 1n) * risk).toBe(true);
        expect(entry).toBe(direction === "LONG" ? look.ask : look.bid);
      }),
    );
  });
});
