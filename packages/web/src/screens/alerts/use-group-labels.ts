// By which labels the alerts of a rule are told apart.
import { useCallback, useMemo } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { valueAt } from "./rule-draft.ts";

const FRESH_MS = 30_000;

/** Gives the names of the labels of a rule's groups; none where it makes no groups, or is not known (any more). */
export function useGroupLabels(): (ruleId: string) => readonly string[] {
  const { data } = useAnswer("/api/telemetry/alert-rules", {}, { freshMs: FRESH_MS });
  const byRule = useMemo(
    () =>
      new Map(
        (data?.rules ?? []).map(({ rule_id: id, condition_config: condition }) => {
          const by = valueAt(condition, "by");
          return [id, Array.isArray(by) ? by.map(String) : NONE];
        }),
      ),
    [data],
  );
  return useCallback((ruleId) => byRule.get(ruleId) ?? NONE, [byRule]);
}

const NONE: readonly string[] = Object.freeze([]);
