// Alerting as a whole: a real desk over HTTP, a real store, a real receiver.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toTimestamp } from "@tracebook/core";
import { expect, test } from "vitest";
import { numberedEvents } from "../../test/numbered-events.ts";
import { ask, openTestDesk, type TestDesk, testFolder, until } from "../../test/test-desk.ts";
import { webhookReceiver } from "../../test/webhook-receiver.ts";

const API = "/api/telemetry";
const RULE = {
  rule_name: "High Error Rate",
  rule_type: "event_frequency",
  condition_config: { event_type: "error_event", threshold: 3, time_window_minutes: 60 },
  severity: "error",
  labels: { team: "trading" },
};

function send(method: string, body?: unknown): RequestInit {
  if (body === undefined) return { method };
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

async function firing({ get }: Pick<TestDesk, "get">) {
  const { json } = await get(`${API}/alerts?state=firing`);
  return json.alerts[0];
}

test("a rule by the API fires once, is told once, acknowledged, kept over a restart, and resolved", async () => {
  const receiver = await webhookReceiver();
  const path = join(testFolder(), "telemetry.db");
  const options = {
    path,
    alertNotifications: { channels: { hook: receiver.channel }, default: { channels: ["hook"] } },
  };
  const first = await openTestDesk(options);
  const saved = await first.get(`${API}/alert-rules/high-error-rate`, send("PUT", RULE));
  expect([saved.status, saved.json.rule?.rule_id, saved.json.rule?.for_seconds]).toEqual([200, "high-error-rate", 0]);
  await until(async () => (await first.get(`${API}/health`)).json.alerts.role === "evaluator");
  await first.desk.store.writeEvents(numberedEvents(3, { eventType: "error_event", severityNumber: 17 }));
  await until(async () => (await firing(first)) !== undefined);
  const alert = await firing(first);
  await until(() => receiver.received.length === 1);
  expect(receiver.received[0]?.body).toMatchObject({
    event: "alert.firing",
    alert: { alert_id: alert.alert_id, rule_name: "High Error Rate", severity: "error" },
  });
  const acknowledged = await first.get(`${API}/alerts/${alert.alert_id}/acknowledge`, send("POST", { by: "ada" }));
  expect(acknowledged.json.alert).toMatchObject({ state: "acknowledged", status: "active", acknowledged_by: "ada" });
  await until(() => receiver.received.length === 2);
  await first.desk.close();

  const second = await openTestDesk(options);
  await until(async () => (await second.get(`${API}/health`)).json.alerts.role === "evaluator");
  const kept = await second.get(`${API}/alerts/${alert.alert_id}`);
  expect(kept.json.alert).toMatchObject({ state: "acknowledged", acknowledged_by: "ada" });
  const resolved = await second.get(
    `${API}/alerts/${alert.alert_id}/resolve`,
    send("POST", { by: "ada", note: "venue is back" }),
  );
  expect(resolved.json.alert).toMatchObject({
    state: "resolved",
    resolved_by: "ada",
    resolution_note: "venue is back",
  });
  await until(() => receiver.received.length === 3);
  const { json } = await second.get(`${API}/alerts/${alert.alert_id}`);
  expect(json.history.map(({ change }: { change: string }) => change)).toEqual(["firing", "acknowledged", "resolved"]);
  expect(receiver.received.map(({ body }) => body.event)).toEqual([
    "alert.firing",
    "alert.acknowledged",
    "alert.resolved",
  ]);
  expect(new Set(receiver.received.map(({ body }) => body.idempotency_key)).size).toBe(3);
  expect(json.notifications.filter(({ channel }: { channel: string }) => channel === "hook")).toHaveLength(3);
});

test("without a rule nothing is evaluated, and with TELEMETRY_ALERTS=false neither", async () => {
  const idle = await openTestDesk();
  expect((await idle.get(`${API}/health`)).json.alerts).toMatchObject({ role: "idle", rules: 0, channels: 0 });
  const off = await openTestDesk({ alerts: false, alertRules: [RULE] });
  await until(async () => (await off.get(`${API}/alert-rules`)).json.count === 1);
  expect((await off.get(`${API}/health`)).json.alerts).toMatchObject({ role: "off", rules: 1 });
});

test("a rule that is wrong is said with its place and remedy, and the others are in force", async () => {
  const { get, lines, desk } = await openTestDesk({
    alertRules: [
      { ...RULE, severity: "eror" },
      { ...RULE, rule_name: "Other" },
    ],
  });
  await until(async () => (await get(`${API}/alert-rules`)).json.count === 1);
  const { json } = await get(`${API}/alert-rules/other`);
  expect(json.rule).toMatchObject({ rule_name: "Other", annotations: { tracebook_source: "code" } });
  const words = /alert rule is left out: alertRules\[0\]: severity .*"eror".*error/;
  expect(lines.join("\n")).toMatch(words);
  expect(desk.health().problems.join("\n")).toMatch(words);
  const { alerts, problems } = (await get(`${API}/health`)).json;
  expect(alerts.broken_rules).toEqual([{ rule: "alertRules[0]", problem: expect.stringContaining("severity") }]);
  expect(problems.join("\n")).toMatch(words);
});

test("rules of code win at each start; those that are gone from it are removed, those of the API stay", async () => {
  const path = join(testFolder(), "telemetry.db");
  const first = await openTestDesk({ path, alerts: false, alertRules: [RULE, { ...RULE, rule_name: "Gone" }] });
  await until(async () => (await first.get(`${API}/alert-rules`)).json.count === 2);
  await first.get(`${API}/alert-rules/by-hand`, send("PUT", { ...RULE, rule_name: "By hand" }));
  await first.get(`${API}/alert-rules/high-error-rate`, send("PUT", { ...RULE, severity: "info" }));
  await first.desk.close();
  const second = await openTestDesk({ path, alerts: false, alertRules: [RULE] });
  await until(async () => (await second.get(`${API}/alert-rules/gone`)).status === 404);
  const { json } = await second.get(`${API}/alert-rules`);
  expect(json.rules.map((rule: Record<string, unknown>) => [rule["rule_id"], rule["severity"]])).toEqual([
    ["by-hand", "error"],
    ["high-error-rate", "error"],
  ]);
});

test("a configuration of notifications that is wrong is said without its secrets, and the desk runs on", async () => {
  const { get, lines } = await openTestDesk({
    alertNotifications: { channels: { slack: { webhok_url: "https://hooks.slack.com/services/hidden" } } },
  });
  expect(lines.join("\n")).toMatch(/nobody is notified of alerts: alertNotifications: .*webhook_url/);
  const { json } = await get(`${API}/alert-channels`);
  expect(json.channels).toEqual([]);
  expect(json.problem).toContain("webhook_url");
  const health = await get(`${API}/health`);
  expect(`${lines.join("\n")}${health.text}`).not.toContain("services/hidden");
});

test("a channel is tried, and shown without its secrets", async () => {
  const receiver = await webhookReceiver();
  const { desk, get } = await openTestDesk({ alertNotifications: { channels: { hook: receiver.channel } } });
  const { json, text } = await get(`${API}/alert-channels`);
  expect(json.channels).toMatchObject([{ name: "hook", kind: "webhook" }]);
  expect(text).not.toContain("a signing secret for tests");
  const tried = await get(`${API}/alert-channels/hook/test`, send("POST", {}));
  expect(tried.json).toMatchObject({ channel: "hook", outcome: "delivered" });
  expect(receiver.received.map(({ body }) => body.event)).toEqual(["alert.test"]);
  receiver.answer(410);
  expect((await get(`${API}/alert-channels/hook/test`, send("POST", {}))).json.outcome).toBe("refused");
  const unknown = await ask(`${desk.url}${API}/alert-channels/other/test`, send("POST", {}));
  expect([unknown.status, unknown.json.detail]).toEqual([404, expect.stringContaining("hook")]);
});

test("a file of rules wins at each start; a broken one keeps what is stored, and nothing is removed meanwhile", async () => {
  const dir = testFolder();
  const alertRulesFile = join(dir, "alerts.yml");
  const options = { path: join(dir, "telemetry.db"), alerts: false, alertRulesFile };
  const write = (...rules: readonly object[]) => writeFileSync(alertRulesFile, JSON.stringify({ rules }));
  const other = { ...RULE, rule_name: "Other" };
  write(RULE, other);
  const first = await openTestDesk(options);
  await until(async () => (await first.get(`${API}/alert-rules`)).json.count === 2);
  await first.desk.close();

  write({ ...RULE, severity: "eror" });
  const second = await openTestDesk(options);
  expect(second.lines.join("\n")).toContain(`an alert rule is left out: rules[0] of ${alertRulesFile}: severity`);
  await second.desk.close();

  write({ ...RULE, severity: "critical" });
  const third = await openTestDesk(options);
  await until(async () => (await third.get(`${API}/alert-rules`)).json.count === 1);
  const { json } = await third.get(`${API}/alert-rules/high-error-rate`);
  expect(json.rule).toMatchObject({ severity: "critical", annotations: { tracebook_source: "file" } });
  await third.desk.close();

  const { lines } = await openTestDesk({ ...options, alertRulesFile: join(dir, "nowhere.yml") });
  expect(lines.join("\n")).toMatch(/nowhere\.yml cannot be read: ENOENT/);
});

test("in strict mode a desk with a wrong rule or wrong notifications is not opened, and all that is wrong is said", async () => {
  const dir = testFolder();
  const alertRulesFile = join(dir, "alerts.yml");
  const rules = [RULE, { ...RULE, severity: "eror" }, { ...RULE, rule_type: "event_freqency" }];
  writeFileSync(alertRulesFile, JSON.stringify({ rules }));
  const alertNotifications = { channels: { slack: { webhok_url: "https://hooks.slack.com/services/hidden" } } };
  const path = join(dir, "telemetry.db");
  const error = await openTestDesk({ strict: true, path, alertRulesFile, alertNotifications }).catch(
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: "DeskError", code: "invalid_alerts" });
  expect(error.message).toContain(`rules[1] of ${alertRulesFile}: severity`);
  expect(error.message).toContain(`rules[2] of ${alertRulesFile}: rule_type`);
  expect(error.message).toContain("webhook_url");
  expect(error.message).not.toContain("services/hidden");
  // Nothing was opened.
  expect(existsSync(path)).toBe(false);
  writeFileSync(alertRulesFile, JSON.stringify({ rules: [RULE] }));
  const { get } = await openTestDesk({ strict: true, path, alertRulesFile });
  await until(async () => (await get(`${API}/alert-rules`)).json.count === 1);
});

test("of what a journal brings in a rule that is new counts what lies within its window, and nothing that is older", async () => {
  const journalDir = testFolder();
  const folder = join(journalDir, "data", "events", "20261119");
  mkdirSync(folder, { recursive: true });
  const lines = [3 * 86_400, 7_200, 600, 120].map((ageS, i) =>
    JSON.stringify({
      seq: i + 1,
      instance_id: "a-1",
      event_type: "error_event",
      timestamp: toTimestamp((Date.now() - ageS * 1_000) * 1_000),
      run_id: "r",
      data: {},
    }),
  );
  writeFileSync(join(folder, "events.jsonl"), `${lines.join("\n")}\n`);
  const condition_config = { event_type: "error_event", threshold: 3, time_window_minutes: 60 };
  const { desk, get } = await openTestDesk({ journalDir, alertRules: [{ ...RULE, condition_config }] });
  await until(async () => (await desk.getEventCount()) === 4);
  await until(async () => (await get(`${API}/health`)).json.alerts.role === "evaluator");
  const evaluated = async () => (await desk.store.alerts.engineState())?.evaluated_until ?? 0;
  const begun = Math.floor(Date.now() / 1_000);
  await until(async () => (await evaluated()) > begun, 30_000);
  expect((await get(`${API}/alerts`)).json.alerts).toEqual([]);
  await desk.store.writeEvents(numberedEvents(1, { eventType: "error_event", severityNumber: 17 }));
  await until(async () => (await firing({ get })) !== undefined);
  expect((await firing({ get })).value).toBe(3);
});
