// One event per request of an Express application, version 4 or 5.
import type { IncomingMessage, ServerResponse } from "node:http";
import { asked, observeRequest, type RequestOptions, requireFunctions, tellRoute } from "./request-observation.ts";
import { toRouteTemplate } from "./request-route.ts";

/** A middleware for `app.use`. */
export type ExpressMiddlewareLike<Request> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * An Express middleware: every request ends as one `api_event`, as by `requestEvents`, with the template of its route as `path`, below the
 * path at which its router is mounted; what no route answers is `unmatched`. Use it before all others. Used twice it makes one event all
 * the same. What a handler throws is seen by the status that the application answers with.
 *
 * @example
 * app.use(expressRequestEvents<express.Request>({ userIdOf: (request) => request.user?.id }));
 */
export function expressRequestEvents<Request extends IncomingMessage = IncomingMessage>(
  options: RequestOptions<Request> = {},
): ExpressMiddlewareLike<Request> {
  const { userIdOf, ignore, source = "api" } = options;
  requireFunctions("expressRequestEvents", { userIdOf, ignore });
  return (request, response, next) => {
    if (asked(ignore, request) !== true) {
      let route: string | undefined;
      const answers = { routeOf: () => route, userIdOf: () => asked(userIdOf, request), source };
      if (observeRequest(request, response, answers))
        watchRoute(request, (found) => {
          route = tellRoute(request, found) ?? route;
        });
    }
    next();
  };
}

/**
 * Calls `onRoute` with the template of each route that Express finds for the request. Express tells it by `request.route`; by the time of
 * the answer it may no longer know below which router that was: an error leads it out of it, and `baseUrl` with it.
 */
function watchRoute(request: IncomingMessage & { baseUrl?: unknown }, onRoute: (route: string) => void): void {
  let route: unknown;
  Object.defineProperty(request, "route", {
    configurable: true,
    enumerable: true,
    get: () => route,
    set(found: unknown) {
      route = found;
      const path = pathOf(found);
      if (path !== undefined) onRoute(belowMount(request.baseUrl, path));
    },
  });
}

/** The path of a route as it was written: a text, several of them, or a regular expression. */
function pathOf(route: unknown): string | undefined {
  const path = (route as { path?: unknown } | undefined)?.path;
  if (typeof path === "string") return path;
  if (Array.isArray(path)) return path.map(String).join("|");
  return path instanceof RegExp ? path.source : undefined;
}

/** Where a router is mounted, Express tells as the request has it, ids included. */
function belowMount(baseUrl: unknown, path: string): string {
  if (typeof baseUrl !== "string" || baseUrl === "") return path;
  return `${toRouteTemplate(baseUrl)}${path === "/" ? "" : path}`;
}
