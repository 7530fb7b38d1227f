// Totals: tiles, summary, reasons, scores, symbols, and events over time.

import { symbolTotalsOf } from "@tracebook/store";
import {
  analyticsRoute,
  confidenceRoute,
  rejectionsRoute,
  summaryRoute,
  symbolsRoute,
  timelineRoute,
} from "../api/analytics-routes.ts";
import type { Api } from "../http/api-app.ts";
import type { AnswerContext } from "./answer-context.ts";
import { compare, rejectionsOf, summarize } from "./desk-analytics.ts";
import { lastDay, shownRange } from "./time-range.ts";

/** Reasons in the answer of the tiles. */
const MAX_REASONS = 1_000;

/** Adds the routes. */
export function addAnalyticsAnswers(api: Api, { store, nowMs }: AnswerContext): void {
  api.answer(analyticsRoute, async ({ query }) => {
    const range = lastDay(query, nowMs());
    const [{ scans, signals, errors }, { rejections }] = await Promise.all([
      summarize(store, range, undefined),
      rejectionsOf(store, range, undefined, MAX_REASONS),
    ]);
    return {
      metrics: {
        total_scans: scans.total,
        total_signals_generated: signals.generated,
        total_signals_rejected: signals.rejected,
        total_errors: errors.total,
        signal_success_rate: signals.signal_rate,
      },
      rejection_breakdown: byReason(rejections),
      time_range: shownRange(range),
    };
  });
  api.answer(summaryRoute, async ({ query }) => {
    const range = lastDay(query, nowMs());
    if (query.compare === "previous") return compare(store, range, query.symbol);
    return { ...(await summarize(store, range, query.symbol)), previous: null };
  });
  api.answer(rejectionsRoute, ({ query }) => rejectionsOf(store, lastDay(query, nowMs()), query.symbol, query.limit));
  api.answer(confidenceRoute, ({ query }) =>
    store.confidenceDistribution({ ...lastDay(query, nowMs()), symbol: query.symbol }),
  );
  api.answer(symbolsRoute, async ({ query }) => ({
    symbols: [...(await symbolTotalsOf(store, lastDay(query, nowMs()), query.limit))],
  }));
  api.answer(timelineRoute, async ({ query }) => {
    const { symbol, step_seconds: step } = query;
    const slices = await store.eventTimeline({ ...lastDay(query, nowMs()), symbol }, step);
    return { step_seconds: step, slices: slices.map(({ bucket, counts }) => ({ time: bucket, counts })) };
  });
}

/** One sentence may come with several codes. */
function byReason(rejections: readonly { readonly reason: string; readonly count: number }[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reason, count } of rejections) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
