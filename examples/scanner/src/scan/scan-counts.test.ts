import { expect, it } from "vitest";
import { successRate } from "./scan-counts.ts";

it("the success rate is the share of the signals that were generated, and 0 where there is none", () => {
  expect([successRate(8, 12), successRate(1, 2), successRate(0, 5), successRate(3, 0), successRate(0, 0)]).toEqual([
    40, 33.3, 0, 100, 0,
  ]);
});
