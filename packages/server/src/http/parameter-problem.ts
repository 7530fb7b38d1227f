// What is wrong with a question's parameters, in words: the parameter, its value, and what it may be.
import type { z } from "@hono/zod-openapi";
import { ProblemError } from "./problem.ts";

const LONGEST = 100;

/** The problem of the first thing that is wrong; `names` are the parameters that there are, `given` those that came. */
export function parameterProblem(
  error: z.core.$ZodError,
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): ProblemError {
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys") return unknownParameter(issue.keys[0] ?? "", names);
  const parameter = String(issue?.path[0] ?? "");
  const value = Object.hasOwn(given, parameter) ? given[parameter] : undefined;
  if (Array.isArray(value)) {
    const detail = `${parameter} is given ${value.length} times: it must be given once.`;
    return new ProblemError("invalid_parameter", detail, { parameter });
  }
  const rule = value === undefined ? "it must be given" : (issue?.message ?? "it is wrong");
  const shown = value === undefined ? "is missing" : `is ${shorten(String(value))}`;
  return new ProblemError("invalid_parameter", `${parameter} ${shown}: ${rule}.`, { parameter });
}

/** The problem of a parameter that a route does not have. */
export function unknownParameter(parameter: string, names: readonly string[]): ProblemError {
  const known = names.length === 0 ? "this route takes none" : `this route takes ${names.join(", ")}`;
  return new ProblemError("invalid_parameter", `${shorten(parameter)} is no parameter: ${known}.`, {
    parameter: parameter.slice(0, LONGEST),
  });
}

function shorten(text: string): string {
  if (text === "") return '""';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
