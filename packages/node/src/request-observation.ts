// One request as one event, whichever framework it came through: what was asked, how it ended, how long it took, who asked.
import type { IncomingMessage, ServerResponse } from "node:http";
import { context } from "@opentelemetry/api";
import { tradingEvents } from "@tracebook/core";
import { setRequestRoute } from "./request-route.ts";

/** Options that all middlewares have. What is called with a request may throw: then its part of the event is missing. */
export interface RequestOptions<Request> {
  /** Who asks; undefined: nobody known. Called when the response is through, so that the host has had time to find out. */
  readonly userIdOf?: (request: Request) => string | undefined;
  /** True for requests that are no events, such as scrapes and health checks. Called when the request comes in. */
  readonly ignore?: (request: Request) => boolean;
  /** What the event says its source is. Default `api`. */
  readonly source?: string;
}

/** What is asked of whom when a request has ended. */
export interface RequestAnswers {
  /** The route template; undefined: none, `unmatched` in the event's name, so that a scan of a thousand paths makes one name. */
  readonly routeOf: () => string | undefined;
  readonly userIdOf: () => string | undefined;
  readonly source: string;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"]);
const UNMATCHED = "unmatched";
/** Client closed request: nginx's number for a client that hung up before it was told anything. */
const HUNG_UP = 499;
const MAX_USER_UNITS = 128;
const MAX_ROUTE_UNITS = 128;

const observed = new WeakSet<IncomingMessage>();

/**
 * Has the request end as one `api_event`. The first to observe a request is the only one: a middleware that is used twice, or within a
 * listener that is observed itself, makes no second event. Returns false then.
 */
export function observeRequest(request: IncomingMessage, response: ServerResponse, answers: RequestAnswers): boolean {
  if (observed.has(request)) return false;
  observed.add(request);
  const startedMs = performance.now();
  // Bound here: by the time a response closes, its context is gone.
  response.once(
    "close",
    context.bind(context.active(), () => emit(request, response, answers, startedMs)),
  );
  return true;
}

/** Tells the request's span and metrics its route. A text that is none is left out; one that is too long is cut. */
export function tellRoute(request: IncomingMessage, route: string | undefined): string | undefined {
  if (typeof route !== "string" || route === "") return undefined;
  const bounded = route.slice(0, MAX_ROUTE_UNITS);
  setRequestRoute(request, bounded);
  return bounded;
}

/** Calls what the host has given; undefined where it throws. */
export function asked<Request, T>(ask: ((request: Request) => T) | undefined, request: Request): T | undefined {
  try {
    return ask?.(request);
  } catch {
    return undefined;
  }
}

/** Throws for options that are no functions, with the name of the middleware. */
export function requireFunctions(whose: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && typeof value !== "function")
      throw new TypeError(`${whose}: ${name} is ${typeof value}, not a function`);
}

function emit(request: IncomingMessage, response: ServerResponse, answers: RequestAnswers, startedMs: number): void {
  const path = answers.routeOf() ?? UNMATCHED;
  const method = METHODS.has(request.method ?? "") ? (request.method as string) : "_OTHER";
  const userId = answers.userIdOf();
  tradingEvents.apiEvent.emit({
    event_name: `${method}_${path}`,
    event_category: "http",
    event_data: {
      status_code: response.headersSent ? response.statusCode : HUNG_UP,
      method,
      path,
      ...(response.writableFinished ? undefined : { aborted: true }),
    },
    ...(typeof userId === "string" && userId !== "" ? { user_id: userId.slice(0, MAX_USER_UNITS) } : undefined),
    source: answers.source,
    duration_ms: Math.round((performance.now() - startedMs) * 1e3) / 1e3,
  });
}
