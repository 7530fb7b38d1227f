import fc from "fast-check";
import { expect, test } from "vitest";
import type { Alert } from "../../api/client.ts";
import { isHushed, knownValues, matchersOf, rowsFor } from "./silence-matchers.ts";

const alert = (labels: Alert["labels"], more: Partial<Alert> = {}) =>
  ({
    ...{ rule_id: "position", rule_name: "Position", rule_type: "metric_threshold", severity: "error", labels },
    ...more,
  }) as Alert;

test("for an alert the rows are its rule and its group, not what all alerts of the rule have", () => {
  const one = alert({ team: "execution", symbol: "BTC/USDT", venue: "" });
  expect(rowsFor(one, ["symbol", "venue"])).toEqual([
    { label: "rule_id", value: "position" },
    { label: "symbol", value: "BTC/USDT" },
  ]);
  expect(rowsFor(one, [])).toEqual([{ label: "rule_id", value: "position" }]);
});

test("rows are matchers, or say what they lack", () => {
  const row = (label: string, value: string) => ({ label, value });
  expect(matchersOf([row(" symbol ", " BTC* "), row("", "")])).toEqual({ symbol: "BTC*" });
  expect(matchersOf([row("", "")])).toContain("one label at least");
  expect(matchersOf([row("symbol", "")])).toContain("Say what symbol is");
  expect(matchersOf([row("", "BTC")])).toContain("which label is BTC");
  expect(matchersOf([row("a", "1"), row("a", "2")])).toContain("a is there twice");
});

test("all matchers must match; rule and severity are labels as well, and win over labels of the same name", () => {
  const one = alert({ symbol: "BTC/USDT", severity: "mine" });
  expect(isHushed(one, { rule_id: "position", symbol: "BTC/USDT" })).toBe(true);
  expect(isHushed(one, { rule_id: "position", symbol: "ETH/USDT" })).toBe(false);
  expect([isHushed(one, { severity: "error" }), isHushed(one, { severity: "mine" })]).toEqual([true, false]);
  expect(isHushed(one, { venue: "*" })).toBe(false);
});

test("a star stands for anything, and nothing else for another thing than itself", () => {
  const isMatch = (value: string, pattern: string) => isHushed(alert({ value }), { value: pattern });
  const hit = ["BTC/*", "*", "*USDT", "B*T", "*C*S*", "BTC/USDT*", "**"];
  expect(hit.filter((pattern) => !isMatch("BTC/USDT", pattern))).toEqual([]);
  const miss = ["BTC", "*BTC", "USDT*", "b*", "BTC.USDT", "*T/*T*T"];
  expect(miss.filter((pattern) => isMatch("BTC/USDT", pattern))).toEqual([]);
  // Beginning and end do not share letters.
  expect(isMatch("aba", "ab*ba")).toBe(false);
  expect(isMatch("", "*")).toBe(true);
});

test("a pattern matches as the regular expression that says the same", () => {
  const text = fc.string({ maxLength: 6, unit: fc.constantFrom("a", "b", "*") });
  fc.assert(
    fc.property(text, text, (pattern, value) => {
      const same = new RegExp(`^${pattern.replaceAll("*", "[^]*")}$`);
      expect(isHushed(alert({ value }), { value: pattern })).toBe(same.test(value));
    }),
  );
});

test("what alerts have is offered to choose from", () => {
  const known = knownValues([alert({ symbol: "ETH" }), alert({ symbol: "BTC", venue: "" })]);
  expect(known.get("symbol")).toEqual(["BTC", "ETH"]);
  expect(known.get("venue")).toEqual([]);
  expect(known.get("rule_id")).toEqual(["position"]);
});
