// Alerts by groups: whom they are about, what becomes of groups that vanish or are too many, and of rules that group differently.
import type { MetricSample } from "@tracebook/store";
import { describe, expect, test } from "vitest";
import { START } from "../../test/alert-arbitraries.ts";
import { createLiveRun, type LiveRun } from "../../test/live-run.ts";
import { DEFAULT_LIFECYCLE } from "../lifecycle/advance-alert.ts";
import { createAlertDesk } from "../lifecycle/alert-desk.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { toStoredRule } from "../rules/stored-rule.ts";
import { AlertCore } from "./alert-core.ts";

const LAG = createRule({ by: ["symbol"] });

describe("a rule with groups", () => {
  test("has an alert for each set of values, which bears them and says them; what lacks a label is a group too", async () => {
    const run = await createLiveRun([LAG]);
    await lookAt(run, 0, 1);
    run.push(
      lag(1, 5, { symbol: "BTC/USDT" }),
      lag(1, 7, { symbol: "ETH/USDT" }),
      lag(1, 9, {}),
      lag(1, 1, { symbol: "SOL" }),
    );
    await lookAt(run, 2, 3);
    const alerts = [...run.records.alertsById.values()];
    expect(alerts.map(({ labels, summary, value }) => [labels, summary, value])).toEqual([
      [{ team: "desk", symbol: "BTC/USDT" }, "Lag: max of lag of symbol BTC/USDT over 0.5 min is 5 (> 2)", 5],
      [{ team: "desk", symbol: "ETH/USDT" }, "Lag: max of lag of symbol ETH/USDT over 0.5 min is 7 (> 2)", 7],
      [{ team: "desk", symbol: "" }, "Lag: max of lag of symbol (none) over 0.5 min is 9 (> 2)", 9],
    ]);
    for (const { alert_id } of alerts) expect(alert_id).toMatch(/^lag-20261120T120002Z-[0-9a-f]{8}$/);
    expect(new Set(alerts.map(({ alert_id }) => alert_id)).size).toBe(3);
    expect(new Set(alerts.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });

  test("has no two alerts of one id, though the digits of their groups are the same", async () => {
    const run = await createLiveRun([createRule({ by: ["host"] })]);
    await lookAt(run, 0, 1);
    // SHA-256 of both begins with 32db30b0.
    run.push(lag(1, 5, { host: "h56894" }), lag(1, 5, { host: "h79401" }));
    await lookAt(run, 2, 3);
    expect(run.problems).toEqual([]);
    expect([...run.records.alertsById.keys()].map((id) => id.slice("lag-20261120T120002Z-".length))).toEqual([
      "32db30b0",
      expect.stringMatching(/^32db30b0[0-9a-f]{8}$/),
    ]);
    run.restart();
    await lookAt(run, 4, 40);
    expect(statesOf(run)).toEqual(["h56894 resolved null", "h79401 resolved null"]);
  });

  test("leaves the alerts of other groups alone when somebody resolves or silences one", async () => {
    const run = await createLiveRun([LAG]);
    const desk = createAlertDesk({ records: run.records, nowMs: () => START * 1_000 + run.nowMs });
    await lookAt(run, 0, 1);
    const matchers = { symbol: "C" };
    await desk.silence({ matchers, until: "2026-11-20T13:00:00Z", by: "ada", reason: "drill" });
    run.push(...["A", "B", "C"].map((symbol) => lag(1, 5, { symbol })));
    await lookAt(run, 2, 3);
    await desk.resolve(idOf(run, "A"), "ada", "restarted");
    await lookAt(run, 4, 5);
    expect(statesOf(run)).toEqual(["A resolved restarted", "B firing null", "C firing null"]);
    expect([...run.records.outbox.values()].map(({ alert, change }) => `${alert.labels["symbol"]} ${change}`)).toEqual([
      "A firing",
      "B firing",
      "A resolved",
    ]);
  });

  test("ends the alert of a group that vanishes, and begins anew when it is back later", async () => {
    const run = await createLiveRun([LAG], { lifecycle: { ...DEFAULT_LIFECYCLE, reopenWithinSeconds: 20 } });
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A" }));
    await lookAt(run, 2, 60);
    expect(statesOf(run)).toEqual(["A resolved null"]);
    run.push(lag(60, 5, { symbol: "A" }));
    await lookAt(run, 61, 62);
    expect(statesOf(run)).toEqual(["A resolved null", "A firing null"]);
  });

  test("that counts does not hold of a group that has vanished, or was never there: it counts nothing, not even 0", async () => {
    const run = await createLiveRun([createRule({ by: ["symbol"], aggregation: "count", operator: "<" })]);
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A" }));
    await lookAt(run, 2, 31);
    expect(statesOf(run)).toEqual(["A firing null"]);
    await lookAt(run, 32, 32);
    expect(statesOf(run)).toEqual(["A resolved null"]);
  });

  test("shares its windows with another of the same groups, and keeps one that the other has done with", async () => {
    const run = await createLiveRun([LAG, { ...createRule({ by: ["symbol"], threshold: 100 }), rule_id: "far-lag" }]);
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A" }));
    await lookAt(run, 2, 40);
    run.push(lag(40, 200, { symbol: "A" }));
    await lookAt(run, 41, 42);
    expect([...run.records.alertsById.values()].map(({ rule_id, state }) => [rule_id, state])).toEqual([
      ["lag", "firing"],
      ["far-lag", "firing"],
    ]);
  });

  test("ends it too when the engine was down while its values ended", async () => {
    const run = await createLiveRun([LAG]);
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A" }), lag(1, 5, { symbol: "B" }));
    await lookAt(run, 2, 3);
    run.restart();
    run.push(lag(20, 5, { symbol: "B" }));
    await lookAt(run, 45, 45);
    expect(statesOf(run)).toEqual(["A resolved null", "B firing null"]);
    expect(run.records.alertsById.get(idOf(run, "A"))?.resolved_at).toBe("2026-11-20T12:00:32.000000Z");
    // Much later nothing of it is left to read but the alerts.
    run.restart();
    await lookAt(run, 5_000, 5_000);
    expect(statesOf(run)).toEqual(["A resolved null", "B resolved null"]);
  });

  test.each([
    ["while the engine runs", false],
    ["while it is down", true],
  ])("ends the alerts of its groups when it groups differently, changed %s", async (_, isDown) => {
    const run = await createLiveRun([LAG]);
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A", venue: "x" }));
    await lookAt(run, 2, 3);
    await save(run, createRule({ by: ["symbol", "venue"] }));
    if (isDown) run.restart();
    await lookAt(run, 4, 5);
    await save(run, createRule({}));
    if (isDown) run.restart();
    await lookAt(run, 6, 7);
    await save(run, LAG);
    if (isDown) run.restart();
    await lookAt(run, 8, 9);
    const note = "The rule has other groups now.";
    expect(
      [...run.records.alertsById.values()].map(({ labels, state, resolution_note }) => [
        labels,
        state,
        resolution_note,
      ]),
    ).toEqual([
      // It came back within the time in which an alert is re-opened.
      [{ team: "desk", symbol: "A" }, "firing", null],
      [{ team: "desk", symbol: "A", venue: "x" }, "resolved", note],
      [{ team: "desk" }, "resolved", note],
    ]);
    expect(run.problems).toEqual([]);
  });

  test("leads its alerts on when its window, its labels or its threshold change", async () => {
    const run = await createLiveRun([LAG]);
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A" }), lag(1, 3, { symbol: "B" }));
    await lookAt(run, 2, 3);
    await save(run, { ...createRule({ by: ["symbol"], time_window_minutes: 1 }), labels: { team: "other" } });
    await lookAt(run, 4, 50);
    expect(statesOf(run)).toEqual(["A firing null", "B firing null"]);
    await save(run, createRule({ by: ["symbol"], time_window_minutes: 1, threshold: 4 }));
    await lookAt(run, 51, 52);
    expect(statesOf(run)).toEqual(["A firing null", "B resolved null"]);
  });

  test("leads its alerts on when it names its labels in another order", async () => {
    const run = await createLiveRun([createRule({ by: ["symbol", "venue"] })]);
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A", venue: "x" }));
    await lookAt(run, 2, 3);
    await save(run, createRule({ by: ["venue", "symbol"] }));
    await lookAt(run, 4, 10);
    run.restart();
    await lookAt(run, 11, 12);
    expect(statesOf(run)).toEqual(["A firing null"]);
  });

  test("ends all its alerts when it is removed, whether the engine runs then or not, and goes on with them when it is back soon", async () => {
    const run = await createLiveRun([LAG]);
    await lookAt(run, 0, 1);
    run.push(lag(1, 5, { symbol: "A" }));
    await lookAt(run, 2, 3);
    await run.records.saveRule({ ...(await run.records.rule("lag"))!, is_active: false });
    await lookAt(run, 4, 4);
    expect(statesOf(run)).toEqual(["A resolved The rule was switched off."]);
    await save(run, LAG);
    run.push(lag(5, 5, { symbol: "B" }));
    await lookAt(run, 6, 7);
    expect(statesOf(run)).toEqual(["A firing null", "B firing null"]);
    await run.records.removeRule("lag", "2026-11-20T12:00:08.000000Z");
    run.restart();
    await lookAt(run, 8, 9);
    expect(statesOf(run)).toEqual(["A resolved The rule was removed.", "B resolved The rule was removed."]);
    expect(run.problems).toEqual([]);
  });
});

describe("of more than 1,000 groups", () => {
  test("the known ones go on, new ones are left out, the rule says so, and no longer once some have gone", async () => {
    const run = await createLiveRun([LAG], { lifecycle: { ...DEFAULT_LIFECYCLE, reopenWithinSeconds: 10 } });
    await lookAt(run, 0, 1);
    run.push(...Array.from({ length: 1_000 }, (_, i) => lag(1, 5, { symbol: `S${i}` })));
    await lookAt(run, 2, 2);
    expect((await run.records.rule("lag"))?.problem).toBeNull();
    run.push(lag(2, 5, { symbol: "T" }), lag(2, 5, { symbol: "S7" }));
    await lookAt(run, 3, 33);
    expect((await run.records.rule("lag"))?.problem).toMatch(/has 1000 groups/);
    expect(run.engine.stats()).toMatchObject({ brokenRules: 0, alerts: { firing: 0, resolved: 1_000 } });
    await lookAt(run, 34, 60);
    expect((await run.records.rule("lag"))?.problem).toBeNull();
    run.push(lag(60, 5, { symbol: "T" }));
    await lookAt(run, 61, 61);
    expect(run.engine.stats().alerts).toEqual({ pending: 0, firing: 1, acknowledged: 0, resolved: 0 });
    expect(run.problems).toEqual([]);
  });

  test("groups that come and go leave nothing behind, of rules that share their windows too", () => {
    const core = new AlertCore(START, { ...DEFAULT_LIFECYCLE, reopenWithinSeconds: 5 });
    core.setRule(LAG, START);
    core.setRule({ ...LAG, rule_id: "lag-2", for_seconds: 100 }, START);
    const [shared] = core.windows.unfilled();
    for (let second = 0; second < 400; second++) {
      const samples = Array.from({ length: 20 }, (_, i) => lag(second, 5, { symbol: `${second}/${i}` }));
      core.add({ counts: [], samples, cursor: "", isMore: false, isByMinutes: false }, START + second);
      core.advance();
      core.takeEffects();
    }
    // Those of the window of 30 seconds, and of the 5 in which an alert is re-opened.
    expect([...shared!.groups.values()].length).toBeLessThanOrEqual(20 * 37);
    for (let second = 0; second < 60; second++) core.advance();
    expect([...shared!.groups.values()]).toEqual([]);
    expect(core.alerts.size).toBe(0);
  });
});

function createRule(more: object): AlertRule {
  return parseAlertRule({
    rule_name: "Lag",
    rule_type: "metric_threshold",
    severity: "warning",
    labels: { team: "desk" },
    condition_config: {
      metric: "lag",
      operator: ">",
      threshold: 2,
      time_window_minutes: 0.5,
      aggregation: "max",
      ...more,
    },
    notification_channels: ["slack"],
  });
}

function lag(second: number, value: number, labels: Readonly<Record<string, string>>): MetricSample {
  const rest = { source: "otlp", metric: "lag", unit: "s", exact: null, buckets: null, percentiles: null } as const;
  return { ...rest, second: START + second, value, labels };
}

async function save({ records }: LiveRun, rule: AlertRule): Promise<void> {
  await records.saveRule(toStoredRule(rule, "2026-11-20T12:00:00.000000Z"));
}

async function lookAt(run: LiveRun, from: number, to: number): Promise<void> {
  for (let second = from; second <= to; second++) {
    run.nowMs = second * 1_000 + 500;
    await run.engine.look();
  }
}

function idOf({ records }: LiveRun, value: string): string {
  return [...records.alertsById.values()].find(({ labels }) => Object.values(labels).includes(value))!.alert_id;
}

/** Of each alert the value of its group's label, its state, and why it ended. */
function statesOf({ records }: LiveRun): readonly string[] {
  return [...records.alertsById.values()].map(
    ({ labels, state, resolution_note }) => `${labels["symbol"] ?? labels["host"]} ${state} ${resolution_note}`,
  );
}
