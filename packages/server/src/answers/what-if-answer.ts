// What if: recorded decisions judged again.
import {
  createReJudge,
  createWhatIfFold,
  type FlipCount,
  TracebookDecisionError,
  type WhatIfChange,
} from "@tracebook/decisions";
import type { DecisionFilter, JudgedDecision, StoreQueries } from "@tracebook/store";
import { ProblemError } from "../http/problem.ts";
import type { Budget } from "../work/budget.ts";
import { readDecisions, toStored } from "./decision-pages.ts";

/** What is judged again, and how. */
export interface WhatIfWish {
  readonly filter: DecisionFilter;
  readonly unit: string;
  readonly change: WhatIfChange;
  readonly maxDecisions: number;
}

const MAX_SAMPLES = 100;

/** Judges again, newest first. What the time did not suffice for is said by `complete`. */
export async function whatIf(
  store: Pick<StoreQueries, "judgedDecisions">,
  { filter, unit, change, maxDecisions }: WhatIfWish,
  budget: Budget,
) {
  const judge = reJudgeBy(change);
  const fold = createWhatIfFold<JudgedDecision>({ samples: MAX_SAMPLES });
  const { examined, isComplete } = await readDecisions(store, { filter, most: maxDecisions }, budget, (decision) =>
    fold.add(decision, judge(decision)),
  );
  const { outcomes, before, after, byReasonCode, bySymbol, netEdges, samples } = fold.summary();
  const sums = netEdges.find((sum) => sum.edge_unit === unit);
  return {
    examined,
    judged: outcomes.unchanged + outcomes.accepts + outcomes.rejects,
    other_unit: outcomes.other_unit,
    not_judgeable: outcomes.not_judgeable,
    complete: isComplete,
    before,
    after,
    flips: { to_accept: outcomes.accepts, to_reject: outcomes.rejects },
    net_edge_of_new_accepts: sums?.accepts ?? "0",
    net_edge_of_new_rejects: sums?.rejects ?? "0",
    by_reason: byReasonCode.map(({ value, ...flips }) => ({ reason_code: value, ...toFlips(flips) })),
    by_symbol: bySymbol.map(({ value, ...flips }) => ({ symbol: value, ...toFlips(flips) })),
    samples: samples.map(({ record, judged }) => ({
      ...toStored(record),
      new_decision: judged.decision,
      new_reason_code: judged.reason_code,
      new_net_edge: judged.net_edge ?? null,
      new_min_threshold: judged.min_threshold ?? null,
    })),
  };
}

function toFlips({ accepts, rejects }: Pick<FlipCount, "accepts" | "rejects">) {
  return { to_accept: accepts, to_reject: rejects };
}

function reJudgeBy(change: WhatIfChange) {
  try {
    return createReJudge(change);
  } catch (error) {
    if (error instanceof TracebookDecisionError) throw new ProblemError("invalid_parameter", error.message);
    throw error;
  }
}
