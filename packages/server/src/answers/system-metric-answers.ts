// Metrics of services and machines as records, and requests by route.
import {
  requestActivityRoute,
  systemMetricsRoute,
  systemPerformanceRoute,
  systemTimelineRoute,
} from "../api/system-metric-routes.ts";
import type { Api } from "../http/api-app.ts";
import { createBudget } from "../work/budget.ts";
import type { AnswerContext } from "./answer-context.ts";
import { requestActivity } from "./request-activity.ts";
import { systemTimeline } from "./system-timeline.ts";
import { lastDay } from "./time-range.ts";

/** More records at a time than this are a heavy question. */
const HEAVY_LIMIT = 1_000;

/** Adds the routes. */
export function addSystemMetricAnswers(api: Api, { store, nowMs, budgetMs }: AnswerContext): void {
  api.answer(
    systemMetricsRoute,
    async ({ query }) => {
      const filter = {
        ...lastDay(query, nowMs()),
        metricName: query.metric_name,
        serviceName: query.service_name,
        hostName: query.host_name,
        metricType: query.metric_type,
      };
      const metrics = await store.systemMetrics(filter, query.limit, query.offset);
      return { metrics, count: metrics.length };
    },
    { isHeavy: ({ query }) => query.limit > HEAVY_LIMIT },
  );
  api.answer(
    systemTimelineRoute,
    ({ query, signal }) => {
      const { metric_name: metricName, service_name: serviceName, host_name: hostName, step_seconds: step } = query;
      const filter = { ...lastDay(query, nowMs()), metricName, serviceName, hostName };
      return systemTimeline(store, filter, step, createBudget(signal, budgetMs));
    },
    { isHeavy: true },
  );
  api.answer(
    systemPerformanceRoute,
    async ({ query }) => ({
      metrics: await store.systemPerformance({ ...lastDay(query, nowMs()), serviceName: query.service_name }),
    }),
    { isHeavy: true },
  );
  api.answer(
    requestActivityRoute,
    ({ query, signal }) => {
      const wish = { range: lastDay(query, nowMs()), stepSeconds: query.step_seconds, limit: query.limit };
      return requestActivity(store, wish, createBudget(signal, budgetMs));
    },
    { isHeavy: true },
  );
}
