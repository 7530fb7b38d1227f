// The alerts that a desk has too: each is a rule of the standard set, written in PromQL, with what Prometheus has beyond it.
import {
  type AlertRule as DeskRule,
  type PrometheusAlert,
  standardAlertRules,
  toPrometheusRules,
} from "@tracebook/alerts";
import { metricCatalogue } from "@tracebook/metrics";
import type { NamePrefixes } from "../wire-names.ts";
import type { AlertRule } from "./rule.ts";

/** What is said here of a rule of the standard set. */
export interface StandardAddition {
  /** Why it is written so, for who reads the rule. */
  readonly why: string;
  /** Its text with figures, as Prometheus formats them; without: the rule's own. */
  readonly description?: string;
  /** An expression that finds more than the rule can say; `why` has what. */
  readonly expr?: string;
}

/** Makes alerts of the standard rules of one application. */
export function standardAlerts(prefixes: NamePrefixes): (name: string, addition: StandardAddition) => AlertRule {
  const rules = new Map(standardAlertRules(prefixes).map((rule) => [rule.rule_name, rule]));
  const metrics = Object.values(metricCatalogue(prefixes));
  return (name, addition) => {
    const rule = rules.get(name);
    if (rule === undefined) throw new RangeError(`There is no standard rule ${name}.`);
    return toAlert(rule, toPrometheusRules([rule], { metrics }), addition);
  };
}

function toAlert(
  { rule_name, severity }: DeskRule,
  { alerts: [alert], left_out }: ReturnType<typeof toPrometheusRules>,
  { why, description, expr }: StandardAddition,
): AlertRule {
  if (alert === undefined || (severity !== "critical" && severity !== "warning"))
    throw new RangeError(
      `${rule_name} cannot be an alert here: ${left_out[0]?.remark ?? `it is of severity ${severity}`}`,
    );
  return {
    alert: alert.alert,
    expr: expr ?? alert.expr,
    for: alert.for,
    severity,
    team: textOf(alert, "labels", "team"),
    summary: textOf(alert, "annotations", "summary"),
    description: description ?? textOf(alert, "annotations", "description"),
    why,
  };
}

function textOf(alert: PrometheusAlert, part: "labels" | "annotations", name: string): string {
  const text = alert[part][name];
  if (text === undefined) throw new RangeError(`${alert.alert} has no ${name} among its ${part}.`);
  return text;
}
