// Questions for events: the newest, and those of a filter.
import type { StoredEvent } from "@tracebook/store";
import { groupDigits } from "../digit-groups.ts";
import type { Paint } from "../paint.ts";
import { renderReplayLine } from "../replay/replay-line.ts";
import { toStoreRange } from "../time-range.ts";
import { wholeOption } from "../whole-number.ts";
import { openRange, type Question } from "./question.ts";

const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 100;

/** `query recent`: the JSON of `GET /api/telemetry/recent`. */
export const recentQuestion: Question = {
  name: "recent",
  summary: "the newest events; with --since-id those after it",
  options: ["limit", "since-id"],
  ask({ typed }) {
    const limit = wholeOption("limit", typed.limit ?? String(DEFAULT_LIMIT), 1, MAX_LIMIT);
    const since = typed["since-id"];
    const sinceId = since === undefined ? undefined : wholeOption("since-id", since, 0, Number.MAX_SAFE_INTEGER);
    return async (store) => {
      const events = await store.recentEvents(limit, sinceId);
      return { json: { events, count: events.length }, text: (paint) => renderEvents(events, paint) };
    };
  },
};

/** `query events`: the JSON of `GET /api/telemetry/events`. */
export const eventsQuestion: Question = {
  name: "events",
  summary: "events of a filter, newest first",
  options: ["limit", "offset", "type", "symbol", "run", "from", "to"],
  ask(asking) {
    const { typed } = asking;
    const limit = wholeOption("limit", typed.limit ?? String(DEFAULT_LIMIT), 1, MAX_LIMIT);
    const offset = wholeOption("offset", typed.offset ?? "0", 0, Number.MAX_SAFE_INTEGER);
    const filter = {
      eventType: typed.type,
      symbol: typed.symbol,
      runId: typed.run,
      ...toStoreRange(openRange(asking)),
    };
    return async (store) => {
      const { events, total } = await store.findEvents(filter, limit, offset);
      const hasMore = offset + events.length < total;
      const next = hasMore ? `; the next: --offset ${offset + events.length}` : "";
      return {
        json: { events, pagination: { total, limit, offset, has_more: hasMore } },
        text: (paint) => renderEvents(events, paint),
        note: `${groupDigits(events.length)} of ${groupDigits(total)} events${next}`,
      };
    };
  },
};

/** Lines as those of a replay, behind the id. */
function renderEvents(events: readonly StoredEvent[], paint: Paint): readonly string[] {
  const width = Math.max(0, ...events.map(({ id }) => String(id).length));
  return events.map((event) => {
    const { id, event_type, timestamp, data, symbol, trace_id } = event;
    const record = {
      seq: event.seq ?? 0,
      instance_id: event.instance_id ?? "",
      run_id: event.run_id ?? "",
      event_type,
      timestamp,
      data,
      ...(symbol !== null && { symbol }),
      ...(trace_id !== null && { trace_id }),
    };
    return `${paint.dim(String(id).padStart(width))}  ${renderReplayLine(record, paint).trimEnd()}`;
  });
}
