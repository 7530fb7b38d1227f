import { expect, test } from "vitest";
import { thresholdMove } from "./threshold-move.ts";

test("a threshold that is moved by an amount moves by it, one that is set by what is between", () => {
  expect(thresholdMove({ mode: "by", text: "-0.30" }, ["0.5", "1.5"])).toBe("-0.30");
  expect(thresholdMove({ mode: "set", text: "1.2" }, ["1.50", "1.5"])).toBe("-0.30");
});

test("where thresholds differ there is no one distance, and none where nothing is changed", () => {
  expect(thresholdMove({ mode: "set", text: "1.2" }, ["0.5", "1.5"])).toBeUndefined();
  expect(thresholdMove({ mode: "set", text: "1.2" }, [])).toBeUndefined();
  expect(thresholdMove(undefined, ["1.5"])).toBeUndefined();
});
