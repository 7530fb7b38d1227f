// The events of an order wherever they are: in other traces, in other services, after the trace was over.
import { useMemo } from "react";
import type { StoredEvent } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { microsTimestamp, timestampMicros } from "../../format/timestamp-micros.ts";
import type { TraceAnswer } from "./trace-answer.ts";

/** A limit order may rest for long: from an hour before its trace to a day after it. */
const BEFORE_MICROS = 3_600e6;
const AFTER_MICROS = 86_400e6;
const LIMIT = 1_000;
/** The longest text that the server searches for; what it finds is compared with the whole id. */
const MAX_TEXT = 200;
/** Asked for by their type, so that the server looks at them alone, however much else there is. */
const TYPES = ["order_request", "order_transition", "order_result"] as const;

/** What was found, and a word about what was not looked at. */
export interface FoundOrderEvents {
  readonly found: readonly StoredEvent[];
  readonly note: string | undefined;
}

/** Searches for the order's id. */
export function useOrderEvents(orderId: string, { spans, events }: TraceAnswer): FoundOrderEvents {
  const start = timestampMicros(spans[0]?.start_time ?? events[0]?.timestamp ?? "");
  const enabled = Number.isFinite(start);
  const query = {
    text: orderId.slice(0, MAX_TEXT),
    start_time: enabled ? microsTimestamp(start - BEFORE_MICROS) : undefined,
    end_time: enabled ? microsTimestamp(start + AFTER_MICROS) : undefined,
    limit: LIMIT,
  };
  const options = { enabled, freshMs: 10_000 };
  const request = useAnswer("/api/telemetry/search", { ...query, event_type: TYPES[0] }, options);
  const transition = useAnswer("/api/telemetry/search", { ...query, event_type: TYPES[1] }, options);
  const result = useAnswer("/api/telemetry/search", { ...query, event_type: TYPES[2] }, options);
  const answers = [request, transition, result];
  const [a, b, c] = answers.map(({ data }) => data?.events);
  const found = useMemo(() => [a, b, c].flatMap((list) => list ?? []), [a, b, c]);
  const cut = answers
    .map(({ data }) => data?.searched_back_to ?? "")
    .sort()
    .at(-1);
  return {
    found,
    note: answers.some(({ error }) => error !== null)
      ? "other traces could not be searched"
      : cut === undefined || cut === ""
        ? undefined
        : `other traces were searched back to ${cut.slice(0, 19).replace("T", " ")} UTC`,
  };
}
