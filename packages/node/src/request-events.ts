// One event per HTTP request of a plain `node:http` server.
import type { IncomingMessage, RequestListener } from "node:http";
import { asked, observeRequest, type RequestOptions, requireFunctions, tellRoute } from "./request-observation.ts";
import { toRouteTemplate } from "./request-route.ts";

/** Options of {@link requestEvents}. What is called with a request may throw: then its part of the event is missing. */
export interface RequestEventsOptions extends RequestOptions<IncomingMessage> {
  /**
   * The route template of a request: `/orders/:id`. Default: its path with everything that looks like an id replaced. Undefined:
   * no route, `unmatched` in the event's name, so that a scan of a thousand paths makes one name.
   */
  readonly routeOf?: (request: IncomingMessage) => string | undefined;
}

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
  requireFunctions("requestEvents", { listener, routeOf, userIdOf, ignore });
  if (typeof listener !== "function")
    throw new TypeError(`requestEvents: listener is ${typeof listener}, not a function`);
  return function observed(this: unknown, request, response) {
    if (asked(ignore, request) !== true) {
      let route: string | undefined;
      const answers = { routeOf: () => route, userIdOf: () => asked(userIdOf, request), source };
      if (observeRequest(request, response, answers)) route = tellRoute(request, withoutQuery(asked(routeOf, request)));
    }
    return listener.call(this as never, request, response);
  };
}

function routeByPath(request: IncomingMessage): string {
  return toRouteTemplate(request.url ?? "/");
}

/** A host may give the path as it has it. */
function withoutQuery(route: string | undefined): string | undefined {
  return typeof route === "string" ? route.split("?", 1)[0] : undefined;
}
