// Business metrics, their totals, and what users do.
import { businessMetricsRoute, businessTotalsRoute, userActivityRoute } from "../api/business-routes.ts";
import type { Api } from "../http/api-app.ts";
import type { AnswerContext } from "./answer-context.ts";
import { lastDay, lastDays, openRange } from "./time-range.ts";

/** More records at a time than this are a heavy question. */
const HEAVY_LIMIT = 1_000;
/** Periods are days, weeks and months. */
const TOTAL_DAYS = 30;

/** Adds the routes. */
export function addBusinessAnswers(api: Api, { store, nowMs }: AnswerContext): void {
  api.answer(
    businessMetricsRoute,
    async ({ query }) => {
      const metrics = await store.businessMetrics(
        {
          ...openRange(query),
          metricName: query.metric_name,
          metricCategory: query.metric_category,
          periodType: query.period_type,
          currency: query.currency,
          licenseId: query.license_id,
          userId: query.user_id,
        },
        query.limit,
        query.offset,
      );
      return { metrics, count: metrics.length };
    },
    { isHeavy: ({ query }) => query.limit > HEAVY_LIMIT },
  );
  api.answer(
    businessTotalsRoute,
    async ({ query }) => ({ totals: await store.businessTotals(lastDays(query, nowMs(), TOTAL_DAYS)) }),
    { isHeavy: true },
  );
  // Users are counted each once, which takes a look at every event of the range.
  api.answer(userActivityRoute, async ({ query }) => ({ hours: await store.userActivity(lastDay(query, nowMs())) }), {
    isHeavy: true,
  });
}
