// Events that a host gives itself, checked as those that come over OTLP are.
import type { EventInput } from "../store-input.ts";
import { toExactTimestamp } from "./maintenance/journal-event.ts";
import { toShallow } from "./maintenance/shallow-data.ts";
import type { WriteRequest } from "./write-request.ts";

/** Events that the database can take: those whose timestamp is an instant, nested no deeper than it reads. */
export function checkEvents(events: readonly EventInput[]): WriteRequest {
  const sound: EventInput[] = [];
  let message: string | undefined;
  for (const event of events) {
    const timestamp = toExactTimestamp(event.timestamp);
    if (timestamp === undefined)
      message ??= `The timestamp ${JSON.stringify(event.timestamp)} of a ${event.eventType} is none: 2026-11-20T12:34:56.789012Z is one.`;
    else sound.push({ ...event, timestamp, data: toShallow(event.data) });
  }
  return { kind: "events", items: sound, rejected: events.length - sound.length, message };
}
