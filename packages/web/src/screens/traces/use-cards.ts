// How the desk was told to show events of its host.
import { useAnswer } from "../../api/use-answer.ts";
import type { Cards } from "./event-words.ts";

const NONE: Cards = Object.freeze({});

/** The cards by event type; none until the desk has said. */
export function useCards(): Cards {
  return useAnswer("/api/telemetry/desk", {}, { freshMs: 600_000 }).data?.cards ?? NONE;
}
