// What engines that were killed again and again must have left in a store.
import type { Store } from "@tracebook/store";
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
    const fired = histories.flat().filter(({ change }) => change === "firing" || change === "reopened");
    const resolved = histories.flat().filter(({ change }) => change === "resolved");
    const ofRule = outbox.filter(({ alert }) => alert.rule_id === rule.rule_id);
    expect(fired.map(({ changed_at }) => changed_at).sort()).toEqual(expected.firings.map(({ fired_at }) => fired_at));
    expect(resolved.map(({ changed_at }) => changed_at).sort()).toEqual(
      expected.firings.flatMap(({ resolved_at }) => resolved_at ?? []),
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

function toText(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`;
}
