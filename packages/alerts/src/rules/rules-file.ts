// A file of rules: YAML, which JSON is part of.
import { parseDocument } from "yaml";
import type { AlertRule } from "./alert-rule.ts";
import { parseAlertRule } from "./parse-rule.ts";
import type { RuleCatalogue } from "./rule-catalogue.ts";
import { AlertRuleError, type RuleProblem } from "./rule-error.ts";

/** A rule of a file that cannot work. */
export interface BrokenRule {
  /** Its place: `rules[2]`. */
  readonly path: string;
  readonly error: AlertRuleError;
}

/** What a file has. */
export interface RulesFile {
  readonly rules: readonly AlertRule[];
  readonly broken: readonly BrokenRule[];
}

const MAX_BYTES = 1_048_576;
const MAX_RULES = 5_000;
const MAX_PROBLEMS = 100;

/**
 * The rules of a file: a list, or an object with the list as `rules`. Throws `AlertRuleError` with all that is wrong, each with its place
 * (`rules[2].condition_config.operator`); two rules must not have one id.
 *
 * @example
 * parseAlertRules(`
 * rules:
 *   - rule_name: High Error Rate
 *     rule_type: event_frequency
 *     condition_config: { event_type: error_event, threshold: 10, time_window_minutes: 5 }
 *     severity: error
 * `);
 */
export function parseAlertRules(text: string, catalogue: RuleCatalogue = {}): readonly AlertRule[] {
  const { rules, broken } = readAlertRules(text, catalogue);
  const problems = broken.flatMap(({ path, error }) =>
    error.problems.map((one) => ({ ...one, path: `${path}${one.path === "" ? "" : "."}${one.path}` })),
  );
  if (problems.length > 0) throw new AlertRuleError(problems.slice(0, MAX_PROBLEMS));
  return rules;
}

/**
 * The rules of a file as {@link parseAlertRules} has them, rule by rule: one that is wrong is beside the others, and stops none of them. Throws
 * `AlertRuleError` for what is no file of rules.
 *
 * @example
 * const { rules, broken } = readAlertRules(readFileSync("alerts.yml", "utf8"));
 */
export function readAlertRules(text: string, catalogue: RuleCatalogue = {}): RulesFile {
  const rules: AlertRule[] = [];
  const broken: BrokenRule[] = [];
  const places = new Map<string, string>();
  for (const [i, value] of toList(toValue(text)).entries()) {
    const path = `rules[${i}]`;
    try {
      const rule = parseAlertRule(value, catalogue);
      const first = places.get(rule.rule_id);
      if (first !== undefined)
        throw new AlertRuleError([problemOf("rule_id", `is ${rule.rule_id}, as ${first} has it.`)]);
      places.set(rule.rule_id, path);
      rules.push(rule);
    } catch (error) {
      if (!(error instanceof AlertRuleError)) throw error;
      broken.push({ path, error });
    }
  }
  return { rules, broken };
}

function toValue(text: string): unknown {
  if (text.length > MAX_BYTES) throw refusal(`has ${text.length} characters; a file of rules may have ${MAX_BYTES}.`);
  try {
    const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
    const [error] = document.errors;
    if (error !== undefined) throw refusal(`is no YAML: ${error.message}`);
    // Aliases are few in what people write; of many a small text becomes a large value.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof AlertRuleError) throw error;
    throw refusal(`cannot be read as YAML: ${(error as Error).message}`);
  }
}

function toList(value: unknown): readonly unknown[] {
  const list = Array.isArray(value) ? value : (value as { readonly rules?: unknown } | null)?.rules;
  if (!Array.isArray(list))
    throw refusal('has no list of rules; it must begin with "rules:", and a "-" for each rule.');
  if (list.length > MAX_RULES) throw refusal(`has ${list.length} rules; a file may have ${MAX_RULES}.`);
  return list;
}

function refusal(problem: string): AlertRuleError {
  return new AlertRuleError([problemOf("file", problem)]);
}

function problemOf(path: string, problem: string): RuleProblem {
  return { path, problem, nearest: undefined };
}
