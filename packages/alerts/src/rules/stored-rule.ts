// Rules to and from the store.
import type { JsonValue, StoredAlertRule } from "@tracebook/store";
import type { AlertRule } from "./alert-rule.ts";
import { parseAlertRule } from "./parse-rule.ts";

/** The rule as the store keeps it, written at `now`. */
export function toStoredRule(rule: AlertRule, now: string): StoredAlertRule {
  const condition_config = JSON.parse(JSON.stringify(rule.condition_config)) as { [field: string]: JsonValue };
  return { ...rule, condition_config, problem: null, created_at: now, updated_at: now, removed_at: null, revision: 0 };
}

/** The rule of a row; throws `AlertRuleError` for one that somebody has spoilt. */
export function fromStoredRule(row: StoredAlertRule): AlertRule {
  const { problem: _p, created_at: _c, updated_at: _u, removed_at: _r, revision: _v, ...rule } = row;
  return parseAlertRule(rule);
}
