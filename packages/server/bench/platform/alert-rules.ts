// The rules of the benchmark: most of them watch and never fire, some fire all the time, and probes fire and resolve at known moments.
import { type AlertRule, parseAlertRule } from "@tracebook/alerts";

/** What a probe watches. */
export type ProbeKind = "frequency" | "metric" | "absence";

/** A rule that is made to fire. */
export interface Probe {
  readonly kind: ProbeKind;
  /** Its rule, the type of its events, the label of its metric. */
  readonly name: string;
  readonly channel: string;
}

/** The metric of the probes; each has a label of its own. */
export const PROBE_METRIC = "bench_probe_ratio";
/** The metric that all other rules about metrics watch, and its series. */
export const WATCHED_METRIC = "bench_depth_ratio";
export const WATCHED_SERIES = 100;
/** Above it a probe of a metric fires. */
export const PROBE_LIMIT = 50;
/** After so long without an event a probe of an absence fires. */
export const ABSENT_S = 3;
/** So long a condition holds once it has come true: the window of the probes. */
export const PROBE_WINDOW_S = 4;
/** Several: each channel has a limit of messages a minute. */
export const CHANNELS: readonly string[] = Array.from({ length: 6 }, (_, i) => `hook-${i}`);

const KINDS: readonly ProbeKind[] = ["frequency", "metric", "absence"];
const MAX_PROBES = 300;
/** Rules that hold from the beginning to the end. */
const ALWAYS = 10;
/** Types of events that are in the load. */
const TYPES = ["signal_rejected", "signal_generated", "quality_gate_passed", "quality_gate_failed", "decision"];
const COINS = ["BTC", "ETH", "SOL", "XRP", "ADA"];
const NEVER = 1_000_000;

/** Probes for so many seconds: each fires three times at most, or it would be taken for one that flaps. */
export function createProbes(seconds: number, rules: number): readonly Probe[] {
  const count = Math.min(MAX_PROBES, Math.floor(rules * 0.3), Math.max(30, Math.ceil(seconds / 2)));
  return Array.from({ length: count }, (_, i) => {
    const kind = KINDS[i % KINDS.length]!;
    return { kind, name: `bench_probe_${kind}_${i}`, channel: CHANNELS[i % CHANNELS.length]! };
  });
}

/** All rules, probes included: two of five about events, two of five about metrics, one of five about absences. */
export function createRules(count: number, probes: readonly Probe[]): readonly AlertRule[] {
  const watching = Array.from({ length: count - probes.length }, (_, i) => watchingRule(i));
  return [...watching, ...probes.map(probeRule)].map((rule) => parseAlertRule(rule));
}

function watchingRule(i: number): object {
  const frame = {
    rule_name: `Watching ${i}`,
    severity: "warning",
    notification_channels: [CHANNELS[i % CHANNELS.length]],
  };
  const symbol = symbolOf(i);
  const event_type = TYPES[i % TYPES.length];
  const time_window_minutes = 1 + (i % 15);
  const kind = i % 5;
  if (kind < 2) {
    const threshold = i < ALWAYS ? 1 : NEVER;
    return {
      ...frame,
      rule_type: "event_frequency",
      condition_config: { event_type, symbol, threshold, time_window_minutes },
    };
  }
  if (kind < 4)
    return {
      ...frame,
      rule_type: "metric_threshold",
      source_type: "system_metric",
      condition_config: {
        metric: WATCHED_METRIC,
        labels: { series: String(i % WATCHED_SERIES) },
        operator: ">",
        threshold: NEVER,
        time_window_minutes,
        aggregation: ["avg", "max", "p95", "count"][i % 4],
      },
    };
  return {
    ...frame,
    rule_type: "data_absence",
    source_type: "telemetry_event",
    condition_config: { stream: { event_type, symbol }, absent_for_seconds: 300 + (i % 60) },
  };
}

function probeRule({ kind, name, channel }: Probe): object {
  const frame = { rule_name: name, severity: "error", notification_channels: [channel] };
  const time_window_minutes = PROBE_WINDOW_S / 60;
  if (kind === "frequency")
    return {
      ...frame,
      rule_type: "event_frequency",
      condition_config: { event_type: name, threshold: 1, time_window_minutes },
    };
  if (kind === "absence")
    return {
      ...frame,
      rule_type: "data_absence",
      source_type: "telemetry_event",
      condition_config: { stream: { event_type: name }, absent_for_seconds: ABSENT_S },
    };
  return {
    ...frame,
    rule_type: "metric_threshold",
    source_type: "system_metric",
    condition_config: {
      metric: PROBE_METRIC,
      labels: { probe: name },
      operator: ">",
      threshold: PROBE_LIMIT,
      time_window_minutes,
      aggregation: "max",
    },
  };
}

/** As the samples have them. */
function symbolOf(i: number): string {
  const number = i % 20;
  return `${COINS[number % 5]}${number > 4 ? number : ""}/USDT`;
}
