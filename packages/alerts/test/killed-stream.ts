// What an engine evaluates while it is killed again and again.
import type { EventInput } from "@tracebook/store";
import type { AlertRule } from "../src/rules/alert-rule.ts";
import { parseAlertRule } from "../src/rules/parse-rule.ts";

/** The first second. */
export const START = Date.parse("2026-11-20T12:00:00Z") / 1_000;
/** How many there are. */
export const SECONDS = 300;

const FREQUENCIES = [
  { rule_name: "Errors", seconds: 2, threshold: 2, for_seconds: 0, notification_channels: ["slack", "email"] },
  { rule_name: "Many errors", seconds: 10, threshold: 8, for_seconds: 3, notification_channels: [] },
].map(({ seconds, threshold, ...rule }) =>
  parseAlertRule({
    ...rule,
    rule_type: "event_frequency",
    severity: "error",
    condition_config: { event_type: "error_event", threshold, time_window_minutes: seconds / 60 },
  }),
);

/** Rules that fire and resolve every few seconds; the last one of each host by itself. */
export const RULES: readonly AlertRule[] = [
  ...FREQUENCIES,
  parseAlertRule({
    rule_name: "Lag",
    rule_type: "metric_threshold",
    severity: "warning",
    notification_channels: ["slack"],
    condition_config: {
      metric: "lag",
      by: ["host_name"],
      aggregation: "max",
      operator: ">",
      threshold: 6,
      time_window_minutes: 3 / 60,
    },
  }),
];

const HOSTS = ["a", "b", "c", "d"];

/** The events of a second, always the same: none to three errors, and the lags of some hosts; each host is silent at times. */
export function streamOf(second: number): readonly EventInput[] {
  const errors = Array.from({ length: second % 60 < 40 ? chance(second) % 4 : 0 }, () => ({
    eventType: "error_event",
    severityNumber: 17,
    data: {},
  }));
  const lags = HOSTS.filter((_, i) => (second + 17 * i) % 70 < 45 && chance(second * 5 + i) % 3 === 0).map((host) => ({
    eventType: "system_metric",
    severityNumber: 9,
    data: {
      metric_name: "lag",
      metric_unit: "s",
      host_name: host,
      metric_value: chance(second * 7 + host.charCodeAt(0)) % 10,
    },
  }));
  return [...errors, ...lags].map((event, i) => ({
    timestamp: `${new Date((START + second) * 1_000).toISOString().slice(0, 19)}.${i}00000Z`,
    source: { serviceName: "bot", instanceId: "i-1" },
    seq: second * 10 + i + 1,
    runId: undefined,
    symbol: undefined,
    traceId: undefined,
    spanId: undefined,
    ...event,
  }));
}

function chance(number: number): number {
  return (number * 2_654_435_761) >>> 3;
}
