// Metrics: names, one over time, and the latencies of stages.
import { latencyRoute, metricRoute, metricsRoute } from "../api/metric-routes.ts";
import type { Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import type { AnswerContext } from "./answer-context.ts";
import { stageLatency } from "./stage-latency.ts";
import { lastDay, openRange } from "./time-range.ts";

/** Adds the routes. */
export function addMetricAnswers(api: Api, { store, nowMs }: AnswerContext): void {
  api.answer(metricsRoute, async ({ query }) => ({ metrics: await store.metricNames(openRange(query)) }));
  api.answer(metricRoute, async ({ query, params: { name } }) => {
    const { step_seconds: stepSeconds } = query;
    const filter = { ...lastDay(query, nowMs()), name, stepSeconds, labels: labelsOf(query.label) };
    const [numbers, histograms] = await Promise.all([store.numbers(filter), store.histogram(filter)]);
    return {
      name,
      step_seconds: stepSeconds,
      numbers: numbers.map(({ slices, ...series }) => ({
        ...series,
        slices: slices.map(({ bucket, value }) => ({ time: bucket, value })),
      })),
      histograms: histograms.map(({ slices, ...series }) => ({
        ...series,
        slices: slices.map(({ bucket, count, sum, bucketCounts }) => ({
          time: bucket,
          count,
          sum,
          bucket_counts: bucketCounts,
        })),
      })),
    };
  });
  api.answer(latencyRoute, ({ query }) => stageLatency(store, lastDay(query, nowMs()), query.step_seconds, query.flow));
}

/** `name:value`, each once. */
function labelsOf(given: readonly string[]): Readonly<Record<string, string>> {
  const labels = new Map<string, string>();
  for (const text of given) {
    const colon = text.indexOf(":");
    const [name, value] = [text.slice(0, colon), text.slice(colon + 1)];
    if (colon <= 0 || value === "" || labels.has(name) || text.length > 512)
      throw new ProblemError(
        "invalid_parameter",
        `label is ${text.slice(0, 100)}: it must be name:value, each name once.`,
        {
          parameter: "label",
        },
      );
    labels.set(name, value);
  }
  return Object.fromEntries(labels);
}
