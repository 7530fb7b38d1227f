// Messages of the live feed, as server-sent events have them.
import type { StoredEvent } from "@tracebook/store";

/** An event with its JSON, which is made once however many read it. */
export interface WrittenEvent {
  readonly event: StoredEvent;
  readonly json: string;
}

/** A message is not much longer than this: an event may be as large as a request. */
const MESSAGE_LENGTH = 131_072;

/** Makes an event's JSON when somebody wants it. */
export function toWritten(event: StoredEvent): WrittenEvent {
  let json: string | undefined;
  return {
    event,
    get json() {
      json ??= JSON.stringify(event);
      return json;
    },
  };
}

/** Messages `events`, rising; the last one has `lastId` as its id, so that whoever comes back goes on behind all that was looked at. */
export function eventMessages(events: readonly WrittenEvent[], skipped: number, lastId: number): readonly string[] {
  const messages: string[] = [];
  let texts: string[] = [];
  let length = 0;
  const end = (id: number) => {
    const left = messages.length === 0 ? skipped : 0;
    messages.push(`event: events\nid: ${id}\ndata: {"events":[${texts.join(",")}],"skipped":${left}}\n\n`);
    [texts, length] = [[], 0];
  };
  for (const [i, { event, json }] of events.entries()) {
    texts.push(json);
    length += json.length;
    if (length >= MESSAGE_LENGTH && i < events.length - 1) end(event.id);
  }
  end(lastId);
  return messages;
}

/** The message `state`. */
export function stateMessage(lastId: number, eventsPerSecond: number): string {
  return `event: state\nid: ${lastId}\ndata: ${JSON.stringify({ last_id: lastId, events_per_second: eventsPerSecond })}\n\n`;
}

/** Says nothing, so that nobody on the way takes the connection for a dead one. */
export const HEARTBEAT = ": still here\n\n";

/** What stands first: how long a browser waits before it comes back, in milliseconds. */
export const OPENING = "retry: 2000\n\n";
