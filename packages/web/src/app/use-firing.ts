// What fires now, asked once for the frame and the screen of alerts together.
import { useAnswer } from "../api/use-answer.ts";

/** More than anybody looks through; of more, the newest. */
export const MAX_FIRING = 200;
/** The feed does not tell of alerts. */
const EVERY_MS = 3_000;

/** Alerts that fire or are acknowledged, at most some seconds old. */
export function useFiring() {
  return useAnswer(
    "/api/telemetry/alerts",
    { status: "active", limit: MAX_FIRING },
    { everyMs: EVERY_MS, freshMs: EVERY_MS - 500 },
  );
}
