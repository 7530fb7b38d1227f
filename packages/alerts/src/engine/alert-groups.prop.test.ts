// A rule with groups is as many rules without: one for each set of values of its labels, with these values as what it asks for.
import type { MetricSample } from "@tracebook/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { START } from "../../test/alert-arbitraries.ts";
import { createLiveRun, type LiveRun, play } from "../../test/live-run.ts";
import { createMemoryFeed } from "../../test/memory-feed.ts";
import { backtestRule } from "../backtest/backtest-rule.ts";
import type { Alert } from "../lifecycle/alert.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";

const SECONDS = 100;
const HOSTS = ["h1", "h2", "h3"];
const ZONES = ["a", "b"];
const LIFECYCLE = { reopenWithinSeconds: 12, maxChanges: 3, flapWindowSeconds: 20 };

const shape = fc.record({
  aggregation: fc.constantFrom("avg", "sum", "min", "max", "count", "p50", "p95", "last", "rate"),
  operator: fc.constantFrom(">", ">=", "<", "<=", "==", "!="),
  threshold: fc.constantFrom(0.3, 1, 2),
  seconds: fc.integer({ min: 2, max: 8 }),
  forSeconds: fc.constantFrom(0, 0, 1, 3),
  remembered: fc.constantFrom(undefined, 11),
  isRatio: fc.constantFrom(false, false, true),
  by: fc.constantFrom(["host"], ["host", "zone"], ["zone"]),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

const sample: fc.Arbitrary<MetricSample> = fc.record({
  source: fc.constantFrom("otlp", "system_metric"),
  metric: fc.constantFrom("load", "load", "capacity"),
  unit: fc.constant("1"),
  labels: fc.record({ host: fc.constantFrom(...HOSTS), zone: fc.constantFrom(...ZONES) }),
  second: fc.integer({ min: START, max: START + 90 }),
  value: fc.constantFrom(0.1, 0.2, 0.3, 0.7, 1, 2),
  exact: fc.constant(null),
  buckets: fc.constant(null),
  percentiles: fc.constant(null),
});
const stream = fc.array(sample, { maxLength: 100 }).map((samples) => [...samples].sort((a, b) => a.second - b.second));
/** Without a value of a group nothing holds of it; a rule without groups that counts has one, 0, and so has a rate. */
const ofSameValues = shape.filter(
  ({ aggregation, operator, isRatio }) =>
    isRatio || !["count", "rate"].includes(aggregation) || [">", ">=", "=="].includes(operator),
);

test("a rule with groups fires, resolves and notifies as the rules do that ask for one of them each, with the same values", () =>
  fc.assert(
    fc.asyncProperty(ofSameValues, stream, async (given, samples) => {
      const grouped = await runOf([createRule(given, given.by, {}, "Grouped")], samples);
      const single = await runOf(
        groupsOf(given.by).map((labels, i) => createRule(given, [], labels, `Single ${i}`)),
        samples,
      );
      const of = (run: LiveRun) => alertsOf(run).map((lives) => JSON.stringify(lives));
      expect(of(grouped).sort()).toEqual(of(single).sort());
      expect(grouped.problems).toEqual([]);
    }),
    { numRuns: 200 },
  ));

test("a back-test says of which group each firing is, and what the live engine does", () =>
  fc.assert(
    fc.asyncProperty(shape, stream, async (given, samples) => {
      const rule = createRule(given, given.by, {}, "Grouped");
      const run = await runOf([rule], samples);
      const feed = createMemoryFeed();
      feed.items.push(...samples);
      const range = { from: toText(START), to: toText(START + SECONDS) };
      const { firings, notifications } = await backtestRule(rule, feed, range, LIFECYCLE);
      const tried = firings.flatMap(({ labels, fired_at, resolved_at, is_reopened }) => [
        `${JSON.stringify(labels)} ${is_reopened ? "reopened" : "firing"} ${fired_at}`,
        ...(resolved_at === null ? [] : [`${JSON.stringify(labels)} resolved ${resolved_at}`]),
      ]);
      expect(tried.sort()).toEqual(changesOf(run, given.by).sort());
      expect(notifications).toBe(run.records.outbox.size);
    }),
    { numRuns: 150 },
  ));

test("an engine that dies before or after any commit leads every group on, and notifies each change once", () =>
  fc.assert(
    fc.asyncProperty(
      shape,
      stream,
      fc.array(fc.record({ second: fc.integer({ min: 1, max: SECONDS }), isAfter: fc.boolean() }), { maxLength: 12 }),
      async (given, samples, blows) => {
        const rule = createRule(given, given.by, {}, "Grouped");
        const undisturbed = await runOf([rule], samples);
        const run = await createLiveRun([rule], { lifecycle: LIFECYCLE });
        const blowAt = new Map(blows.map(({ second, isAfter }) => [second, isAfter]));
        await play(run, samples, SECONDS, async (second) => {
          const isAfter = blowAt.get(second);
          if (isAfter === undefined) return;
          const die = () => {
            throw new Error("killed");
          };
          run.records[isAfter ? "afterCommit" : "beforeCommit"] = die;
          await run.engine.look();
          run.records.beforeCommit = () => {};
          run.records.afterCommit = () => {};
          run.restart();
        });
        expect(changesOf(run, given.by).sort()).toEqual(changesOf(undisturbed, given.by).sort());
        expect([...run.records.outbox.keys()].sort()).toEqual([...undisturbed.records.outbox.keys()].sort());
      },
    ),
    { numRuns: 150 },
  ));

function createRule(given: Shape, by: readonly string[], labels: Readonly<Record<string, string>>, rule_name: string) {
  const { aggregation, operator, threshold, seconds, forSeconds, remembered, isRatio } = given;
  return parseAlertRule({
    rule_name,
    rule_type: "metric_threshold",
    severity: "warning",
    for_seconds: forSeconds,
    notification_channels: ["slack"],
    condition_config: {
      metric: "load",
      labels,
      by,
      aggregation,
      operator,
      threshold,
      time_window_minutes: seconds / 60,
      ...(aggregation === "last" && remembered !== undefined ? { remember_minutes: remembered / 60 } : {}),
      ...(isRatio ? { divided_by: { metric: "capacity", labels } } : {}),
    },
  });
}

async function runOf(rules: readonly AlertRule[], samples: readonly MetricSample[]): Promise<LiveRun> {
  const run = await createLiveRun(rules, { lifecycle: LIFECYCLE });
  await play(run, samples, SECONDS);
  return run;
}

/** What became of each alert, whatever its rule is called. */
function alertsOf({ records }: LiveRun) {
  return [...records.alertsById.values()].map((alert) => {
    const { alert_id, rule_id, rule_name, labels, fingerprint, summary, revision, ...life } = alert;
    const history = records.entries.filter((entry) => entry.alert_id === alert_id);
    const told = [...records.outbox.values()].filter((entry) => entry.alert_id === alert_id);
    return {
      life,
      history: history.map(({ alert_id: _, ...entry }) => entry),
      told: told.map(({ change, created_at }) => [change, created_at]),
    };
  });
}

function changesOf({ records }: LiveRun, by: readonly string[]): string[] {
  return records.entries
    .filter(({ change }) => change === "firing" || change === "reopened" || change === "resolved")
    .map(
      ({ alert_id, change, changed_at }) => `${groupOf(records.alertsById.get(alert_id)!, by)} ${change} ${changed_at}`,
    );
}

function groupOf({ labels }: Alert, by: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(by.map((name) => [name, labels[name]])));
}

function groupsOf(by: readonly string[]): readonly Readonly<Record<string, string>>[] {
  const hosts = by.includes("host") ? HOSTS.map((host) => ({ host })) : [{}];
  return hosts.flatMap((host) => (by.includes("zone") ? ZONES.map((zone) => ({ ...host, zone })) : [host]));
}

function toText(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`;
}
