import { describe, expect, it } from "vitest";
import { nearestName } from "./nearest-name.ts";

describe("nearestName", () => {
  it.each([
    ["sumarize", "summarize"],
    ["SUMMARIZE", "summarize"],
    ["summarise", "summarize"],
    ["verfiy", "verify"],
    ["rep", "replay"],
    ["hlep", "help"],
  ])("finds for %s the name %s", (typed, name) => {
    expect(nearestName(typed, ["summarize", "verify", "replay", "help"])).toBe(name);
  });

  it.each(["", "x", "dashboard", "x".repeat(100_000)])("finds nothing for what looks like no name (%#)", (typed) => {
    expect(nearestName(typed, ["summarize", "verify", "replay", "help"])).toBeUndefined();
  });
});
