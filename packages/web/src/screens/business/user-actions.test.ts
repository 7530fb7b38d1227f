import { expect, it } from "vitest";
import type { StoredEvent } from "../../api/client.ts";
import { userActions } from "./user-actions.ts";

function event(id: number, data: StoredEvent["data"]): StoredEvent {
  return { id, event_type: "user_action", timestamp: "2026-11-20T12:00:00.000000Z", data } as StoredEvent;
}

it("reads who did what, and calls what has no name by its type", () => {
  const actions = userActions([
    event(1, { user_id: "u-1", event_name: "user_login", event_category: "authentication", duration_ms: 12.5 }),
    event(2, { user_id: 17 }),
    event(3, { user_id: ["u-1"] }),
  ]);
  expect(actions.map(({ user, name, category, durationMs }) => [user, name, category, durationMs])).toEqual([
    ["u-1", "user_login", "authentication", 12.5],
    ["17", "user_action", "", undefined],
    ["", "user_action", "", undefined],
  ]);
});
