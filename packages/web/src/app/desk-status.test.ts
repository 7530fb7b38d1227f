import { describe, expect, it } from "vitest";
import { ApiProblem } from "../api/client.ts";
import { deskStatus } from "./desk-status.ts";
import type { Health } from "./use-health.ts";

const now = Date.parse("2026-11-20T12:00:00Z");

function health(changes: {
  readonly problems?: readonly string[];
  readonly failedWrites?: number;
  readonly newest?: string | null;
  readonly dropped?: number;
}): Health {
  const { problems = [], failedWrites = 0, newest = "2026-11-20T11:59:59.000000Z", dropped = 0 } = changes;
  return {
    problems: [...problems],
    store: { failed_writes: failedWrites, newest_timestamp: newest },
    dropped: dropped === 0 ? [] : [{ service_name: "bot", what: "spans", reason: "queue_full", count: dropped }],
  } as unknown as Health;
}

describe("the line about the desk", () => {
  it.each([
    ["all is well", health({}), null, "accept", "Live"],
    ["the server is gone", health({}), new ApiProblem(0, "unreachable", "gone"), "error", "Server gone"],
    ["the server fails", undefined, new ApiProblem(503, "database_busy", "busy"), "error", "Server in trouble"],
    ["nobody has answered yet", undefined, null, "neutral", "Connecting"],
    ["there are problems", health({ problems: ["a", "b"] }), null, "error", "2 problems"],
    [
      "requests were not written",
      health({ failedWrites: 1200 }),
      null,
      "reject",
      "1,200 requests could not be written",
    ],
    ["services have dropped something", health({ dropped: 7 }), null, "reject", "7 dropped in 24 h"],
    ["nothing has ever come", health({ newest: null }), null, "neutral", "Nothing has come yet"],
    [
      "nothing comes any more",
      health({ newest: "2026-11-20T11:50:00.000000Z" }),
      null,
      "neutral",
      "Last event 10 minutes ago",
    ],
  ])("says so when %s", (_when, answer, error, tone, text) => {
    expect(deskStatus(answer, error, now)).toEqual({ tone, text });
  });
});
