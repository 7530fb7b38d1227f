// What the desk says of itself.
import { toTimestamp } from "@tracebook/core";
import { deskRoute, healthRoute, openApiRoute } from "../api/desk-routes.ts";
import { openApiDocument } from "../api/openapi-document.ts";
import type { Api } from "../http/api-app.ts";
import type { AnswerContext } from "./answer-context.ts";
import { type DeskState, healthReport } from "./health-report.ts";

/** What the routes about the desk need besides. */
export interface DeskFacts {
  readonly version: string;
  readonly startedMs: number;
  readonly state: () => DeskState;
}

/** Adds the routes. */
export function addDeskAnswers(api: Api, context: AnswerContext, { version, startedMs, state }: DeskFacts): void {
  const { config, nowMs } = context;
  let document: Readonly<Record<string, unknown>> | undefined;
  api.answer(deskRoute, () => ({
    version,
    title: config.title,
    started_at: toTimestamp(startedMs * 1_000),
    now: toTimestamp(nowMs() * 1_000),
    cards: config.cards,
  }));
  api.answer(healthRoute, () => healthReport(context, state()));
  api.answer(openApiRoute, () => {
    document ??= openApiDocument(version) as unknown as Readonly<Record<string, unknown>>;
    return document;
  });
}
