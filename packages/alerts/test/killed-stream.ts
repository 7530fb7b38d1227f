// What an engine evaluates while it is killed again and again.
import type { EventInput } from "@tracebook/store";
import type { AlertRule } from "../src/rules/alert-rule.ts";
import { parseAlertRule } from "../src/rules/parse-rule.ts";

/** The first second. */
export const START = Date.parse("2026-11-20T12:00:00Z") / 1_000;
/** How many there are. */
export const SECONDS = 300;

/** Rules that fire and resolve every few seconds. */
export const RULES: readonly AlertRule[] = [
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

/** The events of a second: none to three errors, always the same. */
export function streamOf(second: number): readonly EventInput[] {
  const count = ((second * 2_654_435_761) >>> 3) % 4;
  return Array.from({ length: second % 60 < 40 ? count : 0 }, (_, i) => ({
    eventType: "error_event",
    timestamp: `${new Date((START + second) * 1_000).toISOString().slice(0, 19)}.${i}00000Z`,
    source: { serviceName: "bot", instanceId: "i-1" },
    seq: second * 10 + i + 1,
    runId: undefined,
    symbol: undefined,
    traceId: undefined,
    spanId: undefined,
    severityNumber: 17,
    data: {},
  }));
}
