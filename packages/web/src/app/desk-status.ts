// One line about the whole desk: quiet when all is well, in words when it is not.
import type { ApiProblem } from "../api/client.ts";
import { countText } from "../format/number-text.ts";
import { agoText } from "../format/time-text.ts";
import type { Tone } from "../ui/mark.tsx";
import type { Health } from "./use-health.ts";

/** The line. */
export interface DeskStatus {
  readonly tone: Tone;
  readonly text: string;
}

/** Nothing has come for so long: worth a word. */
const QUIET_MS = 60_000;

/** What there is to say; the first of these that is so. */
export function deskStatus(health: Health | undefined, error: ApiProblem | null, nowMs: number): DeskStatus {
  if (error !== null) return { tone: "error", text: error.status === 0 ? "Server gone" : "Server in trouble" };
  if (health === undefined) return { tone: "neutral", text: "Connecting" };
  const [problem] = health.problems;
  if (problem !== undefined)
    return { tone: "error", text: health.problems.length === 1 ? "1 problem" : `${health.problems.length} problems` };
  if (health.store.failed_writes > 0)
    return { tone: "reject", text: `${countText(health.store.failed_writes)} requests could not be written` };
  const dropped = health.dropped.reduce((sum, { count }) => sum + count, 0);
  if (dropped > 0) return { tone: "reject", text: `${countText(dropped)} dropped in 24 h` };
  const newest = health.store.newest_timestamp;
  if (newest === null) return { tone: "neutral", text: "Nothing has come yet" };
  if (nowMs - Date.parse(newest) > QUIET_MS) return { tone: "neutral", text: `Last event ${agoText(newest, nowMs)}` };
  return { tone: "accept", text: "Live" };
}
