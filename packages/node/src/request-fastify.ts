// One event per request of a Fastify server.
import type { IncomingMessage, ServerResponse } from "node:http";
import { asked, observeRequest, type RequestOptions, requireFunctions, tellRoute } from "./request-observation.ts";

/** Of a Fastify request, what is used. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  /** The template of the route with its prefixes: `/orders/:id`; undefined where there is none. */
  readonly routeOptions: { readonly url?: string | undefined };
}

/** Of a Fastify reply, what is used. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
}

/** Of a Fastify instance, what is used. */
export interface FastifyInstanceLike<Request> {
  addHook(
    name: "onRequest",
    hook: (request: Request, reply: FastifyReplyLike, done: (error?: Error) => void) => void,
  ): unknown;
}

/** A plugin for `app.register`. */
export type FastifyPluginLike<Request> = (
  instance: FastifyInstanceLike<Request>,
  options: object,
  done: (error?: Error) => void,
) => void;

/**
 * A Fastify plugin: every request ends as one `api_event`, as by `requestEvents`, with the template of its route as `path`; what no route
 * answers is `unmatched`. It is of the instance that registers it and of all plugins within, those that were registered before included.
 * Registered twice it makes one event all the same. What a handler throws is seen by its status.
 *
 * @example
 * await app.register(fastifyRequestEvents<FastifyRequest>({ userIdOf: (request) => request.session?.userId }));
 */
export function fastifyRequestEvents<Request extends FastifyRequestLike = FastifyRequestLike>(
  options: RequestOptions<Request> = {},
): FastifyPluginLike<Request> {
  const { userIdOf, ignore, source = "api" } = options;
  requireFunctions("fastifyRequestEvents", { userIdOf, ignore });
  const plugin: FastifyPluginLike<Request> = (instance, _options, done) => {
    instance.addHook("onRequest", (request, reply, next) => {
      if (asked(ignore, request) !== true) {
        let route: string | undefined;
        const answers = { routeOf: () => route, userIdOf: () => asked(userIdOf, request), source };
        // Fastify has found the route before its first hook.
        if (observeRequest(request.raw, reply.raw, answers)) route = tellRoute(request.raw, request.routeOptions.url);
      }
      next();
    });
    done();
  };
  // Fastify's own sign that hooks are of the instance that registers the plugin, and not of a child of it.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}
