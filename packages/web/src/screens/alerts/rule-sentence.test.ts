import { expect, test } from "vitest";
import { blankCondition, FIRST_RULE } from "./rule-draft.ts";
import { conditionText } from "./rule-sentence.ts";

test("each kind of rule is a line that says when it fires", () => {
  expect(conditionText(FIRST_RULE)).toBe("error_event in 5 min >= 10");
  const metric = { rule_type: "metric_threshold", for_seconds: 60, ...blankCondition("metric_threshold") };
  expect(conditionText(metric)).toBe("avg of cpu_usage over 5 min > 80, held for 60 s");
  const absence = { rule_type: "data_absence", ...blankCondition("data_absence") };
  expect(conditionText(absence)).toBe("no decision for 300 s");
});

test("what narrows a rule down is said, and what is not known yet is a question mark", () => {
  const condition_config = {
    event_type: "decision",
    symbol: "BTC/USDT",
    fields: { severity: "error+" },
    threshold: "x",
  };
  expect(conditionText({ rule_type: "event_frequency", condition_config })).toBe(
    "decision of BTC/USDT with severity=error+ in 5 min >= x",
  );
  expect(conditionText({ rule_type: "metric_threshold", condition_config: {} })).toBe("avg of ? over 5 min ? ?");
  expect(conditionText({ rule_type: "something else" })).toBe("something else");
  expect(conditionText({})).toBe("?");
});

test("of a metric it is said what becomes of it, by what it is divided, and for which groups", () => {
  const condition_config = {
    metric: "open_position_usd",
    labels: { symbol: ["BTC/USDT", "ETH/USDT"], side: "buy" },
    by: ["symbol", "venue"],
    ...{ aggregation: "last", across: "max", remember_minutes: 60, time_window_minutes: 2 },
    divided_by: { metric: "limit_usd", labels: {} },
    ...{ operator: ">", threshold: "0.90" },
  };
  expect(conditionText({ rule_type: "metric_threshold", condition_config })).toBe(
    "last (max) of open_position_usd with symbol=BTC/USDT|ETH/USDT, side=buy / limit_usd for each symbol, venue, 0 for 60 min when it ends, over 2 min > 0.90",
  );
});

test("a long list of values is said by its first two", () => {
  const labels = { status: ["rejected", "REJECTED", "failed", "FAILED"], side: ["buy", "sell"] };
  const condition_config = { metric: "orders_total", labels, aggregation: "sum", operator: ">", threshold: 1 };
  expect(conditionText({ rule_type: "metric_threshold", condition_config })).toBe(
    "sum of orders_total with status=rejected|REJECTED|2 more, side=buy|sell over 5 min > 1",
  );
});
