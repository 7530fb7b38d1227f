// The state of the desk, asked once for the frame and the health screen together.
import type { Answer } from "../api/client.ts";
import { useAnswer } from "../api/use-answer.ts";

/** What the server says of itself. */
export type Health = Answer<"/api/telemetry/health">;

/** How often it is asked. */
const EVERY_MS = 3_000;

/** The state of the desk, at most some seconds old. */
export function useHealth() {
  return useAnswer("/api/telemetry/health", {}, { everyMs: EVERY_MS, freshMs: EVERY_MS - 500 });
}
