// Writes a rule.
import type { StoredAlertRule } from "../../api/client.ts";
import { tell } from "../../api/tell.ts";
import type { RuleDraft } from "./rule-draft.ts";

/**
 * Writes it, if it is still as it was read. `revision` 0: there must be none yet. `mayBeUnknown`: it may speak of what the store has never
 * seen. Rejects with `ApiProblem`.
 */
export async function saveRule(
  ruleId: string,
  rule: RuleDraft,
  revision: number,
  mayBeUnknown: boolean,
): Promise<StoredAlertRule> {
  const answer = await tell("put", "/api/telemetry/alert-rules/{rule_id}", {
    values: { rule_id: ruleId },
    query: { revision, allow_unknown: mayBeUnknown ? "true" : "false" },
    body: rule,
  });
  return answer.rule;
}
