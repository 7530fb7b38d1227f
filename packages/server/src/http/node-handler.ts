// The desk as a handler of `node:http` and of Express.
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { type Arrival, arrivalOf } from "./arrival.ts";
import { parseHost } from "./host-names.ts";
import { problem } from "./problem.ts";
import type { RequestHandler } from "./request-handler.ts";
import { withSecurityHeaders } from "./security-headers.ts";

/** Takes a request with its response; what it makes of it is in the response. */
export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** Makes the handler, mounted below `basePath`; `isOwn`: the server is the desk's, and nobody else sees what it reads. */
export function createNodeHandler(handle: RequestHandler, basePath: string, isOwn: boolean): NodeHandler {
  const listener = getRequestListener(
    async (request, bindings) => {
      const { incoming, outgoing } = bindings as HttpBindings;
      const arrival: Arrival = {
        ...arrivalOf(incoming, basePath),
        body: { stream: incoming, isUnshared: isOwn },
        cut: () => outgoing.destroy(),
      };
      const response = await handle(request, arrival);
      // A body that nobody reads to its end leaves a connection that must not be used again.
      if (!incoming.complete && incoming.httpVersionMajor === 1) response.headers.set("connection", "close");
      return response;
    },
    {
      // The host's own Request and Response stay as they are.
      overrideGlobalObjects: false,
      errorHandler: () => withSecurityHeaders(problem("invalid_request", "The request cannot be read.")),
    },
  );
  return (incoming, outgoing) => {
    // Who goes away in the middle is no matter of the host's.
    outgoing.on("error", () => {});
    const refusal = refusalOf(incoming);
    if (refusal === undefined) return void listener(incoming, outgoing);
    outgoing.writeHead(refusal.status, Object.fromEntries(refusal.headers));
    refusal.text().then(
      (text) => outgoing.end(text),
      () => outgoing.destroy(),
    );
  };
}

/** The answer to a request of which no URL can be made; undefined: one can. */
function refusalOf({ url, rawHeaders, headers }: IncomingMessage): Response | undefined {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === "host").length;
  // Which of two was meant nobody can say, and an address in the place of a path is for proxies.
  if (url?.startsWith("/") !== true || hosts !== 1)
    return withSecurityHeaders(problem("invalid_request", "The request must name a path and one host."));
  if (parseHost(headers.host ?? "") !== undefined) return undefined;
  return withSecurityHeaders(problem("host_not_allowed", "The Host header is no name."));
}
