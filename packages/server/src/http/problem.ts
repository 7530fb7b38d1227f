// Answers of a request that cannot be fulfilled, as RFC 9457 has them.
import { STATUS_CODES } from "node:http";

/** What may be wrong, by the code that programs test, with its status. */
export const PROBLEMS = {
  invalid_parameter: 400,
  invalid_request: 400,
  token_needed: 401,
  host_not_allowed: 403,
  site_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  body_too_slow: 408,
  conflict: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_body: 422,
  invalid_rule: 422,
  too_many_questions: 429,
  too_many_readers: 429,
  internal_error: 500,
  store_busy: 503,
  took_too_long: 503,
} as const;

/** The literal `code` of a problem. */
export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a body. */
export interface BodyProblem {
  readonly path: string;
  readonly problem: string;
  /** The nearest valid form; null: there is none near. */
  readonly nearest: string | null;
}

/** What a problem says beside its code. */
export interface ProblemOptions {
  /** The parameter that is wrong. */
  readonly parameter?: string | undefined;
  /** All that is wrong with a body. */
  readonly problems?: readonly BodyProblem[] | undefined;
  /** When to come again. */
  readonly retryAfterSeconds?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Thrown by whoever answers a question; becomes a problem as the answer. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = "ProblemError";
    this.code = code;
    this.options = options;
  }
}

/** The answer. `detail` says what is wrong and what to do about it, and has neither paths nor stacks. */
export function problem(code: ProblemCode, detail: string, options: ProblemOptions = {}): Response {
  const { parameter, problems, retryAfterSeconds, headers } = options;
  const status = PROBLEMS[code];
  const body = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
    detail,
    parameter,
    problems,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
      ...headers,
    },
  });
}

/** The problem that was thrown. */
export function toProblem({ code, message, options }: ProblemError): Response {
  return problem(code, message, options);
}
