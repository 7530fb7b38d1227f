// Rules as a rule file of Prometheus.
import type { MetricDefinition } from "@tracebook/metrics";
import { stringify } from "yaml";
import type { AlertRule } from "../rules/alert-rule.ts";
import { toDuration } from "./durations.ts";
import { type KnownMetrics, knownMetrics } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import { toGrouping } from "./series-selector.ts";
import { metricOf } from "./series-value.ts";
import { type LabelNames, toTemplate } from "./templates.ts";
import { toExpression } from "./to-expression.ts";

/** How rules are written. */
export interface PrometheusRulesOptions {
  /** Metrics beside those of the catalogue: what PromQL says of one depends on its kind. */
  readonly metrics?: readonly MetricDefinition[];
  /** The name of the group. Default `tracebook`. */
  readonly group?: string;
}

/** A remark about a rule. */
export interface RuleRemark {
  readonly rule_id: string;
  readonly remark: string;
}

/** An alert of a rule file. */
export interface PrometheusAlert {
  readonly alert: string;
  readonly expr: string;
  /** As Prometheus writes durations. */
  readonly for: string;
  readonly labels: { readonly [name: string]: string };
  /** Templates, as labels are. */
  readonly annotations: { readonly [name: string]: string };
}

/** A rule file. */
export interface PrometheusRules {
  /** Its alerts, in the order of the rules. */
  readonly alerts: readonly PrometheusAlert[];
  /** As Prometheus reads it; with no rules its list of groups is empty. */
  readonly yaml: string;
  /** Rules that are not in it, and why. */
  readonly left_out: readonly RuleRemark[];
  /** What of those in it is not quite what the rule says. */
  readonly notes: readonly RuleRemark[];
}

/** Annotations that an import finds what Prometheus has no place for. */
export const ID_ANNOTATION = "tracebook_rule_id";
export const CHANNELS_ANNOTATION = "tracebook_channels";
export const LICENSE_ANNOTATION = "tracebook_license_id";

const LINE_ENDS = /[\u0085\u2028\u2029]/;
const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Writes rules about metrics, and about events that a counter counts, as alerts of Prometheus: the expression by the kind of the metric, its
 * threshold in the metric's unit; severity and labels as labels. How somebody is told is Alertmanager's affair: channels are named in an
 * annotation, their configuration, which may hold secrets, is left out. Throws nothing for a rule that has no equal: it is in `left_out`.
 *
 * @example
 * const { yaml, left_out } = toPrometheusRules(parseAlertRules(text));
 */
export function toPrometheusRules(rules: readonly AlertRule[], options: PrometheusRulesOptions = {}): PrometheusRules {
  const { group = "tracebook", metrics } = options;
  const known = knownMetrics(metrics);
  const alerts: PrometheusAlert[] = [];
  const left_out: RuleRemark[] = [];
  const notes: RuleRemark[] = [];
  for (const rule of rules) {
    try {
      const { alert, remarks } = toAlert(rule, known);
      alerts.push(alert);
      notes.push(...remarks.map((remark) => ({ rule_id: rule.rule_id, remark })));
    } catch (error) {
      if (!(error instanceof NotExpressible)) throw error;
      left_out.push({ rule_id: rule.rule_id, remark: error.message });
    }
  }
  const groups = alerts.length === 0 ? [] : [{ name: group, rules: alerts }];
  return { alerts, yaml: toYaml({ groups }), left_out, notes };
}

function toAlert(
  rule: AlertRule,
  known: KnownMetrics,
): { readonly alert: PrometheusAlert; readonly remarks: readonly string[] } {
  if (!rule.is_active) throw new NotExpressible("it is not active, and Prometheus has no rules that are not.");
  const { expr, notes } = toExpression(rule, known);
  const names = labelNamesOf(rule, known);
  checkLabels(rule, names);
  const annotations = Object.entries(rule.annotations).map(([name, text]) => {
    if (!LABEL.test(name)) throw new NotExpressible(`its annotation ${JSON.stringify(name)} is none in Prometheus.`);
    return [name, toTemplate(text, rule, names)];
  });
  const ours = { [ID_ANNOTATION]: rule.rule_id, ...extrasOf(rule) };
  const alert = {
    alert: rule.rule_name,
    expr,
    for: toDuration(rule.for_seconds),
    labels: { severity: rule.severity, ...mapValues(rule.labels, escaped) },
    annotations: { ...Object.fromEntries(annotations), ...mapValues(ours, escaped) },
  };
  const hasConfig = Object.keys(rule.notification_config).length > 0;
  const remarks = hasConfig ? [...notes, "Its notification_config is left out: Alertmanager has its own."] : notes;
  return { alert, remarks };
}

/** What Prometheus calls the labels that tell the rule's alerts apart. */
function labelNamesOf({ condition_config: condition }: AlertRule, known: KnownMetrics): LabelNames {
  if (!("by" in condition)) return new Map();
  const theirs = toGrouping(condition.by, metricOf(condition.metric, known));
  return new Map(condition.by.map((label, i) => [label, theirs[i]!]));
}

function checkLabels(rule: AlertRule, names: LabelNames): void {
  for (const label of Object.keys(rule.labels)) {
    if (!LABEL.test(label) || label.startsWith("__"))
      throw new NotExpressible(
        `its label ${JSON.stringify(label)} is none in Prometheus; ${label.replaceAll(/\W/g, "_")} is.`,
      );
    if (label === "severity" || label === "alertname")
      throw new NotExpressible(
        `its label ${label} is what Prometheus has for the rule's own ${label === "severity" ? "severity" : "name"}.`,
      );
    if ([...names.values()].includes(label))
      throw new NotExpressible(`its label ${label} is what Prometheus tells its alerts apart by.`);
  }
}

function extrasOf({ notification_channels: channels, license_id: license }: AlertRule): Record<string, string> {
  return {
    ...(channels.length === 0 ? undefined : { [CHANNELS_ANNOTATION]: JSON.stringify(channels) }),
    ...(license === null ? undefined : { [LICENSE_ANNOTATION]: license }),
  };
}

/** Prometheus reads YAML 1.1, in which more characters end a line than in 1.2; escaped they are text in both. */
function toYaml(file: object): string {
  const yaml = stringify(file, { lineWidth: 0 });
  if (!LINE_ENDS.test(yaml)) return yaml;
  return stringify(file, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE" }).replaceAll(
    new RegExp(LINE_ENDS, "g"),
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Labels are templates, too. */
function escaped(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

function mapValues(values: { readonly [name: string]: string }, map: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, map(text)]));
}
