import { expect, it } from "vitest";
import { toErrorFacts } from "./error-event.ts";

it("an error is its name, its message, and where it and its causes came from", () => {
  const cause = new TypeError("fetch failed");
  const facts = toErrorFacts(new RangeError("no answer", { cause }), "BTC/USDT");
  expect(facts).toMatchObject({ error_type: "RangeError", error_message: "no answer", symbol: "BTC/USDT" });
  expect(facts.traceback).toMatch(/^RangeError: no answer\n +at [\s\S]*\ncaused by: TypeError: fetch failed\n +at /);
});

it("what is no error is told of as it is", () => {
  expect(toErrorFacts("torn")).toEqual({ error_type: "string", error_message: "torn", traceback: "torn" });
  expect(toErrorFacts(undefined)).toMatchObject({ error_type: "undefined", error_message: "undefined" });
});

it("texts without end and causes in a circle are cut", () => {
  const error = new Error("x".repeat(100_000));
  error.cause = error;
  const { error_message, traceback = "" } = toErrorFacts(error);
  expect([error_message.length, traceback.length]).toEqual([4_000, 4_000]);
});
