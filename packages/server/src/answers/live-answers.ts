// The live feed and files of events: answers that take their time.
import type { ExportFormat } from "@tracebook/store";
import { exportRoute, liveRoute } from "../api/event-routes.ts";
import type { Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import type { AnswerContext } from "./answer-context.ts";
import { filterOf } from "./event-answers.ts";
import { exportStream } from "./export-stream.ts";

const TYPES: Readonly<Record<ExportFormat, string>> = {
  json: "application/json",
  ndjson: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
};

/** Adds the routes. */
export function addLiveAnswers(api: Api, { store, live, heavy }: AnswerContext): void {
  api.respond(liveRoute, async ({ query }, context) => {
    const { since_id: sinceId, max_rate: maxRate, event_type: eventType, symbol, run_id: runId } = query;
    const { user_id: userId, event_category: eventCategory } = query;
    // A browser that comes back says where it was; what the address says is where it began.
    const lastId = lastEventId(context.req.header("last-event-id")) ?? sinceId;
    const reader = await live.open({ sinceId: lastId, eventType, symbol, runId, userId, eventCategory, maxRate });
    return new Response(reader.stream, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  });
  api.respond(exportRoute, async ({ query, signal }, context) => {
    const { format = "json" } = query;
    const leave = await heavy.enter(signal);
    const pieces = store.exportEvents(filterOf(query), format);
    const stream = await exportStream(pieces, leave, context.env.arrival.cut);
    return new Response(stream, {
      headers: {
        "content-type": TYPES[format],
        "content-disposition": `attachment; filename="tracebook-events.${format}"`,
      },
    });
  });
}

function lastEventId(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const rule = "it must be the id of an event, an integer from 0 to 999999999999999";
  throw new ProblemError("invalid_parameter", `Last-Event-ID is ${text.slice(0, 100)}: ${rule}.`, {
    parameter: "Last-Event-ID",
  });
}
