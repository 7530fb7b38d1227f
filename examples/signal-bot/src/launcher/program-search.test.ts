import { expect, it } from "vitest";
import { findProgram } from "./program-search.ts";

it("a program is found on PATH or where packages put it, or nowhere", () => {
  expect(findProgram("sh")).toMatch(/\/sh$/);
  expect(findProgram("no-such-program-anywhere", ["/usr/*/bin"])).toBeUndefined();
});
