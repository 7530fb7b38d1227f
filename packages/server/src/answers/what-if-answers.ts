// Margins with near misses, and what-if: the heavy questions about decisions.
import { marginsRoute, whatifRoute } from "../api/decision-routes.ts";
import type { Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import { createBudget } from "../work/budget.ts";
import type { AnswerContext } from "./answer-context.ts";
import { findNearMisses } from "./near-misses.ts";
import { lastDay } from "./time-range.ts";
import { whatIf } from "./what-if-answer.ts";
import { toChange } from "./what-if-change.ts";

const DEFAULT_PERCENT = "10";

/** Adds the routes. */
export function addWhatIfAnswers(api: Api, { store, nowMs, budgetMs }: AnswerContext): void {
  api.answer(
    marginsRoute,
    async ({ query, signal }) => {
      const { symbol, strategy, bins: binCount, within_percent: withinPercent = DEFAULT_PERCENT } = query;
      if (withinPercent.startsWith("-"))
        throw new ProblemError("invalid_parameter", `within_percent is ${withinPercent}: it must be at least 0.`, {
          parameter: "within_percent",
        });
      const filter = { ...lastDay(query, nowMs()), symbol, strategy };
      const units = await store.edgeUnits(filter);
      const edgeUnit = query.edge_unit ?? units[0] ?? null;
      const { count, binWidth, bins } =
        edgeUnit === null ? NO_MARGINS : await store.marginHistogram({ ...filter, edgeUnit }, binCount);
      const budget = createBudget(signal, budgetMs);
      const misses = await findNearMisses(store, { filter, edgeUnit, withinPercent }, budget);
      return { units, edge_unit: edgeUnit, count, bin_width: binWidth, bins, near_misses: misses };
    },
    { isHeavy: true },
  );
  api.answer(
    whatifRoute,
    ({ query, signal }) => {
      const { symbol, strategy, edge_unit: unit, max_decisions: maxDecisions } = query;
      const filter = { ...lastDay(query, nowMs()), symbol, strategy };
      const wish = { filter, unit, change: toChange(query), maxDecisions };
      return whatIf(store, wish, createBudget(signal, budgetMs));
    },
    { isHeavy: true },
  );
}

const NO_MARGINS = { count: 0, binWidth: 0, bins: [] } as const;
