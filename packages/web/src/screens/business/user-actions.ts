// What users did, read from their events.
import type { StoredEvent } from "../../api/client.ts";

/** An action. */
export interface UserAction {
  readonly id: number;
  readonly timestamp: string;
  /** Empty: nobody is named. */
  readonly user: string;
  readonly name: string;
  readonly category: string;
  readonly durationMs: number | undefined;
}

/** Reads the events. */
export function userActions(events: readonly StoredEvent[]): readonly UserAction[] {
  return events.map(({ id, timestamp, event_type: type, data }) => ({
    id,
    timestamp,
    user: textOf(data["user_id"]),
    name: textOf(data["event_name"]) || type,
    category: textOf(data["event_category"]),
    durationMs: typeof data["duration_ms"] === "number" ? data["duration_ms"] : undefined,
  }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
