// Pages of events as JSON text.
import type { EventsJson } from "../store-queries.ts";
import type { StoredEvent } from "../stored-event.ts";

/** A page ends before it is larger, whatever number of events was asked for: an event may have 64 KiB, and those of a journal more. */
const MAX_PAGE_BYTES = 32 * 1_048_576;

/** The page of events, each as its JSON, as far as there is room. */
export function toEventsJson(texts: Iterable<string>): EventsJson {
  const events: string[] = [];
  let leftBytes = MAX_PAGE_BYTES;
  for (const json of texts) {
    leftBytes -= Buffer.byteLength(json);
    if (leftBytes < 0 && events.length > 0) break;
    events.push(json);
  }
  return { json: `[${events.join(",")}]`, count: events.length };
}

/** The events of such a page. Cost: about 2 us each. */
export function fromEventsJson({ json }: EventsJson): readonly StoredEvent[] {
  return JSON.parse(json) as readonly StoredEvent[];
}
