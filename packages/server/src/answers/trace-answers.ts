// Traces: the list, the slowest, one with its events and decisions.
import type { StoredDecision, StoreQueries } from "@tracebook/store";
import { traceRoute, tracesRoute } from "../api/trace-routes.ts";
import type { Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import type { AnswerContext } from "./answer-context.ts";
import { openRange } from "./time-range.ts";

/** Decisions of one trace: more are no trade but a load. */
const MAX_DECISIONS = 100;

/** Adds the routes. */
export function addTraceAnswers(api: Api, { store }: AnswerContext): void {
  api.answer(tracesRoute, async ({ query }) => {
    const { limit, sort = "newest", before, has_error: hasError, min_duration_ms: minDurationMs, ...rest } = query;
    const { service, operation, symbol, decision, reason_code: reasonCode } = rest;
    const filter = {
      ...openRange(query),
      service,
      operation,
      symbol,
      decision,
      reasonCode,
      minDurationMs,
      hasError: hasError === undefined ? undefined : hasError === "true",
    };
    if (sort === "slowest") {
      if (before !== undefined)
        throw new ProblemError("invalid_parameter", `before is ${before}: it goes with sort=newest only.`, {
          parameter: "before",
        });
      return { traces: await store.slowestTraces(filter, limit), next_before: null };
    }
    const traces = await store.findTraces(filter, limit, before);
    return { traces, next_before: traces.length < limit ? null : (traces.at(-1)?.root.start_time ?? null) };
  });
  api.answer(traceRoute, async ({ params: { trace_id: traceId } }) => {
    const { spans, events } = await store.trace(traceId);
    if (spans.length === 0 && events.length === 0)
      throw new ProblemError("not_found", `There is nothing of the trace ${traceId}, or nothing any more.`);
    const decided = events.filter((event) => event.event_type === "decision").slice(0, MAX_DECISIONS);
    const decisions = await decisionsOf(
      store,
      decided.map((event) => event.id),
    );
    return { trace_id: traceId, spans, events, decisions };
  });
}

async function decisionsOf(
  store: Pick<StoreQueries, "decision">,
  eventIds: readonly number[],
): Promise<readonly StoredDecision[]> {
  const found = await Promise.all(eventIds.map((id) => store.decision(id)));
  return found.filter((decision) => decision !== undefined);
}
