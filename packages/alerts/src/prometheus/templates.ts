// Annotations: places for values in the words of rules, and of Prometheus, where they are templates of Go.
import type { AlertRule } from "../rules/alert-rule.ts";

const OURS = /\{\{(value|threshold|rule_name|severity|labels\.[A-Za-z0-9_.-]+)\}\}|\{\{/g;
/** A text within an action may have braces of its own. */
const THEIRS = /\{\{-?\s*("(?:[^"\\]|\\.)*"|.*?)\s*-?\}\}/gs;

/** What Prometheus calls the labels that tell a rule's alerts apart, by what the rule calls them; or the other way round. */
export type LabelNames = ReadonlyMap<string, string>;

/**
 * An annotation for Prometheus. What a rule knows already is written out, what is known of each of its alerts is filled in by Prometheus;
 * what only looks like a place stays the text that it is.
 */
export function toTemplate(text: string, rule: AlertRule, names: LabelNames): string {
  return text.replace(OURS, (found, place?: string) => {
    if (place === undefined) return '{{ "{{" }}';
    if (place === "value") return "{{ $value }}";
    const theirs = place.startsWith("labels.") ? names.get(place.slice("labels.".length)) : undefined;
    if (theirs !== undefined) return `{{ $labels.${theirs} }}`;
    const said = saidBy(rule, place);
    return said === undefined ? `{{ "${found}" }}` : said.replaceAll("{{", '{{ "{{" }}');
  });
}

/** An annotation of Prometheus for a rule: values with their formatting left out, labels by name; all else as it is written. */
export function fromTemplate(text: string, names: LabelNames): string {
  return text.replace(THEIRS, (found, inner: string) => {
    const literal = /^"((?:[^"\\]|\\.)*)"$/.exec(inner);
    if (literal !== null) return literal[1]!.replace(/\\(.)/g, "$1");
    if (/^(?:printf\s+"[^"]*"\s+)?\$value(?:\s*\|\s*\w+)*$/.test(inner)) return "{{value}}";
    const label = /^\$labels\.([A-Za-z_]\w*)$/.exec(inner)?.[1];
    return label === undefined ? found : `{{labels.${names.get(label) ?? label}}}`;
  });
}

function saidBy(rule: AlertRule, place: string): string | undefined {
  if (place === "rule_name") return rule.rule_name;
  if (place === "severity") return rule.severity;
  if (place !== "threshold") return rule.labels[place.slice("labels.".length)];
  return rule.rule_type === "data_absence" ? undefined : String(rule.condition_config.threshold);
}
