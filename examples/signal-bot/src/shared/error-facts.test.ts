import { describe, expect, it } from "vitest";
import { factsOf } from "./error-facts.ts";

describe("what is logged of an error", () => {
  it("is its code and its message, and nothing else it holds", () => {
    const error = Object.assign(new Error("duplicate key"), {
      code: "23505",
      detail: "Key (alert_id)=(a)",
      table: "x",
    });
    expect(factsOf(error)).toEqual({ error_code: "23505", error_message: "duplicate key" });
  });

  it("is the first of many where they share one that says nothing", () => {
    const refused = new AggregateError([new Error("connect ECONNREFUSED ::1:5432"), new Error("another")], "");
    expect(factsOf(refused)).toEqual({ error_message: "connect ECONNREFUSED ::1:5432" });
  });

  it.each([
    ["text", "text"],
    [undefined, "undefined"],
    [null, "null"],
    [new Error("x".repeat(1_000)), "x".repeat(200)],
  ])("of %s is a bounded text", (thrown, message) => expect(factsOf(thrown).error_message).toBe(message));
});
