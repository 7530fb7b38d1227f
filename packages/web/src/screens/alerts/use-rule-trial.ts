// A rule that is being written, checked and tried on the last day as soon as nothing is typed for a moment.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ApiProblem, isPassing } from "../../api/client.ts";
import { type Reply, tell } from "../../api/tell.ts";
import { useDebounced } from "../decisions/use-debounced.ts";
import type { RuleDraft } from "./rule-draft.ts";

/** What the server says of a draft. */
export type RuleCheck = Reply<"post", "/api/telemetry/alert-rules/check">;
/** What would have happened. */
export type Backtest = Reply<"post", "/api/telemetry/alert-rules/backtest">;

const CHECK_AFTER_MS = 250;
const TRY_AFTER_MS = 700;
const DAY_MS = 86_400_000;

const shared = {
  retry: (failures: number, problem: ApiProblem) => failures < 1 && isPassing(problem),
  placeholderData: keepPreviousData,
  gcTime: 10_000,
} as const;

/** The rule with every default in place, or all that is wrong with it. */
export function useRuleCheck(draft: RuleDraft) {
  const settled = useDebounced(draft, CHECK_AFTER_MS);
  const answer = useQuery<RuleCheck, ApiProblem>({
    ...shared,
    queryKey: ["check of a rule", settled],
    queryFn: ({ signal }) => tell("post", "/api/telemetry/alert-rules/check", { body: { rule: settled }, signal }),
    staleTime: 5_000,
  });
  return { ...answer, isSettled: settled === draft && !answer.isPlaceholderData };
}

/** When it would have fired in the last 24 hours; nothing is asked without a rule. */
export function useBacktest(rule: RuleDraft | undefined) {
  const settled = useDebounced(rule, TRY_AFTER_MS);
  return useQuery<Backtest, ApiProblem>({
    ...shared,
    queryKey: ["back-test of a rule", settled],
    queryFn: ({ signal }) => {
      // Up to a minute ago: what is younger may be on its way.
      const end = Math.floor(Date.now() / 60_000) * 60_000;
      const body = {
        rule: settled ?? {},
        start_time: new Date(end - DAY_MS).toISOString(),
        end_time: new Date(end).toISOString(),
      };
      return tell("post", "/api/telemetry/alert-rules/backtest", { body, signal });
    },
    enabled: settled !== undefined,
    staleTime: 60_000,
  });
}
