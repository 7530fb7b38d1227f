// A standard rule fires for the same in both of its homes: evaluated on a store by the engine, and by Prometheus as the Collector's files have it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Store } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { hasPromtool, testRules } from "../../test/promtool.ts";
import { type Scenario, toPoints, toPromtoolTests } from "../../test/rule-scenario.ts";
import { STANDARD_SCENARIOS } from "../../test/standard-scenarios.ts";
import { backtestRule } from "../backtest/backtest-rule.ts";
import { standardAlertRules } from "./standard-alert-rules.ts";

/** Ahead of every clock: single samples that are older than two days are removed. */
const START = Date.UTC(2200, 0, 1) / 1_000;
const HOUR_S = 3_600;
/** Between two scenarios: nothing is remembered for longer. */
const APART_S = 8 * HOUR_S;
const RULES = new Map(standardAlertRules().map((rule) => [rule.rule_name, rule]));
function ruleOf(name: string) {
  const rule = RULES.get(name);
  if (rule === undefined) throw new RangeError(`There is no standard rule ${name}.`);
  return rule;
}

it("every standard rule has scenarios in which it fires, and such in which it does not", () => {
  for (const name of RULES.keys()) {
    const counts = STANDARD_SCENARIOS.filter(({ rule }) => rule === name).map(
      ({ firing }) => firing.flatMap(([, alerts]) => alerts).length,
    );
    expect([name, Math.min(...counts), Math.max(...counts) > 0]).toEqual([name, 0, true]);
  }
});

describe("on a store", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracebook-standard-rules-"));
  let store: Store;
  beforeAll(async () => {
    store = await openSqliteStore({ path: join(folder, "telemetry.db") });
    for (const [i, { series }] of STANDARD_SCENARIOS.entries())
      await store.writePoints(toPoints(series, START + i * APART_S));
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(STANDARD_SCENARIOS.map((scenario, i) => [scenario.rule, scenario.what, scenario.firing, i] as const))(
    "%s: %s",
    async (name, _what, firing, i) => {
      const start = START + i * APART_S;
      const range = { from: timeOf(start), to: timeOf(start + HOUR_S) };
      const { firings, problem } = await backtestRule(ruleOf(name), store.alertFeed, range);
      expect(problem).toBeNull();
      const foundAt = (now: string) =>
        firings.filter(({ fired_at, resolved_at }) => fired_at <= now && (resolved_at ?? "~") > now);
      for (const [second, alerts] of firing) {
        const found = foundAt(timeOf(start + second)).map(({ labels }) => labels);
        expect(found, `after ${second / 60} minutes`).toEqual(alerts);
      }
    },
  );
});

// An hour of each scenario, evaluated every half a minute.
it.skipIf(!hasPromtool)("in Prometheus all of it comes out the same", { timeout: 180_000 }, () => {
  const { status, said } = testRules(collectorRules(), toPromtoolTests(STANDARD_SCENARIOS, toAlert));
  expect(said).toMatch(/SUCCESS/);
  expect(status).toBe(0);
});

/** The alerts of the Collector's files that a store has, too, without what people read of them. */
function collectorRules(): string {
  const files = ["trading-alerts.yml", "telemetry-alerts.yml"].map((file) =>
    readFileSync(fileURLToPath(new URL(`../../../../collector/prometheus/rules/${file}`, import.meta.url)), "utf8"),
  );
  const rules = files
    .flatMap((text) => (parse(text) as { groups: { rules: { alert: string }[] }[] }).groups)
    .flatMap((group) => group.rules)
    .filter(({ alert }) => RULES.has(alert))
    .map((rule) => ({ ...rule, annotations: {} }));
  expect(rules.map(({ alert }) => alert).sort()).toEqual([...RULES.keys()].sort());
  return stringify({ groups: [{ name: "both-homes", rules }] }, { lineWidth: 0 });
}

function toAlert(name: string, labels: Scenario["firing"][number][1][number]) {
  const { service_name: job, instance_id: instance, ...others } = labels;
  const { severity, labels: own } = ruleOf(name);
  const named = Object.entries({ job, instance, ...others, severity, ...own }).filter(
    ([, value]) => value !== undefined,
  );
  return { exp_labels: Object.fromEntries(named) as { [label: string]: string } };
}

function timeOf(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}.000000Z`;
}
