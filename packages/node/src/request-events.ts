// One event per HTTP request of a plain `node:http` server: what was asked, how it ended, how long it took, who asked.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { context } from "@opentelemetry/api";
import { tradingEvents } from "@tracebook/core";
import { setRequestRoute, toRouteTemplate } from "./request-route.ts";

/** Options of {@link requestEvents}. What is called with a request may throw: then its part of the event is missing. */
export interface RequestEventsOptions {
  /**
   * The route template of a request: `/orders/:id`. Default: its path with everything that looks like an id replaced. Undefined:
   * no route, `unmatched` in the event's name, so that a scan of a thousand paths makes one name.
   */
  readonly routeOf?: (request: IncomingMessage) => string | undefined;
  /** Who asks; undefined: nobody known. Called when the response is through, so that the host has had time to find out. */
  readonly userIdOf?: (request: IncomingMessage) => string | undefined;
  /** True for requests that are no events, such as scrapes and health checks. */
  readonly ignore?: (request: IncomingMessage) => boolean;
  /** What the event says its source is. Default `api`. */
  readonly source?: string;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"]);
const UNMATCHED = "unmatched";
/** Client closed request: nginx's number for a client that hung up before it was told anything. */
const HUNG_UP = 499;
const MAX_USER_UNITS = 128;

/**
 * Wraps a request listener so that every request ends as one `api_event` named `{METHOD}_{path}` (`POST_/webhook`), with
 * `status_code`, `method`, `path` and, for a client that hung up, `aborted` in `event_data`, `duration_ms`, and `user_id`.
 * The status is 499 where a client hung up before any of the answer was sent.
 * The event joins the trace of the request, and the route it found becomes `http.route` of its span and metrics.
 *
 * `path` is the route template: neither ids nor query strings are recorded. Secrets are redacted like anywhere else. Adds
 * nothing to what the host's listener throws or does; does nothing visible while telemetry is off. Cost: some microseconds a request.
 *
 * @example
 * createServer(requestEvents(app, { routeOf: (request) => router.match(request)?.path })).listen(8000);
 */
export function requestEvents(listener: RequestListener, options: RequestEventsOptions = {}): RequestListener {
  const { routeOf = routeByPath, userIdOf, ignore, source = "api" } = options;
  for (const [name, given] of Object.entries({ listener, routeOf, userIdOf, ignore }))
    if (given !== undefined && typeof given !== "function")
      throw new TypeError(`requestEvents: ${name} is ${typeof given}, not a function`);
  return function observed(this: unknown, request, response) {
    observe(request, response, { routeOf, userIdOf, ignore, source });
    return listener.call(this as never, request, response);
  };
}

interface Observer {
  readonly routeOf: (request: IncomingMessage) => string | undefined;
  readonly userIdOf: RequestEventsOptions["userIdOf"] | undefined;
  readonly ignore: RequestEventsOptions["ignore"] | undefined;
  readonly source: string;
}

function observe(request: IncomingMessage, response: ServerResponse, observer: Observer): void {
  if (asked(observer.ignore, request) === true) return;
  const startedMs = performance.now();
  const given = asked(observer.routeOf, request);
  const route = typeof given === "string" && given !== "" ? toBounded(given) : undefined;
  if (route !== undefined) setRequestRoute(request, route);
  const finish = (): void => {
    const path = route ?? UNMATCHED;
    const method = METHODS.has(request.method ?? "") ? (request.method as string) : "_OTHER";
    const userId = asked(observer.userIdOf, request);
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
      source: observer.source,
      duration_ms: Math.round((performance.now() - startedMs) * 1e3) / 1e3,
    });
  };
  // Bound here: by the time a response closes, its context is gone.
  response.once("close", context.bind(context.active(), finish));
}

function routeByPath(request: IncomingMessage): string {
  return toRouteTemplate(request.url ?? "/");
}

function toBounded(route: string): string {
  return route.split("?", 1)[0]?.slice(0, 128) ?? UNMATCHED;
}

function asked<T>(ask: ((request: IncomingMessage) => T) | undefined, request: IncomingMessage): T | undefined {
  try {
    return ask?.(request);
  } catch {
    return undefined;
  }
}
