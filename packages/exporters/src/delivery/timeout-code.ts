// How far a request had come when its time was up.
import type { ClientRequest } from "node:http";
import { isIP } from "node:net";

/** No address for the name, no connection to the address, no answer over the connection. */
export type TimeoutCode = "NO_ADDRESS" | "NO_CONNECTION" | "TIMEOUT";

/**
 * Watches a request that was just made to `hostname`, as a URL has it; the result says how far it has come. A request that still waits
 * for a connection that others use counts as one that waits for an answer.
 */
export function watchTimeoutCode(request: ClientRequest, hostname: string): () => TimeoutCode {
  let hasAddress = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  request.once("socket", (socket) => {
    // One that is used again has all of this behind it, and must not gather listeners.
    if (!socket.connecting) return;
    socket.once("lookup", (error: Error | null) => {
      hasAddress ||= error === null;
    });
  });
  return () => {
    if (request.socket?.connecting !== true) return "TIMEOUT";
    return hasAddress ? "NO_CONNECTION" : "NO_ADDRESS";
  };
}
