// Events: the first poll, pages, one, search, and what there is to filter by.
import type { EventFilter, StoreQueries } from "@tracebook/store";
import { eventRoute, eventsRoute, facetsRoute, recentRoute, searchRoute } from "../api/event-routes.ts";
import type { AnswerOf, Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import { RECENT_EVENTS } from "../live/recent-events.ts";
import { createBudget } from "../work/budget.ts";
import type { AnswerContext } from "./answer-context.ts";
import { searchByPages } from "./event-search.ts";
import { TextAnswers } from "./text-answers.ts";
import { type GivenRange, openRange } from "./time-range.ts";

/** More events at a time than this are a heavy question. */
const HEAVY_LIMIT = 1_000;

/** Filters of a question about events. */
export interface GivenFilter extends GivenRange {
  readonly event_type?: string | undefined;
  readonly symbol?: string | undefined;
  readonly run_id?: string | undefined;
  readonly user_id?: string | undefined;
  readonly event_category?: string | undefined;
}

/** The filter as the store has it. */
export function filterOf(query: GivenFilter): EventFilter {
  const { event_type: eventType, symbol, run_id: runId, user_id: userId, event_category: eventCategory } = query;
  return { eventType, symbol, runId, userId, eventCategory, ...openRange(query) };
}

/** Adds the routes. */
export function addEventAnswers(api: Api, { store, recent, heavy, budgetMs }: AnswerContext): void {
  const texts = new TextAnswers(heavy);
  api.respond(recentRoute, (question, { req }) => {
    const { limit, since_id: sinceId } = question.query;
    return texts.answer(req.url, question, { isHeavy: limit > HEAVY_LIMIT, isShared: false }, async () => {
      if (sinceId === undefined && limit <= RECENT_EVENTS) {
        const events = (await recent.current()).slice(0, limit);
        return JSON.stringify({ events, count: events.length } satisfies AnswerOf<typeof recentRoute>);
      }
      const { json, count } = await store.recentEventsJson(limit, sinceId);
      return `{"events":${json},"count":${count}}`;
    });
  });
  api.respond(eventsRoute, (question, { req }) => {
    const { limit, offset } = question.query;
    return texts.answer(req.url, question, { isHeavy: limit > HEAVY_LIMIT, isShared: true }, async () => {
      const { json, count, total } = await store.findEventsJson(filterOf(question.query), limit, offset);
      const pagination = { total, limit, offset, has_more: offset + count < total };
      return `{"events":${json},"pagination":${JSON.stringify(pagination)}}`;
    });
  });
  api.answer(eventRoute, async ({ params: { id } }) => {
    const event = await store.event(id ?? 0);
    if (event === undefined) throw new ProblemError("not_found", `There is no event ${id}, or none any more.`);
    return event;
  });
  addSearchAnswers(api, store, budgetMs);
}

/** What there is to find, and to filter by. */
function addSearchAnswers(api: Api, store: StoreQueries, budgetMs: number): void {
  api.answer(
    searchRoute,
    async ({ query, signal }) => {
      const { events, searchedBackTo } = await searchByPages(
        store,
        { filter: filterOf(query), text: query.text, limit: query.limit },
        createBudget(signal, budgetMs),
      );
      return { events, searched_back_to: searchedBackTo };
    },
    { isHeavy: true },
  );
  api.answer(facetsRoute, async ({ query }) => {
    const { eventTypes, symbols, runs } = await store.facets(openRange(query), query.limit);
    const named = runs.map(({ value, lastTimestamp }) => ({ value, last_timestamp: lastTimestamp }));
    return { event_types: eventTypes, symbols, runs: named };
  });
}
