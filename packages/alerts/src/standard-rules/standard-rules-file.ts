// The standard rules as a file that somebody edits and gives to a desk.
import { Document, isScalar, visit } from "yaml";
import type { AlertRule } from "../rules/alert-rule.ts";
import { type StandardRulesOptions, standardAlertRules } from "./standard-alert-rules.ts";

const HEAD = ` The standard rules for a trading service. Change what does not fit yours, take out what it does not have, and then
   TELEMETRY_ALERT_RULES_FILE=alerts.yml npx tracebook serve
 A rule that is not right is refused with the reason: npx tracebook alerts check alerts.yml
 What the fields mean: https://github.com/tracebook/tracebook/blob/main/docs/alerts.md#rules`;

/**
 * The rules of {@link standardAlertRules} as YAML for `parseAlertRules`, what is left out being the default.
 *
 * @example
 * writeFileSync("alerts.yml", standardRulesFile({ prefix: "basis_" }));
 */
export function standardRulesFile(options: StandardRulesOptions = {}): string {
  const rules = standardAlertRules(options).map(toFields);
  const document = new Document({ rules });
  document.commentBefore = HEAD;
  // A list of texts is read at a glance.
  visit(document, {
    Seq(_, list) {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function toFields({ rule_name, rule_type, condition_config, for_seconds, severity, labels, annotations }: AlertRule) {
  return {
    rule_name,
    rule_type,
    condition_config: withoutDefaults(condition_config),
    for_seconds,
    severity,
    labels,
    annotations,
  };
}

/** Without what is empty, and what is taken without being said. */
function withoutDefaults(condition: object): object {
  const entries = Object.entries(condition).filter(([field, value]) => {
    if (field === "across" && (condition as { readonly aggregation?: string }).aggregation !== "last") return false;
    return value !== undefined && !(typeof value === "object" && Object.keys(value as object).length === 0);
  });
  return Object.fromEntries(
    entries.map(([field, value]) => [field, field === "divided_by" ? withoutDefaults(value as object) : value]),
  );
}
