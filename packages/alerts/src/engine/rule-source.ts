// What a rule reads of the feed, and the window it looks through.
import type { EventCount, MetricSample } from "@tracebook/store";
import type { AlertRule } from "../rules/alert-rule.ts";
import { severityRangeOf } from "../rules/severity-range.ts";
import { CountWindow, PresenceWindow } from "./count-window.ts";
import { createMetricWindow } from "./metric-window.ts";
import type { RuleWindow, ValueWindow } from "./rule-window.ts";
import { isMatch, type SampleMatch, toSampleMatch } from "./sample-match.ts";

/** The window of a rule. */
export type SourceWindow = CountWindow | PresenceWindow | ValueWindow;

/** Events: of a type, and with these values in their data. */
interface EventSelector {
  readonly kind: "events";
  readonly eventType: string;
  readonly symbol: string | undefined;
  readonly severity: readonly [number, number] | undefined;
  readonly fields: readonly (readonly [field: string, value: string])[];
}

/** Samples that match any of these. */
interface MetricSelector {
  readonly kind: "metric";
  /** The different names of metrics in `matches`. */
  readonly metrics: readonly string[];
  readonly isBusiness: boolean;
  /** Two, where one is divided by the other. */
  readonly matches: readonly SampleMatch[];
}

/** What is read of the feed. */
export type Selector = EventSelector | MetricSelector;

/** Two rules of the same key read and hold the same: they share their windows. */
export interface RuleSource {
  readonly key: string;
  readonly selector: Selector;
  /** A window for each set of values of these labels (a sample without one of them has ""); empty: one window for all. */
  readonly by: readonly string[];
  createWindow(): SourceWindow;
}

/** What a rule reads. */
export function sourceOf(rule: AlertRule): RuleSource {
  const selector = selectorOf(rule);
  const createWindow = windowOf(rule);
  const by = rule.rule_type === "metric_threshold" ? rule.condition_config.by : [];
  return { key: JSON.stringify([selector, by, shapeOf(rule), createWindow().seconds]), selector, by, createWindow };
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
export function isOfMetric({ isBusiness, matches }: MetricSelector, sample: MetricSample): boolean {
  if (sample.source === (isBusiness ? "system_metric" : "business_metric")) return false;
  return matches.some((match) => isMatch(match, sample));
}

/** Puts what was selected into the window. */
export function addTo(window: SourceWindow, second: number, item: EventCount | MetricSample): boolean {
  return (window as RuleWindow<unknown>).add(second, "count" in item ? item.count : item);
}

function selectorOf(rule: AlertRule): Selector {
  const { condition_config: condition } = rule;
  const stream = "stream" in condition ? condition.stream : condition;
  if ("metric" in stream) {
    const divisor = rule.rule_type === "metric_threshold" ? rule.condition_config.divided_by : undefined;
    const matches = (divisor === undefined ? [stream] : [stream, divisor]).map(toSampleMatch);
    const metrics = [...new Set(matches.map(({ metric }) => metric))];
    return { kind: "metric", metrics, isBusiness: rule.source_type === "business_metric", matches };
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

/** What tells windows apart that hold the same for as long. */
function shapeOf(rule: AlertRule): readonly unknown[] {
  if (rule.rule_type !== "metric_threshold") return [rule.rule_type];
  const { aggregation, across, time_window_minutes, remember_minutes } = rule.condition_config;
  return aggregation === "last" ? [aggregation, across, time_window_minutes, remember_minutes] : [aggregation];
}

function windowOf(rule: AlertRule): () => SourceWindow {
  switch (rule.rule_type) {
    case "metric_threshold": {
      const isBusiness = rule.source_type === "business_metric";
      return () => createMetricWindow(rule.condition_config, isBusiness);
    }
    case "event_frequency":
      return () => new CountWindow(Math.round(rule.condition_config.time_window_minutes * 60));
    case "data_absence":
      return () => new PresenceWindow(rule.condition_config.absent_for_seconds);
  }
}

function byName([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
