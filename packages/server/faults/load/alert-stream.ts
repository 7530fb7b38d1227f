// What rules are evaluated on while the process that evaluates them is killed: the same records in the same second, however often it begins anew.
import { type AlertRule, type LifecycleSettings, parseAlertRule } from "@tracebook/alerts";
import type { EventData, EventInput } from "@tracebook/store";

/** The first second. */
export const STREAM_START = Date.parse("2026-11-20T12:00:00Z") / 1_000;

/** Alerts come again as others, and none is taken for one that flaps: every change is told. */
export const STREAM_LIFECYCLE: LifecycleSettings = { reopenWithinSeconds: 5, maxChanges: 1_000, flapWindowSeconds: 60 };

/** Rules of every kind that fire and resolve every few seconds; the channel of each has its own name. */
export const STREAM_RULES: readonly AlertRule[] = [
  {
    rule_name: "Errors",
    rule_type: "event_frequency",
    condition_config: { event_type: "error_event", threshold: 3, time_window_minutes: 2 / 60 },
  },
  {
    rule_name: "Many errors",
    rule_type: "event_frequency",
    for_seconds: 3,
    condition_config: { event_type: "error_event", threshold: 9, time_window_minutes: 10 / 60 },
  },
  {
    rule_name: "No market data",
    rule_type: "data_absence",
    source_type: "telemetry_event",
    condition_config: { stream: { event_type: "market_data" }, absent_for_seconds: 4 },
  },
  {
    rule_name: "Slow",
    rule_type: "metric_threshold",
    source_type: "system_metric",
    condition_config: {
      metric: "api_latency",
      operator: ">",
      threshold: 500,
      time_window_minutes: 5 / 60,
      aggregation: "avg",
    },
  },
].map((rule, i) => parseAlertRule({ severity: "error", notification_channels: [`hook-${i}`], ...rule }));

/** The names of their channels. */
export const STREAM_CHANNELS: readonly string[] = STREAM_RULES.flatMap(
  ({ notification_channels }) => notification_channels,
);

/** The records of a second. */
export function streamOf(second: number): readonly EventInput[] {
  const errors = second % 60 < 40 ? ((second * 2_654_435_761) >>> 3) % 4 : 0;
  const hasMarketData = second % 30 < 10 || second % 30 > 16;
  const types = [
    ...Array.from({ length: errors }, () => "error_event"),
    ...(hasMarketData ? ["market_data"] : []),
    "system_metric",
  ];
  return types.map((eventType, i) => eventOf(second, i, eventType));
}

function eventOf(second: number, i: number, eventType: string): EventInput {
  return {
    eventType,
    timestamp: `${new Date((STREAM_START + second) * 1_000).toISOString().slice(0, 19)}.${i}00000Z`,
    source: { serviceName: "bot", instanceId: "bot-1" },
    seq: second * 10 + i + 1,
    runId: undefined,
    symbol: undefined,
    traceId: undefined,
    spanId: undefined,
    severityNumber: 9,
    data: eventType === "system_metric" ? latencyOf(second) : {},
  };
}

function latencyOf(second: number): EventData {
  const metric_value = second % 40 < 12 ? 900 : 100;
  return { metric_name: "api_latency", metric_type: "gauge", metric_value, metric_unit: "ms" };
}
