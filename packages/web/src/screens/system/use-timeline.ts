// One system metric over time.

import { askableText } from "../../api/askable-text.ts";
import type { Answer } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useSteadySpan } from "../../url/steady-span.ts";

/** The metric, a series for each instance. */
export type Timeline = Answer<"/api/telemetry/system-metrics/timeline">;
/** One of them. */
export type TimelineSeries = Timeline["series"][number];

/** Asks for it; nothing is asked of a metric that is undefined, or whose name is too long to ask by. */
export function useTimeline(metric: string | undefined, service?: string | undefined) {
  const { range, query, everyMs } = useSteadySpan();
  const wish = {
    ...query,
    step_seconds: range.stepSeconds,
    metric_name: metric ?? "",
    service_name: askableText(service),
  };
  return useAnswer("/api/telemetry/system-metrics/timeline", wish, {
    everyMs,
    freshMs: 15_000,
    enabled: askableText(metric) !== undefined,
  });
}
