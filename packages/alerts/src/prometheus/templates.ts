// Annotations: places for values in the words of rules, and of Prometheus, where they are templates of Go.
import type { AlertRule } from "../rules/alert-rule.ts";

const OURS = /\{\{(value|threshold|rule_name|severity|labels\.[A-Za-z0-9_.-]+)\}\}|\{\{/g;
/** A text within an action may have braces of its own. */
const THEIRS = /\{\{-?\s*("(?:[^"\\]|\\.)*"|.*?)\s*-?\}\}/gs;

/** An annotation for Prometheus. What a rule knows already is written out; what only looks like a place stays the text that it is. */
export function toTemplate(text: string, rule: AlertRule): string {
  return text.replace(OURS, (found, place?: string) => {
    if (place === undefined) return '{{ "{{" }}';
    if (place === "value") return "{{ $value }}";
    const said = saidBy(rule, place);
    return said === undefined ? `{{ "${found}" }}` : said.replaceAll("{{", '{{ "{{" }}');
  });
}

/** An annotation of Prometheus for a rule: values with their formatting left out, labels by name; all else as it is written. */
export function fromTemplate(text: string): string {
  return text.replace(THEIRS, (found, inner: string) => {
    const literal = /^"((?:[^"\\]|\\.)*)"$/.exec(inner);
    if (literal !== null) return literal[1]!.replace(/\\(.)/g, "$1");
    if (/^(?:printf\s+"[^"]*"\s+)?\$value(?:\s*\|\s*\w+)*$/.test(inner)) return "{{value}}";
    const label = /^\$labels\.([A-Za-z_]\w*)$/.exec(inner);
    return label === null ? found : `{{labels.${label[1]}}}`;
  });
}

function saidBy(rule: AlertRule, place: string): string | undefined {
  if (place === "rule_name") return rule.rule_name;
  if (place === "severity") return rule.severity;
  if (place !== "threshold") return rule.labels[place.slice("labels.".length)];
  return rule.rule_type === "data_absence" ? undefined : String(rule.condition_config.threshold);
}
