// Rules from code and from a file, into the store: what they say is what is stored, whatever was there.
import { isDeepStrictEqual } from "node:util";
import { type AlertRule, AlertRuleError, parseAlertRule, readAlertRules, toStoredRule } from "@tracebook/alerts";
import type { AlertRecords, StoredAlertRule } from "@tracebook/store";
import type { GivenData } from "../desk-options.ts";
import { readGivenFile } from "./given-file.ts";

/** A rule that cannot work. */
export interface BrokenRule {
  /** Its id, or its place: `rules[2] of alerts.yml`. */
  readonly rule: string;
  readonly problem: string;
}

/** Where rules come from. */
export interface RuleSources {
  readonly alertRules: readonly GivenData[];
  readonly alertRulesFile: string | undefined;
}

/** Rules of one source. */
interface GivenRules {
  /** What stands in {@link SOURCE_ANNOTATION}. */
  readonly source: string;
  readonly rules: readonly AlertRule[];
  readonly broken: readonly BrokenRule[];
}

/** The annotation that says where a rule of the store came from. */
const SOURCE_ANNOTATION = "tracebook_source";

/** Reads what is given. A rule that is wrong is left out, and never stops the others. */
export function readGivenRules({ alertRules, alertRulesFile }: RuleSources): readonly GivenRules[] {
  const given: GivenRules[] = [];
  if (alertRules.length > 0) given.push(fromCode(alertRules));
  if (alertRulesFile !== undefined) given.push(fromFile(alertRulesFile));
  return given;
}

/**
 * Writes them. One that is in the store as it is given is left alone, one that differs is overwritten, and one that came from the same source
 * before and is not in it any more is removed, unless something of the source is broken: it may be that one.
 */
export async function storeGivenRules(
  records: Pick<AlertRecords, "rules" | "saveRule" | "removeRule">,
  given: readonly GivenRules[],
  now: string,
): Promise<void> {
  if (given.length === 0) return;
  const stored = new Map((await records.rules()).map((rule) => [rule.rule_id, rule]));
  const wanted = new Map<string, AlertRule>();
  for (const { source, rules } of given)
    for (const rule of rules)
      wanted.set(rule.rule_id, { ...rule, annotations: { ...rule.annotations, [SOURCE_ANNOTATION]: source } });
  for (const rule of wanted.values()) {
    const row = toStoredRule(rule, now);
    if (!isSame(row, stored.get(rule.rule_id))) await records.saveRule(row);
  }
  const whole = new Set(given.filter(({ broken }) => broken.length === 0).map(({ source }) => source));
  for (const { rule_id: id, annotations } of stored.values())
    if (!wanted.has(id) && whole.has(annotations[SOURCE_ANNOTATION] ?? "")) await records.removeRule(id, now);
}

function fromCode(alertRules: readonly GivenData[]): GivenRules {
  const rules: AlertRule[] = [];
  const broken: BrokenRule[] = [];
  for (const [i, given] of alertRules.entries())
    try {
      rules.push(parseAlertRule(given));
    } catch (error) {
      broken.push({ rule: `alertRules[${i}]`, problem: inOneLine(error) });
    }
  return { source: "code", rules, broken };
}

function fromFile(path: string): GivenRules {
  try {
    const { rules, broken } = readAlertRules(readGivenFile(path));
    return {
      source: "file",
      rules,
      broken: broken.map(({ path: place, error }) => ({ rule: `${place} of ${path}`, problem: inOneLine(error) })),
    };
  } catch (error) {
    return { source: "file", rules: [], broken: [{ rule: path, problem: inOneLine(error) }] };
  }
}

function inOneLine(error: unknown): string {
  if (error instanceof AlertRuleError) return error.message.replaceAll("\n", " ");
  return error instanceof Error ? error.message : String(error);
}

/** In all that a rule says. The order of names does not matter: a database may have its own. */
function isSame(wanted: StoredAlertRule, stored: StoredAlertRule | undefined): boolean {
  return stored !== undefined && isDeepStrictEqual(saying(wanted), saying(stored));
}

function saying({
  problem: _p,
  created_at: _c,
  updated_at: _u,
  removed_at: _r,
  revision: _v,
  ...rule
}: StoredAlertRule) {
  return rule;
}
