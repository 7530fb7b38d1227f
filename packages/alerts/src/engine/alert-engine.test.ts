// The engine among people, other engines, and rules that break.
import { describe, expect, test } from "vitest";
import { START } from "../../test/alert-arbitraries.ts";
import { changesOf, createLiveRun, type LiveRun } from "../../test/live-run.ts";
import { createAlertDesk } from "../lifecycle/alert-desk.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { toStoredRule } from "../rules/stored-rule.ts";

/** Fires with one error within the last ten seconds. */
const ERRORS = frequency({ rule_name: "Errors", notification_channels: ["slack"] });

describe("the engine", () => {
  test("notifies a change once, however often it looks, and of a rule with no channel by the default one", async () => {
    const run = await createLiveRun([ERRORS, frequency({ rule_name: "Others" })]);
    await lookAt(run, 0, 3);
    run.push(error(3));
    await lookAt(run, 4, 9);
    expect(outboxOf(run)).toEqual(["errors 1 firing slack", "others 1 firing default"]);
    await lookAt(run, 10, 30);
    expect(outboxOf(run)).toEqual([
      "errors 1 firing slack",
      "others 1 firing default",
      "errors 2 resolved slack",
      "others 2 resolved default",
    ]);
    expect(changesOf(run.records)).toEqual([
      ["firing", 4],
      ["firing", 4],
      ["resolved", 14],
      ["resolved", 14],
    ]);
    expect(run.engine.stats()).toMatchObject({
      role: "evaluator",
      rules: 2,
      brokenRules: 0,
      notifications: 4,
      lagSeconds: 0.5,
    });
  });

  test("has what fired in the outbox within a second and its lateness of when the condition came true", async () => {
    const run = await createLiveRun([ERRORS]);
    await lookAt(run, 0, 3);
    run.push(error(3));
    await lookAt(run, 4, 4);
    const [notification] = run.records.outbox.values();
    // The second ends at 4, and was written at 4.5.
    expect(notification?.created_at).toBe("2026-11-20T12:00:04.000000Z");
    expect(run.nowMs).toBe(4_500);
  });

  test("leaves a broken rule alone, says why, and goes on with the others", async () => {
    const run = await createLiveRun([ERRORS]);
    const stored = toStoredRule(ERRORS, "2026-11-20T12:00:00.000000Z");
    await run.records.saveRule({ ...stored, rule_id: "spoilt", condition_config: { event_type: 7 } });
    const average = { metric: "load", operator: ">", threshold: 1 };
    const load = parseAlertRule({
      rule_name: "Load",
      rule_type: "metric_threshold",
      severity: "info",
      condition_config: average,
    });
    await run.records.saveRule(toStoredRule(load, "2026-11-20T12:00:00.000000Z"));
    await lookAt(run, 0, 1);
    const sample = {
      source: "otlp",
      metric: "load",
      unit: "1",
      labels: {},
      second: START + 1,
      exact: null,
      buckets: null,
      percentiles: null,
    } as const;
    run.push({ ...sample, value: Number.POSITIVE_INFINITY }, { ...sample, value: Number.NEGATIVE_INFINITY }, error(1));
    await lookAt(run, 2, 3);
    expect((await run.records.rule("spoilt"))?.problem).toMatch(/event_type is 7/);
    expect((await run.records.rule("load"))?.problem).toMatch(/no number/);
    expect(outboxOf(run)).toEqual(["errors 1 firing slack"]);
    expect(run.engine.stats().brokenRules).toBe(1);
    // Once it is mended it is evaluated again.
    await run.records.saveRule({ ...stored, rule_id: "spoilt", rule_name: "Mended" });
    await lookAt(run, 4, 4);
    expect(outboxOf(run)).toContain("spoilt 1 firing slack");
  });

  test("counts what comes late from then on, and leaves out what bears a time far ahead", async () => {
    const run = await createLiveRun([ERRORS]);
    await lookAt(run, 0, 8);
    run.push(error(2), error(900_000));
    await lookAt(run, 9, 20);
    expect(changesOf(run.records)).toEqual([
      ["firing", 9],
      ["resolved", 13],
    ]);
    expect(run.engine.stats()).toMatchObject({ lateItems: 1, earlyItems: 1 });
  });

  test("evaluates in one process at a time; another goes on where it was, once the lease has ended", async () => {
    const run = await createLiveRun([ERRORS], { leaseMs: 5_000 });
    const first = run.engine;
    await lookAt(run, 0, 3);
    const second = run.restart("two");
    run.push(error(3));
    run.nowMs = 4_500;
    await second.look();
    expect([first.stats().role, second.stats().role]).toEqual(["evaluator", "stopped"]);
    expect(run.records.outbox.size).toBe(0);
    run.nowMs = 9_500;
    await second.look();
    expect(second.stats().role).toBe("evaluator");
    expect(outboxOf(run)).toEqual(["errors 1 firing slack"]);
    // The first comes back to life: what it would write is refused or not even tried.
    await first.look();
    run.nowMs = 20_500;
    await second.look();
    await first.look();
    expect(outboxOf(run)).toEqual(["errors 1 firing slack", "errors 2 resolved slack"]);
    expect(changesOf(run.records)).toEqual([
      ["firing", 4],
      ["resolved", 14],
    ]);
  });

  test("lets another one evaluate at once when it is stopped", async () => {
    const run = await createLiveRun([ERRORS]);
    await lookAt(run, 0, 1);
    await run.engine.stop();
    await run.restart("two").look();
    expect(run.engine.stats().role).toBe("evaluator");
  });

  test("resolves the alert of a rule that is switched off or removed, whether it runs then or not", async () => {
    const run = await createLiveRun([ERRORS, frequency({ rule_name: "Others" })]);
    await lookAt(run, 0, 1);
    run.push(error(1));
    await lookAt(run, 2, 3);
    await run.records.removeRule("errors", "2026-11-20T12:00:03.000000Z");
    run.restart();
    await lookAt(run, 4, 4);
    await run.records.saveRule({ ...(await run.records.rule("others"))!, is_active: false });
    await lookAt(run, 5, 5);
    const notes = [...run.records.alertsById.values()].map(({ state, resolution_note }) => [state, resolution_note]);
    expect(notes).toEqual([
      ["resolved", "The rule was removed."],
      ["resolved", "The rule was switched off."],
    ]);
  });
});

describe("a dead man's switch", () => {
  const calendar = { time_zone: "UTC", days: ["fri"], open: "12:01", close: "12:05" };
  const absence = parseAlertRule({
    rule_name: "No ticks",
    rule_type: "data_absence",
    severity: "critical",
    condition_config: { stream: { event_type: "error_event" }, absent_for_seconds: 30, calendar },
  });

  test("is silent while closed, fires once, and resolves once", async () => {
    const run = await createLiveRun([absence]);
    await lookAt(run, 0, 89);
    expect(changesOf(run.records)).toEqual([]);
    await lookAt(run, 90, 200);
    expect(changesOf(run.records)).toEqual([["firing", 90]]);
    run.push(error(200));
    await lookAt(run, 201, 500);
    // It comes again after 30 seconds, while open until 300, and stays so when that is closed.
    expect(changesOf(run.records)).toEqual([
      ["firing", 90],
      ["resolved", 201],
      ["reopened", 231],
    ]);
    expect(run.records.outbox.size).toBe(3);
  });
});

describe("people", () => {
  test("acknowledge, assign and resolve, and nothing fires before the condition has ended", async () => {
    const run = await createLiveRun([ERRORS]);
    const desk = createAlertDesk({ records: run.records, nowMs: () => START * 1_000 + run.nowMs });
    await lookAt(run, 0, 1);
    run.push(error(1));
    await lookAt(run, 2, 3);
    const [id] = [...run.records.alertsById.keys()];
    await desk.acknowledge(id!, "ada");
    await desk.acknowledge(id!, "bob");
    await desk.assign(id!, "bob", "ada");
    await desk.setImpact(id!, "orders are refused", "bob");
    run.push(error(4));
    await lookAt(run, 5, 6);
    expect(run.records.alertsById.get(id!)).toMatchObject({
      state: "acknowledged",
      acknowledged_by: "ada",
      assigned_to: "bob",
      impact: "orders are refused",
    });
    await desk.resolve(id!, "bob", "restarted the gateway");
    await lookAt(run, 7, 20);
    expect(outboxOf(run)).toEqual(["errors 1 firing slack", "errors 2 acknowledged slack", "errors 3 resolved slack"]);
    expect(run.records.alertsById.get(id!)).toMatchObject({
      state: "resolved",
      resolved_by: "bob",
      condition_holds: false,
    });
    run.push(error(20));
    await lookAt(run, 21, 22);
    expect(run.records.alertsById.get(id!)).toMatchObject({
      state: "firing",
      reopened_count: 1,
      acknowledged_by: null,
      resolved_by: null,
    });
    expect(run.records.entries.map(({ change, changed_by }) => [change, changed_by])).toEqual([
      ["firing", null],
      ["acknowledged", "ada"],
      ["assigned", "ada"],
      ["impact", "bob"],
      ["resolved", "bob"],
      ["reopened", null],
    ]);
    expect(run.problems).toEqual([]);
  });

  test("silence alerts: what fires meanwhile is told when the silence ends, if it fires still", async () => {
    const run = await createLiveRun([ERRORS]);
    const desk = createAlertDesk({ records: run.records, nowMs: () => START * 1_000 + run.nowMs });
    await lookAt(run, 0, 1);
    const matchers = { rule_name: "Err*" };
    await desk.silence({ matchers, until: "2026-11-20T12:00:20Z", by: "ada", reason: "drill" });
    run.push(error(1));
    await lookAt(run, 2, 15);
    expect(changesOf(run.records)).toEqual([
      ["firing", 2],
      ["resolved", 12],
    ]);
    expect(outboxOf(run)).toEqual([]);
    run.push(error(15));
    await lookAt(run, 16, 19);
    expect(outboxOf(run)).toEqual([]);
    await lookAt(run, 20, 21);
    expect(outboxOf(run)).toEqual(["errors 1 firing slack"]);
    const silence = await desk.silence({ matchers, until: "2026-11-20T13:00:00Z", by: "ada", reason: "drill" });
    await lookAt(run, 22, 30);
    expect(outboxOf(run)).toHaveLength(1);
    await desk.unsilence(silence.silence_id);
    await lookAt(run, 31, 32);
    // It was told that it fires, and must be told that it has ended.
    expect(outboxOf(run)).toEqual(["errors 1 firing slack", "errors 2 resolved slack"]);
  });

  test("are told why something cannot be done", async () => {
    const run = await createLiveRun([ERRORS]);
    const desk = createAlertDesk({ records: run.records, nowMs: () => START * 1_000 });
    await expect(desk.acknowledge("none", "ada")).rejects.toMatchObject({ code: "alert_not_found" });
    await expect(desk.acknowledge("none", " ")).rejects.toMatchObject({ code: "invalid_action" });
    await expect(desk.unsilence("none")).rejects.toMatchObject({ code: "silence_not_found" });
    const request = { matchers: { team: "a" }, until: "2026-11-20T13:00:00Z", by: "ada", reason: "drill" };
    for (const wrong of [{ matchers: {} }, { until: "soon" }, { until: "2026-11-20T11:00:00Z" }, { reason: "" }])
      await expect(desk.silence({ ...request, ...wrong })).rejects.toMatchObject({ code: "invalid_action" });
  });
});

test("an alert that flaps is told of once, and again when it is stable", async () => {
  const second = frequency({ rule_name: "Errors", notification_channels: ["slack"], seconds: 1 });
  const lifecycle = { reopenWithinSeconds: 60, maxChanges: 4, flapWindowSeconds: 60 };
  const run = await createLiveRun([second], { lifecycle });
  await lookAt(run, 0, 1);
  for (let at = 1; at < 40; at += 2) {
    run.push(error(at));
    await lookAt(run, at + 1, at + 2);
  }
  const told = [
    "errors 1 firing slack",
    "errors 2 resolved slack",
    "errors 3 reopened slack",
    "errors 4 resolved slack",
    "errors 5 flapping slack",
  ];
  expect(outboxOf(run)).toEqual(told);
  const [alert] = run.records.alertsById.values();
  expect(alert).toMatchObject({ is_flapping: true, recent_changes: { length: 5 } });
  await lookAt(run, 42, 99);
  expect(outboxOf(run)).toEqual(told);
  await lookAt(run, 100, 102);
  expect(outboxOf(run)).toEqual([...told, "errors 6 resolved slack"]);
  expect([...run.records.alertsById.values()]).toMatchObject([{ is_flapping: false, state: "resolved" }]);
});

function frequency({
  seconds = 10,
  ...more
}: {
  readonly rule_name: string;
  readonly notification_channels?: string[];
  readonly seconds?: number;
}) {
  const condition_config = { event_type: "error_event", threshold: 1, time_window_minutes: seconds / 60 };
  return parseAlertRule({ rule_type: "event_frequency", severity: "error", condition_config, ...more });
}

function error(second: number) {
  return { eventType: "error_event", second: START + second };
}

async function lookAt(run: LiveRun, from: number, to: number): Promise<void> {
  for (let second = from; second <= to; second++) {
    run.nowMs = second * 1_000 + 500;
    await run.engine.look();
  }
}

function outboxOf({ records }: LiveRun): readonly string[] {
  return [...records.outbox.values()].map(
    ({ alert, change, channel }) => `${alert.rule_id} ${alert.notification_count} ${change} ${channel}`,
  );
}
