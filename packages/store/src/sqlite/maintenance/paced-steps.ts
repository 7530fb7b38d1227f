// A long work on the database in short steps, between which others have their turn.
import { setTimeout as pauseMs } from "node:timers/promises";
import { type DiskRoom, isNoRoom } from "./disk-room.ts";

/** What {@link runSteps} needs. */
export interface PacedWork {
  readonly room: DiskRoom;
  /** How much a step does at most: rows, pages. */
  readonly most: number;
  /** Does up to `limit`, in one transaction; false when nothing is left. */
  readonly step: (limit: number) => boolean;
  /** Called between steps. Default: a pause as long as the step took. */
  readonly pause?: ((tookMs: number) => Promise<unknown>) | undefined;
}

/** A step is never smaller: its room is that of a few pages then. */
const LEAST = 16;
const SHRINK = 4;
const GROW = 2;
/** So often in a row may there be no room for a step, the smallest among them. */
const MAX_FAILURES = 8;
/** A step that takes longer holds others up: the next one does less. */
const SLOW_MS = 500;
/** Other processes try for the lock every 100 ms at the latest: half of the time it is free. */
const MAX_PAUSE_MS = 500;

/**
 * Runs steps until nothing is left. They become smaller where they take long, and on a full disk, since each
 * of them takes room in the log until it is carried over.
 * Rejects with what SQLite says; the steps before it have been done.
 */
export async function runSteps({ room, most, step, pause = rest }: PacedWork): Promise<void> {
  let limit = most;
  let failures = 0;
  for (;;) {
    const startMs = performance.now();
    try {
      if (!step(limit)) return;
      room.settle();
      failures = 0;
      const isSlow = performance.now() - startMs > SLOW_MS;
      limit = isSlow ? Math.max(Math.floor(limit / GROW), Math.min(LEAST, most)) : Math.min(limit * GROW, most);
    } catch (error) {
      if (!isNoRoom(error) || ++failures > MAX_FAILURES) throw error;
      room.makeRoom();
      limit = Math.max(Math.floor(limit / SHRINK), Math.min(LEAST, most));
    }
    await pause(performance.now() - startMs);
  }
}

function rest(tookMs: number): Promise<unknown> {
  return pauseMs(Math.min(tookMs, MAX_PAUSE_MS));
}
