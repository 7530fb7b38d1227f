// The funnel, and why there was no trade.
import { END_TO_END, FLOW_INSTRUMENTS } from "@tracebook/core/extension";
import { explainNoTrade } from "@tracebook/decisions";
import type { StoreQueries } from "@tracebook/store";
import { funnelRoute, whyRoute } from "../api/decision-routes.ts";
import type { Api } from "../http/api-app.ts";
import { createBudget } from "../work/budget.ts";
import type { AnswerContext } from "./answer-context.ts";
import { toTallies } from "./decision-tallies.ts";
import { edgeShortfalls } from "./edge-shortfalls.ts";
import { type FlowFunnel, flowsOf, stagesOf, toFunnel } from "./flow-funnel.ts";
import { orderStages } from "./stage-latency.ts";
import { lastDay, shownRange, type WholeRange } from "./time-range.ts";
import { toLinkedParts } from "./why-parts.ts";

/** What the funnel is of. */
interface FunnelScope {
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
  readonly flow?: string | undefined;
}

const DAY_SECONDS = 86_400;
/** A range that ends so close to now ends now. */
const NOW_MS = 90_000;

/** Adds the routes. */
export function addFlowAnswers(api: Api, { store, nowMs, budgetMs }: AnswerContext): void {
  api.answer(funnelRoute, ({ query }) => funnelOf(store, lastDay(query, nowMs()), query));
  api.answer(
    whyRoute,
    async ({ query, signal }) => {
      const range = lastDay(query, nowMs());
      const { symbol, strategy } = query;
      const filter = { ...range, symbol, strategy };
      const [funnel, decisions, edges] = await Promise.all([
        funnelOf(store, range, query),
        store.decisionReasons(filter),
        edgeShortfalls(store, filter, createBudget(signal, budgetMs)),
      ]);
      const { sentence, parts } = explainNoTrade({
        range: { start: range.startTime, end: range.endTime, isUntilNow: isUntilNow(range, nowMs()) },
        flow: funnel.flow ?? "flow",
        entered: funnel.entered,
        stages: funnel.steps.map(({ stage, ended }) => ({ stage, drops: ended })),
        decisions: toTallies(decisions),
        edges,
        orders: funnel.orders,
      });
      return { sentence, parts: toLinkedParts(parts), time_range: shownRange(range) };
    },
    { isHeavy: true },
  );
}

/** The funnel of a flow, or of the one with most. */
async function funnelOf(store: StoreQueries, range: WholeRange, scope: FunnelScope): Promise<FlowFunnel> {
  const { symbol, strategy } = scope;
  const outcomes = await store.flowOutcomes({ ...range, symbol, strategy });
  const flow = scope.flow ?? flowsOf(outcomes)[0]?.flow ?? null;
  if (flow === null) return toFunnel(outcomes, null, []);
  const ended = stagesOf(outcomes.filter((outcome) => outcome.flow === flow));
  return toFunnel(outcomes, flow, await stageOrderOf(store, range, flow, ended));
}

/** Every stage at which flows ended, and those that traces know, in their order. */
async function stageOrderOf(
  store: StoreQueries,
  range: WholeRange,
  flow: string,
  ended: readonly string[],
): Promise<readonly string[]> {
  const known = (await store.stageOrder(flow)).filter((stage) => stage !== END_TO_END);
  if (ended.every((stage) => known.includes(stage))) return known;
  // A flow of which no trace was kept: what fewer flows have reached comes later.
  const reached = new Map(ended.map((stage) => [stage, 0]));
  const { name } = FLOW_INSTRUMENTS.stageDuration;
  for (const { labels, slices } of await store.histogram({
    ...range,
    name,
    labels: { flow },
    stepSeconds: DAY_SECONDS,
  })) {
    const { stage = "" } = labels;
    if (stage === END_TO_END) continue;
    const count = slices.reduce((sum, slice) => sum + slice.count, 0);
    reached.set(stage, (reached.get(stage) ?? 0) + count);
  }
  for (const stage of known) if (!reached.has(stage)) reached.set(stage, 0);
  return orderStages(known, reached);
}

function isUntilNow({ endTime }: WholeRange, nowMs: number): boolean {
  return Math.abs(Date.parse(endTime) - nowMs) <= NOW_MS;
}
