// How large an event is in memory, roughly: for bounds.
import type { StoredEvent } from "../api/client.ts";

/** Characters of an event's texts and some for the rest; what is nested deep is only counted in part. */
export function sizeOfEvent(event: StoredEvent): number {
  return FIXED + sizeOf(event.data, 0);
}

const FIXED = 300;
const FIELD = 24;
const MAX_DEPTH = 4;

function sizeOf(value: unknown, depth: number): number {
  if (typeof value === "string") return value.length + FIELD;
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return FIELD;
  let size = FIELD;
  for (const key in value) size += sizeOf((value as Record<string, unknown>)[key], depth + 1) + FIELD;
  return size;
}
