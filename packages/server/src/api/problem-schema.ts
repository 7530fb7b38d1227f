// What every route answers when it cannot do what was asked.
import { z } from "@hono/zod-openapi";

/** A problem as RFC 9457 has it (`application/problem+json`), with the parameter that was wrong where there is one. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ description: "`about:blank`: `title` is the meaning of the status." }),
    title: z.string().openapi({ example: "Bad Request" }),
    status: z.int().openapi({ example: 400 }),
    code: z.string().openapi({ description: "For programs: it does not change.", example: "invalid_parameter" }),
    detail: z.string().openapi({
      description: "What is wrong and what to do about it.",
      example: "limit is 0: it must be an integer from 1 to 10000.",
    }),
    parameter: z.string().optional().openapi({ example: "limit" }),
    problems: z
      .array(z.object({ path: z.string(), problem: z.string(), nearest: z.string().nullable() }))
      .optional()
      .openapi({ description: "Of a body or a rule that is wrong: everything, each with its place." }),
  })
  .openapi("Problem");

/** The answers that every route of the API may give, once in the document: each route refers to them. */
export const PROBLEM_COMPONENTS = {
  InvalidParameter: "A parameter is wrong; `detail` names it, its value and what it may be.",
  TokenNeeded: "The token is missing or wrong.",
  NotAllowed: "The request comes by a name or from a page that this server does not answer.",
  NotFound: "There is no such thing.",
  Conflict: "It has changed meanwhile, or is in a state in which this cannot be done: read it again.",
  TooLarge: "The body is too large.",
  WrongType: "The body is not `application/json`.",
  WrongBody: "The body, or the rule in it, is wrong; `problems` says where and why.",
  TooMany: "Too many at once; `Retry-After` says when to come again.",
  NotNow: "The store cannot answer now; `Retry-After` says when to come again.",
} as const;

const reference = (name: keyof typeof PROBLEM_COMPONENTS) => ({ $ref: `#/components/responses/${name}` });

/** References to them by status. */
export const PROBLEM_RESPONSES = {
  400: reference("InvalidParameter"),
  401: reference("TokenNeeded"),
  403: reference("NotAllowed"),
  404: reference("NotFound"),
  429: reference("TooMany"),
  503: reference("NotNow"),
} as const;

/** The same, of routes that take a body or change something. */
export const WRITE_PROBLEM_RESPONSES = {
  ...PROBLEM_RESPONSES,
  409: reference("Conflict"),
  413: reference("TooLarge"),
  415: reference("WrongType"),
  422: reference("WrongBody"),
} as const;
