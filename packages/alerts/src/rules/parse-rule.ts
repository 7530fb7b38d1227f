// Makes a rule out of anything, or says why it cannot be one.
import type { AlertSeverity } from "@tracebook/store";
import type { AlertRule } from "./alert-rule.ts";
import { ABSENCE_FIELDS, EVENT_FIELDS, readAbsence, readFrequency } from "./parse-condition.ts";
import { METRIC_FIELDS, readThreshold } from "./parse-threshold.ts";
import type { RuleCatalogue } from "./rule-catalogue.ts";
import { AlertRuleError } from "./rule-error.ts";
import { RuleReader } from "./rule-reader.ts";

const FIELDS = [
  "rule_id",
  "rule_name",
  "rule_type",
  "source_type",
  "condition_config",
  "for_seconds",
  "severity",
  "labels",
  "annotations",
  "notification_channels",
  "notification_config",
  "license_id",
  "is_active",
] as const;

const TYPES = ["metric_threshold", "event_frequency", "data_absence"] as const;
const SEVERITIES: readonly AlertSeverity[] = ["info", "warning", "error", "critical"];
const DAY_S = 86_400;

/**
 * The rule that `value` describes, with defaults for what is left out: `aggregation` avg, `time_window_minutes` 5, `operator` >= (events
 * only), `for_seconds` 0, `is_active` true. Severities may be in upper case, as S4 has them. Throws `AlertRuleError` with all that is wrong.
 *
 * @example
 * parseAlertRule({
 *   rule_name: "Slow Response Times",
 *   rule_type: "metric_threshold",
 *   source_type: "system_metric",
 *   condition_config: { metric: "response_time", operator: ">", threshold: 1000, aggregation: "p95" },
 *   severity: "warning",
 * });
 */
export function parseAlertRule(value: unknown, catalogue: RuleCatalogue = {}): AlertRule {
  const reader = new RuleReader(lowerSeverity(value), "", FIELDS);
  const rule_name = reader.requiredText("rule_name", '"High CPU Usage"');
  const frame = {
    rule_id: readId(reader, rule_name),
    rule_name,
    for_seconds: reader.integer("for_seconds", 0, { min: 0, max: DAY_S, unit: "seconds" }),
    severity: reader.word("severity", SEVERITIES, undefined),
    labels: reader.texts("labels"),
    annotations: reader.texts("annotations"),
    notification_channels: reader.list("notification_channels"),
    notification_config: reader.values("notification_config"),
    license_id: reader.text("license_id") ?? null,
    is_active: reader.flag("is_active", true),
  };
  const condition = readCondition(reader, catalogue);
  if ("by" in condition.condition_config) checkGroups(reader, condition.condition_config.by, frame.labels);
  if (reader.problems.length > 0) throw new AlertRuleError(reader.problems);
  return Object.freeze({ ...frame, ...condition });
}

function readCondition(reader: RuleReader, catalogue: RuleCatalogue) {
  const rule_type = reader.word("rule_type", TYPES, undefined);
  switch (rule_type) {
    case "metric_threshold":
      return {
        rule_type,
        source_type: reader.word("source_type", ["system_metric", "business_metric"], "system_metric"),
        condition_config: readThreshold(reader.inner("condition_config", METRIC_FIELDS), catalogue),
      };
    case "event_frequency":
      return {
        rule_type,
        source_type: reader.word("source_type", ["telemetry_event"], "telemetry_event"),
        condition_config: readFrequency(reader.inner("condition_config", EVENT_FIELDS), catalogue),
      };
    case "data_absence": {
      const condition_config = readAbsence(reader.inner("condition_config", ABSENCE_FIELDS), catalogue);
      const sources =
        "metric" in condition_config.stream
          ? (["system_metric", "business_metric"] as const)
          : (["telemetry_event"] as const);
      return { rule_type, source_type: reader.word("source_type", sources, sources[0]), condition_config };
    }
  }
}

/** An alert has the labels of its rule, and those of its group. */
function checkGroups(reader: RuleReader, by: readonly string[], labels: { readonly [label: string]: string }): void {
  const both = by.find((label) => Object.hasOwn(labels, label));
  if (both === undefined) return;
  reader.refuse(
    "condition_config.by",
    `has ${JSON.stringify(both)}, which labels has too: an alert could have only one of the two.`,
    JSON.stringify(by.filter((label) => !Object.hasOwn(labels, label))),
  );
}

/** Part of names of alerts and addresses of pages. */
function readId(reader: RuleReader, name: string): string {
  const made = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 100);
  const given = reader.text("rule_id", 100) ?? (made === "" ? "rule" : made);
  if (!/^[A-Za-z0-9][\w.:-]*$/.test(given))
    reader.refuse(
      "rule_id",
      `is ${JSON.stringify(given)}; it may have letters, digits, and . : _ - only.`,
      made === "" ? undefined : made,
    );
  return given;
}

function lowerSeverity(value: unknown): unknown {
  const severity = (value as { readonly severity?: unknown } | null | undefined)?.severity;
  if (typeof severity !== "string" || Array.isArray(value)) return value;
  return { ...(value as object), severity: severity.toLowerCase() };
}
