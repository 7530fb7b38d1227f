// Decisions: the list, one, reasons, and accepts and rejects over time.
import { checkEdge } from "@tracebook/decisions";
import { type DecisionCount, percentOf } from "@tracebook/store";
import { decisionRoute, decisionsRoute, decisionTimelineRoute, reasonsRoute } from "../api/decision-routes.ts";
import type { Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import type { AnswerContext } from "./answer-context.ts";
import { isAccept } from "./decision-tallies.ts";
import { explainReason } from "./reason-words.ts";
import { lastDay, openRange } from "./time-range.ts";

/** Adds the routes. */
export function addDecisionAnswers(api: Api, { store, nowMs }: AnswerContext): void {
  api.answer(decisionsRoute, async ({ query }) => {
    const {
      symbol,
      strategy,
      decision,
      reason_code: reasonCode,
      edge_unit: edgeUnit,
      limit,
      before_id: before,
    } = query;
    const filter = { ...openRange(query), symbol, strategy, decision, reasonCode, edgeUnit };
    const decisions = await store.findDecisions(filter, limit, before);
    return { decisions, next_before_id: decisions.length < limit ? null : (decisions.at(-1)?.event_id ?? null) };
  });
  api.answer(reasonsRoute, async ({ query }) => {
    const { symbol, strategy } = query;
    return rankReasons(await store.decisionReasons({ ...lastDay(query, nowMs()), symbol, strategy }));
  });
  api.answer(decisionTimelineRoute, async ({ query }) => {
    const { symbol, strategy, step_seconds: step } = query;
    const slices = await store.decisionTimeline({ ...lastDay(query, nowMs()), symbol, strategy }, step);
    return { step_seconds: step, slices: slices.map(({ bucket, ...counts }) => ({ time: bucket, ...counts })) };
  });
  api.answer(decisionRoute, async ({ params: { event_id: id } }) => {
    const [decision, event] = await Promise.all([store.decision(id), store.event(id)]);
    if (decision === undefined || event === undefined)
      throw new ProblemError("not_found", `There is no decision ${id}, or none any more.`);
    return { decision, event, arithmetic: checkEdge(event.data) ?? null };
  });
}

function rankReasons(reasons: readonly DecisionCount[]) {
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  const accepted = reasons.reduce((sum, one) => sum + (isAccept(one) ? one.count : 0), 0);
  return {
    total,
    accepted,
    rejected: total - accepted,
    reasons: reasons.map((one) => ({
      reason_code: one.reason_code,
      explanation: explainReason(one.reason_code),
      count: one.count,
      percentage: percentOf(one.count, total),
      accepted: isAccept(one),
    })),
  };
}
