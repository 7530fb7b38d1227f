// What health says of a log that nobody can carry over.
import { expect, test } from "vitest";
import { longLogProblem } from "./long-log.ts";

const MIB = 1_048_576;

test("a log within what the store keeps by itself is no problem", () => {
  for (const bytes of [0, 32 * MIB, 64 * MIB, 128 * MIB]) expect(longLogProblem(bytes)).toBeUndefined();
});

test("a longer one is a problem with its size, its cause and what to do about it", () => {
  expect(longLogProblem(200.9 * MIB)).toBe(
    "The log of the database has grown to 200 MiB, since another program has been reading from the database for long: end it, or its transaction.",
  );
});
