// What a rule reads of the feed, and the window it looks through.
import type { EventCount, MetricSample } from "@tracebook/store";
import type { AlertRule } from "../rules/alert-rule.ts";
import { severityRangeOf } from "../rules/severity-range.ts";
import { CountWindow, PresenceWindow } from "./count-window.ts";
import type { RuleWindow } from "./rule-window.ts";
import { SampleWindow } from "./sample-window.ts";

/** The window of a rule. */
export type SourceWindow = CountWindow | PresenceWindow | SampleWindow;

/** Events: of a type, and with these values in their data. */
interface EventSelector {
  readonly kind: "events";
  readonly eventType: string;
  readonly symbol: string | undefined;
  readonly severity: readonly [number, number] | undefined;
  readonly fields: readonly (readonly [field: string, value: string])[];
}

/** Samples: of a metric, and with these labels. */
interface MetricSelector {
  readonly kind: "metric";
  readonly metric: string;
  readonly isBusiness: boolean;
  readonly labels: readonly (readonly [label: string, value: string])[];
}

/** What is read of the feed. */
export type Selector = EventSelector | MetricSelector;

/** Two rules of the same key read and hold the same: they share a window. */
export interface RuleSource {
  readonly key: string;
  readonly selector: Selector;
  createWindow(): SourceWindow;
}

/** What a rule reads. */
export function sourceOf(rule: AlertRule): RuleSource {
  const selector = selectorOf(rule);
  const createWindow = windowOf(rule);
  const shape = rule.rule_type === "metric_threshold" ? rule.condition_config.aggregation : rule.rule_type;
  return { key: JSON.stringify([selector, shape, createWindow().seconds]), selector, createWindow };
}

/** True for a count that the selector is about; `places` are those of its fields among the count's. */
export function isOfEvents(
  { symbol, severity, fields }: EventSelector,
  count: EventCount,
  places: readonly number[],
): boolean {
  if (symbol !== undefined && count.symbol !== symbol) return false;
  if (severity !== undefined && !(count.severityNumber >= severity[0] && count.severityNumber <= severity[1]))
    return false;
  return fields.every(([, value], i) => count.fields[places[i]!] === value);
}

/** True for a sample that the selector is about. Either kind of metric may come over OTLP. */
export function isOfMetric({ isBusiness, labels }: MetricSelector, sample: MetricSample): boolean {
  if (sample.source === (isBusiness ? "system_metric" : "business_metric")) return false;
  return labels.every(([label, value]) => sample.labels[label] === value);
}

/** Puts what was selected into the window. */
export function addTo(window: SourceWindow, second: number, item: EventCount | MetricSample): boolean {
  return (window as RuleWindow<unknown>).add(second, "count" in item ? item.count : item);
}

function selectorOf(rule: AlertRule): Selector {
  const { condition_config: condition } = rule;
  const stream = "stream" in condition ? condition.stream : condition;
  if ("metric" in stream) {
    const labels = Object.entries(stream.labels).sort(byName);
    return { kind: "metric", metric: stream.metric, isBusiness: rule.source_type === "business_metric", labels };
  }
  const { severity, ...fields } = stream.fields;
  return {
    kind: "events",
    eventType: stream.event_type,
    symbol: stream.symbol,
    severity: severity === undefined ? undefined : severityRangeOf(severity),
    fields: Object.entries(fields).sort(byName),
  };
}

function windowOf(rule: AlertRule): () => SourceWindow {
  switch (rule.rule_type) {
    case "metric_threshold": {
      const { time_window_minutes, aggregation } = rule.condition_config;
      return () => new SampleWindow(Math.round(time_window_minutes * 60), aggregation);
    }
    case "event_frequency":
      return () => new CountWindow(Math.round(rule.condition_config.time_window_minutes * 60));
    case "data_absence":
      return () => new PresenceWindow(rule.condition_config.absent_for_seconds);
  }
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
