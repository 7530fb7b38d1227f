// A rule file of Prometheus as rules.
import type { MetricDefinition } from "@tracebook/metrics";
import { parseDocument } from "yaml";
import type { AlertRule } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { AlertRuleError } from "../rules/rule-error.ts";
import { parseDuration } from "./durations.ts";
import { fromExpression } from "./from-expression.ts";
import { type KnownMetrics, knownMetrics } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import { fromTemplate } from "./templates.ts";
import { CHANNELS_ANNOTATION, ID_ANNOTATION, LICENSE_ANNOTATION } from "./to-prometheus.ts";

/** A rule of a file that is none of ours. */
export interface RefusedRule {
  /** `groups[0].rules[2]`. */
  readonly path: string;
  /** Its name, of an alert or a recording. */
  readonly name: string;
  readonly reason: string;
}

/** What a file has. */
export interface ImportedRules {
  readonly rules: readonly AlertRule[];
  readonly refused: readonly RefusedRule[];
}

const MAX_BYTES = 1_048_576;
const MAX_RULES = 5_000;
const FIELDS = new Set(["alert", "expr", "for", "labels", "annotations"]);
/** Of a rule that does not say how bad it is. */
const DEFAULT_SEVERITY = "warning";

/**
 * Reads the alerts of a rule file that a rule can say: those that hold at the same times, metrics of the catalogue and those of `metrics`. Every
 * other one is in `refused`, with the reason. An alert for each of several series becomes a rule with an alert for each set of their labels, of which
 * `job` and `instance` are `service_name` and `instance_id`. Severity is the label `severity`, by default `warning`; formatting within
 * annotations is left out. Throws `AlertRuleError` for what is no rule file.
 *
 * @example
 * const { rules, refused } = fromPrometheusRules(readFileSync("trading-alerts.yml", "utf8"));
 */
export function fromPrometheusRules(
  yaml: string,
  { metrics }: { readonly metrics?: readonly MetricDefinition[] } = {},
): ImportedRules {
  const known = knownMetrics(metrics);
  const rules: AlertRule[] = [];
  const refused: RefusedRule[] = [];
  const ids = new Set<string>();
  for (const { path, value } of rulesOf(yaml)) {
    try {
      const rule = toRule(value, known);
      if (ids.has(rule.rule_id)) throw new NotExpressible(`another one of the file is ${rule.rule_id} already.`);
      ids.add(rule.rule_id);
      rules.push(rule);
    } catch (error) {
      if (!(error instanceof NotExpressible) && !(error instanceof AlertRuleError)) throw error;
      refused.push({ path, name: nameOf(value), reason: error.message });
    }
  }
  return { rules, refused };
}

function toRule(value: unknown, known: KnownMetrics): AlertRule {
  const rule = objectOf(value, "it");
  if (rule["record"] !== undefined) throw new NotExpressible("it is a recording, and no alert.");
  for (const field of Object.keys(rule))
    if (!FIELDS.has(field)) throw new NotExpressible(`it has ${field}, which rules have not.`);
  const labels = textsOf(rule["labels"], "labels");
  const { severity = DEFAULT_SEVERITY, ...others } = mapTexts(labels, plainLabel);
  const { labelNames, ...condition } = fromExpression(textOf(rule["expr"], "expr"), known);
  const annotations = mapTexts(textsOf(rule["annotations"], "annotations"), (text) => fromTemplate(text, labelNames));
  const { [ID_ANNOTATION]: id, [CHANNELS_ANNOTATION]: channels, [LICENSE_ANNOTATION]: license, ...texts } = annotations;
  return parseAlertRule({
    ...(id === undefined ? undefined : { rule_id: id }),
    rule_name: textOf(rule["alert"], "alert"),
    ...condition,
    for_seconds: secondsOf(rule["for"] ?? "0s"),
    severity,
    labels: others,
    annotations: texts,
    ...(channels === undefined ? undefined : { notification_channels: listOf(channels) }),
    ...(license === undefined ? undefined : { license_id: license }),
  });
}

/** All rules of all groups. */
function rulesOf(yaml: string): readonly { readonly path: string; readonly value: unknown }[] {
  const file = parsed(yaml) as { readonly groups?: unknown } | null;
  const groups = file?.groups ?? [];
  if (!Array.isArray(groups)) throw refusal("has no list of groups.");
  const rules = groups.flatMap((group: { readonly rules?: unknown } | null, g) => {
    const list = group?.rules ?? [];
    if (!Array.isArray(list)) throw refusal(`has no list of rules in groups[${g}].`);
    return list.map((value: unknown, r) => ({ path: `groups[${g}].rules[${r}]`, value }));
  });
  if (rules.length > MAX_RULES) throw refusal(`has ${rules.length} rules; ${MAX_RULES} are looked at.`);
  return rules;
}

function parsed(yaml: string): unknown {
  if (yaml.length > MAX_BYTES) throw refusal(`has ${yaml.length} characters; ${MAX_BYTES} are looked at.`);
  const document = parseDocument(yaml, { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw refusal(`is no YAML: ${error.message}`);
  try {
    // Of many aliases a small text becomes a large value.
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw refusal(`cannot be read as YAML: ${(cause as Error).message}`);
  }
}

function refusal(problem: string): AlertRuleError {
  return new AlertRuleError([{ path: "file", problem, nearest: undefined }]);
}

function nameOf(value: unknown): string {
  const { alert, record } = (value ?? {}) as { readonly alert?: unknown; readonly record?: unknown };
  return String(alert ?? record ?? "").slice(0, 200);
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new NotExpressible(`${what} is ${JSON.stringify(value)}, which has no fields.`);
}

function textOf(value: unknown, field: string): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new NotExpressible(`its ${field} is ${JSON.stringify(value)}; it must be a text.`);
}

function textsOf(value: unknown, field: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  const entries = Object.entries(objectOf(value, field)).map(([name, text]) => [
    name,
    textOf(text, `${field}.${name}`),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function mapTexts(texts: Readonly<Record<string, string>>, map: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, map(text)]));
}

/** A label that is worked out anew with each series is no label of a rule. */
function plainLabel(text: string): string {
  const pieces = text.split('{{ "{{" }}');
  if (pieces.some((piece) => piece.includes("{{")))
    throw new NotExpressible(`its label ${JSON.stringify(text)} is a template.`);
  return pieces.join("{{");
}

function secondsOf(value: unknown): number {
  const seconds = parseDuration(textOf(value, "for"));
  if (seconds === undefined) throw new NotExpressible(`its for is ${JSON.stringify(value)}, which is no duration.`);
  return seconds;
}

function listOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotExpressible(`its annotation ${CHANNELS_ANNOTATION} is ${JSON.stringify(text)}, which is no list.`);
  }
}
