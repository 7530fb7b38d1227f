// A request from its arrival to its answer: first who may ask, then what is asked for.
import { readForm } from "../page/login-form.ts";
import type { PageAnswers } from "../page/page-answers.ts";
import { enteredPage, loginPage, missingPage } from "../page/plain-pages.ts";
import { type Api, knownProblem } from "./api-app.ts";
import { type Arrival, pathWithin } from "./arrival.ts";
import type { HostGuard } from "./host-guard.ts";
import { ProblemError, problem, toProblem } from "./problem.ts";
import { isApiPath, type MethodsOf } from "./route-table.ts";
import { withSecurityHeaders } from "./security-headers.ts";
import { guardSite } from "./site-guard.ts";
import type { TokenGuard } from "./token-guard.ts";

/** Answers a request. Never rejects. */
export type RequestHandler = (request: Request, arrival: Arrival) => Promise<Response>;

/** What requests are answered with. */
export interface HandlerTools {
  readonly api: Api;
  readonly methodsOf: MethodsOf;
  readonly page: PageAnswers;
  readonly guardHost: HostGuard;
  readonly tokens: TokenGuard;
  /** Hears of errors that nobody expected. */
  readonly onError: (error: unknown, path: string) => void;
}

/** Where the form for the token is sent. */
const LOGIN = "/login";

/** Makes the handler. */
export function createRequestHandler(tools: HandlerTools): RequestHandler {
  return async (request, arrival) => {
    try {
      return withSecurityHeaders(await answer(request, arrival, tools));
    } catch (error) {
      const known = knownProblem(error);
      if (known !== undefined) return withSecurityHeaders(toProblem(known));
      // Of who asked and went away there is nothing to say, and nobody to say it to.
      if (request.signal.aborted) return withSecurityHeaders(problem("invalid_request", "The request was taken back."));
      tools.onError(error, "a request");
      return withSecurityHeaders(problem("internal_error", "The desk could not answer. Its log says why."));
    }
  };
}

async function answer(request: Request, arrival: Arrival, tools: HandlerTools): Promise<Response> {
  const { method, headers } = request;
  const url = new URL(request.url);
  const host = headers.get("host") ?? url.host;
  tools.guardHost(host, arrival);
  const path = pathWithin(request.url, arrival);
  const isApi = isApiPath(path);
  guardSite({ method, headers, host, isPage: !isApi && path !== LOGIN });
  if (isApi) return answerApi(request, path, arrival, tools);
  if (path === LOGIN && method === "POST") return logIn(request, arrival, tools.tokens);
  if (method !== "GET" && method !== "HEAD") throw wrongMethod(["GET", "HEAD"]);
  return withoutBody(method, answerPage(request, url, path, arrival, tools));
}

async function answerApi(request: Request, path: string, arrival: Arrival, tools: HandlerTools): Promise<Response> {
  if (!tools.tokens.isLetIn(request.headers, arrival))
    throw new ProblemError("token_needed", "The token is missing or wrong: send it as Authorization: Bearer TOKEN.", {
      headers: { "www-authenticate": 'Bearer realm="tracebook"' },
    });
  const methods = tools.methodsOf(path);
  if (methods === undefined)
    throw new ProblemError("not_found", "There is no such route: see /api/telemetry/openapi.json.");
  if (!methods.includes(request.method)) throw wrongMethod(methods);
  return tools.api.app.fetch(request, { arrival });
}

function answerPage(
  request: Request,
  url: URL,
  path: string,
  arrival: Arrival,
  { page, tokens }: HandlerTools,
): Response {
  const { headers } = request;
  const { basePath } = arrival;
  if (!tokens.isLetIn(headers, arrival)) {
    const token = url.searchParams.get("token");
    if (token === null) return loginPage(`${basePath}${LOGIN}`, false);
    if (!tokens.isToken(token)) return loginPage(`${basePath}${LOGIN}`, true);
    return enteredPage(`${basePath}/`, tokens.cookie(arrival, url.protocol === "https:"));
  }
  const file = page.file(headers, path);
  if (file !== undefined) return file;
  if (!page.isPage(path)) throw new ProblemError("not_found", "There is no such file.");
  return page.page(headers, basePath) ?? missingPage();
}

async function logIn(request: Request, arrival: Arrival, tokens: TokenGuard): Promise<Response> {
  const { basePath } = arrival;
  const form = await readForm(request);
  if (!tokens.isToken(form.get("token") ?? "")) return loginPage(`${basePath}${LOGIN}`, true);
  return enteredPage(`${basePath}/`, tokens.cookie(arrival, new URL(request.url).protocol === "https:"));
}

function withoutBody(method: string, response: Response): Response {
  if (method !== "HEAD") return response;
  const { status, headers } = response;
  return new Response(null, { status, headers });
}

function wrongMethod(methods: readonly string[]): ProblemError {
  return new ProblemError("method_not_allowed", `This takes ${methods.join(", ")}.`, {
    headers: { allow: methods.join(", ") },
  });
}
