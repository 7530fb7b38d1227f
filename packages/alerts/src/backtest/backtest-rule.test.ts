// What a back-test says of data that are not whole, of a rule that breaks, and of a range that is none.
import type { AlertFeed } from "@tracebook/store";
import { expect, test } from "vitest";
import { START } from "../../test/alert-arbitraries.ts";
import { createMemoryFeed } from "../../test/memory-feed.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { backtestRule } from "./backtest-rule.ts";

const RANGE = { from: "2026-11-20T12:00:00Z", to: "2026-11-20T12:10:00Z" };
const RULE = parseAlertRule({
  rule_name: "Load",
  rule_type: "metric_threshold",
  severity: "warning",
  condition_config: { metric: "load", operator: ">", threshold: 1, time_window_minutes: 1, aggregation: "max" },
  notification_channels: ["slack", "email"],
});

test("a back-test gives the worst value of each firing, and the notifications for all channels", async () => {
  const result = await backtestRule(RULE, feedOf([10, 2], [40, 3], [580, 5]), RANGE);
  expect(result).toEqual({
    firings: [
      { labels: {}, fired_at: at(11), resolved_at: at(101), peak_value: 3, is_reopened: false },
      { labels: {}, fired_at: at(581), resolved_at: null, peak_value: 5, is_reopened: true },
    ],
    notifications: 6,
    has_flapped: false,
    precision: "second",
    problem: null,
  });
});

test("a back-test knows what came before its range", async () => {
  const { firings } = await backtestRule(RULE, feedOf([10, 2]), { ...RANGE, from: "2026-11-20T12:00:30Z" });
  expect(firings).toMatchObject([{ fired_at: at(31), resolved_at: at(71) }]);
});

test("a back-test says when values of whole minutes stood for single ones", async () => {
  const feed = feedOf([10, 2]);
  const coarse: AlertFeed = {
    ...feed,
    range: async (...args) => ({ ...(await feed.range(...args)), isByMinutes: true }),
  };
  expect((await backtestRule(RULE, coarse, RANGE)).precision).toBe("minute");
});

test("a back-test of a rule that breaks says why, and what it would have done up to then", async () => {
  const sum = parseAlertRule({ ...RULE, condition_config: { ...RULE.condition_config, aggregation: "sum" } });
  const values = [
    [10, 2],
    [200, Number.POSITIVE_INFINITY],
    [201, Number.NEGATIVE_INFINITY],
  ] as const;
  const result = await backtestRule(sum, feedOf(...values), RANGE);
  expect(result.problem).toMatch(/no number/);
  expect(result.firings[0]).toMatchObject({ fired_at: at(11), resolved_at: at(71) });
});

test.each([
  ["2026-11-20T12:00:00Z", "2026-11-20T11:00:00Z"],
  ["2026-11-20T12:00:00Z", "2027-11-20T12:00:00Z"],
  ["yesterday", "2026-11-20T12:00:00Z"],
])("a range from %s to %s is refused", async (from, to) => {
  await expect(backtestRule(RULE, feedOf(), { from, to })).rejects.toThrow(/0 seconds to 31 days/);
});

function feedOf(...values: readonly (readonly [second: number, value: number])[]): AlertFeed {
  const feed = createMemoryFeed();
  const sample = {
    source: "otlp",
    metric: "load",
    unit: "1",
    labels: {},
    exact: null,
    buckets: null,
    percentiles: null,
  } as const;
  for (const [second, value] of values) feed.items.push({ ...sample, second: START + second, value });
  return feed;
}

function at(second: number): string {
  return `${new Date((START + second) * 1_000).toISOString().slice(0, 19)}.000000Z`;
}
