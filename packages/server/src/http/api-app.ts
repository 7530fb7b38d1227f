// The routes of the API with what answers them: parameters checked, answers shared, problems in one form.
import { OpenAPIHono, type RouteConfig, type z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";

import type { SharedAnswers } from "../work/shared-answers.ts";
import type { WorkLimit } from "../work/work-limit.ts";
import { alertProblem } from "./alert-problems.ts";
import { type Arrival, pathWithin } from "./arrival.ts";
import type { JsonBodies } from "./json-body.ts";
import { parameterProblem, unknownParameter } from "./parameter-problem.ts";
import { ProblemError, problem, toProblem } from "./problem.ts";
import { storeProblem } from "./store-problems.ts";

/** What the routes know of a request beside itself. */
export interface ApiEnv {
  readonly Bindings: { readonly arrival: Arrival };
}

/** A value that nobody changes. */
export type Immutable<T> = T extends (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;

type JsonRoute = RouteConfig & {
  readonly responses: {
    readonly 200: { readonly content: { readonly "application/json": { readonly schema: z.ZodType } } };
  };
};

type WriteRoute = JsonRoute & {
  readonly request: {
    readonly body: { readonly content: { readonly "application/json": { readonly schema: z.ZodType } } };
  };
};

/** The body of a route, checked. */
export type BodyOf<R extends WriteRoute> = z.output<R["request"]["body"]["content"]["application/json"]["schema"]>;

type PartOf<R extends RouteConfig, Part extends "query" | "params"> = R["request"] extends {
  readonly [K in Part]: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : Readonly<Record<string, never>>;

/** A question as it was asked, its parameters checked. */
export interface Question<R extends RouteConfig> {
  readonly query: PartOf<R, "query">;
  readonly params: PartOf<R, "params">;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What a route answers with 200. */
export type AnswerOf<R extends JsonRoute> = Immutable<
  z.output<R["responses"][200]["content"]["application/json"]["schema"]>
>;

/** How a route is answered. */
export interface AnswerRules<R extends RouteConfig> {
  /** Whether a question is a heavy one, of which only so many are answered at a time. Default: none is. */
  readonly isHeavy?: boolean | ((question: Question<R>) => boolean);
  /** Whether equal questions share their answer for a second. Default true. */
  readonly isShared?: boolean;
}

/** Adds routes with what answers them. */
export interface Api {
  readonly app: OpenAPIHono<ApiEnv>;
  /** A route that answers with JSON. */
  answer<R extends JsonRoute>(
    route: R,
    work: (question: Question<R>) => Promise<AnswerOf<R>> | AnswerOf<R>,
    rules?: AnswerRules<R>,
  ): void;
  /**
   * A route whose question is a body: JSON, read with limits, and checked. Its answer is never shared. A heavy one waits for its turn once the
   * body has come.
   */
  write<R extends WriteRoute>(
    route: R,
    work: (question: Question<R>, body: BodyOf<R>) => Promise<AnswerOf<R>> | AnswerOf<R>,
    rules?: { readonly isHeavy?: boolean },
  ): void;
  /** A route that makes its own answer. */
  respond<R extends RouteConfig>(
    route: R,
    work: (question: Question<R>, context: Context<ApiEnv>) => Promise<Response> | Response,
  ): void;
}

/** What the routes share. */
export interface ApiTools {
  readonly shared: SharedAnswers;
  readonly heavy: WorkLimit;
  readonly bodies: JsonBodies;
  /** Hears of errors that nobody expected. */
  readonly onError: (error: unknown, path: string) => void;
}

/** Makes the router. */
export function createApi({ shared, heavy, bodies, onError }: ApiTools): Api {
  const app = new OpenAPIHono<ApiEnv>({
    // The routes are only ever asked with an arrival.
    getPath: (request, options) =>
      pathWithin(request.url, (options as { readonly env: ApiEnv["Bindings"] }).env.arrival),
    defaultHook: () => undefined,
  });
  app.onError((error, context) => {
    const known = knownProblem(error);
    if (known !== undefined) return toProblem(known);
    // As in request-handler.ts: a page that is left takes its questions back.
    if (context.req.raw.signal.aborted) return problem("invalid_request", "The request was taken back.");
    onError(error, context.req.path);
    return problem("internal_error", "The desk could not answer. What went wrong is in the log of its process.");
  });
  const respond: Api["respond"] = (route, work) => addRoute(app, route, work);
  return {
    app,
    respond,
    answer(route, work, { isHeavy = false, isShared = true } = {}) {
      respond(route, async (question, context) => {
        const { pathname, search } = new URL(context.req.url);
        const answer = (signal: AbortSignal) => async () => JSON.stringify(await work({ ...question, signal }));
        const isLong = typeof isHeavy === "function" ? isHeavy(question) : isHeavy;
        const answered = (signal: AbortSignal) => (isLong ? heavy.run(signal, answer(signal)) : answer(signal)());
        const { signal } = question;
        const text = isShared ? await shared.ask(pathname + search, signal, answered) : await answered(signal);
        return new Response(text, { headers: { "content-type": "application/json" } });
      });
    },
    write(route, work, { isHeavy = false } = {}) {
      const { body: declared, ...request } = route.request;
      const { schema } = declared.content["application/json"];
      // Without its body: the router would read it before there are limits to it.
      respond({ ...route, request } as typeof route, async (question, context) => {
        const body = (await bodies.read(context.req.raw, context.env.arrival, schema)) as BodyOf<typeof route>;
        const answer = async () => JSON.stringify(await work(question, body));
        const text = isHeavy ? await heavy.run(question.signal, answer) : await answer();
        return new Response(text, { headers: { "content-type": "application/json" } });
      });
    },
  };
}

/** Adds a route whose parameters are checked before `work` sees them. */
function addRoute<R extends RouteConfig>(
  app: OpenAPIHono<ApiEnv>,
  route: R,
  work: (question: Question<R>, context: Context<ApiEnv>) => Promise<Response> | Response,
): void {
  const names = parameterNames(route);
  app.openapi(
    route as RouteConfig,
    (context) => {
      refusePrototype(context.req.url, names);
      const { valid } = context.req as unknown as { valid(part: string): never };
      const part = (name: string) => valid.call(context.req, name as never) ?? {};
      const { signal } = context.req.raw;
      return work({ query: part("query"), params: part("param"), signal } as never, context) as Promise<never>;
    },
    (result, context) => {
      if (result.success) return undefined;
      const isPath = result.target === "param";
      const given = isPath ? context.req.param() : valuesOf(context.req.queries());
      throw parameterProblem(result.error, given as Record<string, unknown>, names);
    },
  );
}

/** The problem of an error that was expected; undefined: it was not. */
export function knownProblem(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof HTTPException) return new ProblemError("invalid_request", "The request cannot be read.");
  return storeProblem(error) ?? alertProblem(error);
}

/** The parameters of a route's query. */
function parameterNames(route: RouteConfig): readonly string[] {
  const query = route.request?.query as { readonly shape?: object } | undefined;
  return Object.keys(query?.shape ?? {});
}

/** A parameter of this name would not be seen as one by whoever collects them into an object. */
function refusePrototype(url: string, names: readonly string[]): void {
  if (url.includes("__proto__") && new URL(url).searchParams.has("__proto__"))
    throw unknownParameter("__proto__", names);
}

function valuesOf(queries: Readonly<Record<string, readonly string[]>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(queries).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}
