// What engines that were killed again and again must have left in a store.
import type { AlertChange, Store } from "@tracebook/store";
import { expect } from "vitest";
import { backtestRule } from "../src/backtest/backtest-rule.ts";
import { RULES, SECONDS, START } from "./killed-stream.ts";

/** Expects what the back-test says of the first seconds of the stream: each firing and each end once, and each notified once. */
export async function expectNothingLost(store: Pick<Store, "alerts" | "alertFeed">, seconds = SECONDS): Promise<void> {
  const outbox = await store.alerts.notifications(undefined, 10_000);
  for (const rule of RULES) {
    const expected = await backtestRule(rule, store.alertFeed, { from: toText(START), to: toText(START + seconds) });
    expect(expected.firings.length).toBeGreaterThan(seconds < SECONDS ? 0 : 2);
    expect(expected.problem).toBeNull();
    const alerts = await store.alerts.findAlerts({ ruleId: rule.rule_id }, 1_000, 0);
    const histories = await Promise.all(alerts.map(({ alert_id }) => store.alerts.history(alert_id)));
    const by = rule.rule_type === "metric_threshold" ? rule.condition_config.by : [];
    const labels = new Map(alerts.map((alert) => [alert.alert_id, pick(alert.labels, by)]));
    const entriesOf = (...changes: readonly AlertChange[]) =>
      histories
        .flat()
        .filter(({ change }) => changes.includes(change))
        .map(({ alert_id, changed_at }) => `${labels.get(alert_id)} ${changed_at}`)
        .sort();
    const ofRule = outbox.filter(({ alert }) => alert.rule_id === rule.rule_id);
    const firings = expected.firings.map((firing) => ({ ...firing, group: pick(firing.labels, by) }));
    expect(entriesOf("firing", "reopened")).toEqual(
      firings.map(({ group, fired_at }) => `${group} ${fired_at}`).sort(),
    );
    expect(entriesOf("resolved")).toEqual(
      firings
        .filter(({ resolved_at }) => resolved_at !== null)
        .map(({ group, resolved_at }) => `${group} ${resolved_at}`)
        .sort(),
    );
    expect(ofRule).toHaveLength(expected.notifications);
    // One for each change and channel, numbered without a gap: none lost, none twice.
    const changes = new Set(
      ofRule.map(({ alert_id, alert: { notification_count } }) => `${alert_id}/${notification_count}`),
    );
    expect(changes.size).toBe(ofRule.length / Math.max(rule.notification_channels.length, 1));
    for (const { alert_id, notification_count } of alerts)
      expect([...changes].filter((change) => change.startsWith(`${alert_id}/`))).toHaveLength(notification_count);
  }
}

/** The values of some labels, as a text. */
function pick(labels: Readonly<Record<string, string>>, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labels[name]));
}

function toText(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`;
}
