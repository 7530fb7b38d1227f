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

/** Reads the events; with `user` only those that name them. */
export function userActions(events: readonly StoredEvent[], user?: string | undefined): readonly UserAction[] {
  const all = events.map(({ id, timestamp, event_type: type, data }) => ({
    id,
    timestamp,
    user: textOf(data["user_id"]),
    name: textOf(data["event_name"]) || type,
    category: textOf(data["event_category"]),
    durationMs: typeof data["duration_ms"] === "number" ? data["duration_ms"] : undefined,
  }));
  return user === undefined ? all : all.filter((action) => action.user === user);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
