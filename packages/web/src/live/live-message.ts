// The messages of the live feed, read so that none of them can break it.
import type { StoredEvent } from "../api/client.ts";
import { readEvent, unreadableEvent } from "./live-event.ts";

/** Events as they came, and how many were left out before them. */
export interface LiveBatch {
  readonly events: readonly StoredEvent[];
  readonly skipped: number;
}

/** What the server says every few seconds. */
export interface LiveState {
  readonly lastId: number;
  readonly eventsPerSecond: number;
}

/** A message `events`; one that cannot be read is an event that shows it. */
export function readBatch(text: string): LiveBatch {
  const message = parse(text);
  const events = message?.["events"];
  if (message === undefined || !Array.isArray(events)) return { events: [unreadableEvent(text)], skipped: 0 };
  return { events: events.map(readEvent), skipped: countOf(message["skipped"]) };
}

/** A message `state`; undefined when it cannot be read. */
export function readState(text: string): LiveState | undefined {
  const message = parse(text);
  const lastId = message?.["last_id"];
  if (message === undefined || !Number.isSafeInteger(lastId)) return undefined;
  return { lastId: lastId as number, eventsPerSecond: countOf(message["events_per_second"]) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
