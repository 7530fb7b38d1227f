import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredAlertRule } from "../../api/client.ts";
import { draftOf, nearestValue, valueAt, withValue } from "./rule-draft.ts";

const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes("."));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("."));

test("what is written at a path is read there, whatever stood in the way, and the draft before it stays as it was", () => {
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue()), path, fc.jsonValue(), (draft, at, value) => {
      const before = JSON.stringify(draft);
      expect(valueAt(withValue(draft, at, value), at)).toEqual(value);
      expect(JSON.stringify(draft)).toBe(before);
    }),
  );
});

test("a field that is taken out leaves its neighbours", () => {
  const draft = { rule_name: "a", condition_config: { threshold: 1, symbol: "BTC/USDT" } };
  expect(withValue(draft, "condition_config.symbol", undefined)).toEqual({
    rule_name: "a",
    condition_config: { threshold: 1 },
  });
});

test("names of an object's own machinery are names like any other", () => {
  const draft = withValue({}, "__proto__.isAdmin", true);
  expect(Object.getPrototypeOf(draft)).toBe(Object.prototype);
  expect(valueAt({}, "constructor.name")).toBeUndefined();
  expect(valueAt(draft, "__proto__.isAdmin")).toBe(true);
});

test("the nearest form is JSON where it is JSON, else the word that it is", () => {
  expect(nearestValue("80")).toBe(80);
  expect(nearestValue('"High CPU Usage"')).toBe("High CPU Usage");
  expect(nearestValue("warning")).toBe("warning");
  expect(nearestValue(">=")).toBe(">=");
  expect(nearestValue('["slack"]')).toEqual(["slack"]);
});

test("of a stored rule what people write is taken over, numbers of any length included", () => {
  const rule = {
    ...{ rule_id: "cpu", rule_name: "CPU", for_seconds: 60, labels: {}, notification_channels: [], license_id: null },
    ...{ is_active: false, problem: null, revision: 12, created_at: "", updated_at: "" },
    ...{ condition_config: { threshold: 80 } },
  } as unknown as StoredAlertRule;
  expect(draftOf(rule)).toEqual({
    ...{ rule_id: "cpu", rule_name: "CPU", for_seconds: 60, is_active: false },
    condition_config: { threshold: 80 },
  });
});
