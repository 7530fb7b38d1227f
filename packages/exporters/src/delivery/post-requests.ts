// POST requests to one URL, with everything worked out that is the same for all of them.
import { type Agent, ClientRequest } from "node:http";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";

/** Opens a request for a body of so many bytes, which are still to be written. Throws for headers that Node.js refuses. */
export type OpenPostRequest = (contentType: string, bodyBytes: number) => ClientRequest;

/** The request must not be traced: its span would be exported, by a request that is traced. */
const UNTRACED = suppressTracing(ROOT_CONTEXT);

/**
 * Prepares requests to `url` with these headers, but for `content-type` and `content-length`, which are those of the body.
 *
 * By the class and not by `http.request`: at the pace of a market each export finds its code cold, and reading the URL, merging options,
 * and the instrumentation that `http.request` has got, which would do the same before it sees that nothing is to be traced, took two
 * thirds of the call.
 */
export function preparePostRequests(
  url: URL,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
): OpenPostRequest {
  const { protocol, hostname, port, host, pathname, search } = url;
  const options = {
    method: "POST",
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    path: `${pathname}${search}`,
    agent,
  };
  const shared = Object.entries({ host, ...withoutThoseOfTheBody(headers) }).flat();
  return (contentType, bodyBytes) => {
    const all = [...shared, "content-type", contentType, "content-length", String(bodyBytes)];
    return context.with(UNTRACED, () => new ClientRequest({ ...options, headers: all }));
  };
}

/** Names are the same in any case; the last one counts. */
function withoutThoseOfTheBody(headers: Readonly<Record<string, string>>): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(all.filter(([name]) => name !== "content-type" && name !== "content-length"));
}
