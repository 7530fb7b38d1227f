// A rule while it is written: any JSON, read and changed by paths like `condition_config.threshold`.
import type { StoredAlertRule } from "../../api/client.ts";

/** A rule that may not be one yet. */
export type RuleDraft = Readonly<Record<string, unknown>>;

/** What a rule may be about. */
export const RULE_TYPES = [
  { value: "event_frequency", text: "Events" },
  { value: "metric_threshold", text: "A metric" },
  { value: "data_absence", text: "Missing data" },
] as const;

/** The kind of a rule. */
export type RuleType = (typeof RULE_TYPES)[number]["value"];

/** A rule to begin with: too many errors. */
export const FIRST_RULE: RuleDraft = Object.freeze({
  rule_name: "High Error Rate",
  rule_type: "event_frequency",
  source_type: "telemetry_event",
  condition_config: Object.freeze({
    event_type: "error_event",
    operator: ">=",
    threshold: 10,
    time_window_minutes: 5,
  }),
  severity: "error",
});

/** The condition that a rule of a type begins with. */
export function blankCondition(type: RuleType): { readonly source_type: string; readonly condition_config: RuleDraft } {
  switch (type) {
    case "event_frequency":
      return {
        source_type: "telemetry_event",
        condition_config: { event_type: "error_event", operator: ">=", threshold: 10, time_window_minutes: 5 },
      };
    case "metric_threshold":
      return {
        source_type: "system_metric",
        condition_config: {
          metric: "cpu_usage",
          aggregation: "avg",
          operator: ">",
          threshold: 80,
          time_window_minutes: 5,
        },
      };
    case "data_absence":
      return {
        source_type: "telemetry_event",
        condition_config: { stream: { event_type: "decision" }, absent_for_seconds: 300, calendar: "always" },
      };
  }
}

/** A new rule. */
export function blankRule(): RuleDraft {
  return {
    rule_name: "Too many errors",
    rule_type: "event_frequency",
    severity: "warning",
    ...blankCondition("event_frequency"),
  };
}

const OF_THE_STORE = ["problem", "created_at", "updated_at", "revision"];

/** What of a stored rule is written by people; what is empty is left out. */
export function draftOf(rule: StoredAlertRule): RuleDraft {
  return Object.fromEntries(
    Object.entries(rule).filter(([name, value]) => !OF_THE_STORE.includes(name) && value !== null && !isEmpty(value)),
  );
}

/** The value at a path; undefined where there is none. */
export function valueAt(draft: unknown, path: string): unknown {
  let value = draft;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The draft with another value at a path; undefined takes the field out. What is in the way and no object is replaced by one. */
export function withValue(draft: RuleDraft, path: string, value: unknown): RuleDraft {
  const [name = "", ...rest] = path.split(".");
  const entries = Object.entries(draft);
  const inner = entries.find(([each]) => each === name)?.[1];
  const next = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest.join("."), value);
  const kept = entries.map(([each, old]) => [each, each === name ? next : old] as const);
  if (!entries.some(([each]) => each === name)) kept.push([name, next]);
  return Object.fromEntries(kept.filter(([, each]) => each !== undefined));
}

/** The nearest valid form as the server words it, JSON or a bare word, as a value. */
export function nearestValue(nearest: string): unknown {
  try {
    return JSON.parse(nearest);
  } catch {
    return nearest;
  }
}

/** A value as a field has it: a text, or JSON of what is none. */
export function plainText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is RuleDraft {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
