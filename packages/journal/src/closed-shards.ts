// Which files nobody writes to any more, and in which order they may go.
import { toTimestamp } from "@tracebook/core";
import { dayOfTimestamp } from "./journal-layout.ts";
import type { Shard } from "./shard-list.ts";

/** A writer that emitted before midnight may write after it; a file that rested this long has no such writer. */
const REST_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/**
 * True when nobody will write to the file again. `today` is `YYYYMMDD`, `nowMs` the wall clock, in the file system's sense.
 */
export function isClosed(shard: Shard, today: string, nowMs: number): boolean {
  const { compressed, part, stem, day } = shard.name;
  if (stem === "removed") return false;
  if (compressed || part > 0 || (stem !== "events" && day !== "")) return true;
  const restedMs = nowMs - shard.modifiedMs;
  // A live log belongs to no day. When it rested for a day, its writer is gone or will find out that the file moved.
  return stem === "events" ? day < today && restedMs > REST_MS : restedMs > DAY_MS + REST_MS;
}

/** The day of a file; for a live log that of its last write. */
export function dayOf(shard: Shard): string {
  return shard.name.day === "" ? dayOfTimestamp(toTimestamp(shard.modifiedMs * 1000)) : shard.name.day;
}

/** Latencies go first and evidence last; within a kind the oldest first. */
const STEM_ORDER = { metrics: 0, telemetry: 1, events: 2, removed: 3 } as const;

/** Sorts files by what may go first when there are too many bytes. */
export function byWorth(a: Shard, b: Shard): number {
  const stems = STEM_ORDER[a.name.stem] - STEM_ORDER[b.name.stem];
  if (stems !== 0) return stems;
  const days = dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0;
  // Parts are numbered as they fill up; the file without a number is the one that came after them.
  return days || (a.name.part || Number.MAX_VALUE) - (b.name.part || Number.MAX_VALUE) || a.modifiedMs - b.modifiedMs;
}
