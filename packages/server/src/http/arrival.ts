// How a request came: what a Request does not say, and who is let in depends on.
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { isBasePath } from "../config-settings.ts";

/** A body as the socket has it. */
export interface ArrivingBody {
  readonly stream: Readable;
  /** Whether nobody else can see its pieces: the server is the desk's own. */
  readonly isUnshared: boolean;
}

/** What is known of the connection. */
export interface Arrival {
  /** The address of this machine that was connected to, and its port; undefined where whoever hands over the request does not say. */
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  /** The path below which the desk is mounted, as a browser sees it: empty, or `/desk`. */
  readonly basePath: string;
  /** Whether the path of the request still begins with `basePath`. */
  readonly isWhole: boolean;
  /** The body as it comes; undefined where only the Request has it. */
  readonly body: ArrivingBody | undefined;
  /** Breaks the connection: the only way to say that an answer under way will not be whole. */
  readonly cut: (() => void) | undefined;
}

/** The arrival of a request of `node:http`, without its body; of Express it has `baseUrl`, and the path without it. */
export function arrivalOf(incoming: IncomingMessage, basePath: string): Arrival {
  const { socket } = incoming;
  const { baseUrl } = incoming as IncomingMessage & { readonly baseUrl?: unknown };
  const isRouted = typeof baseUrl === "string" && baseUrl !== "" && isBasePath(baseUrl);
  return {
    localAddress: socket?.localAddress,
    localPort: socket?.localPort,
    basePath: isRouted ? baseUrl : basePath,
    isWhole: !isRouted,
    body: undefined,
    cut: undefined,
  };
}

/** The path within the desk, decoded once as the router does it; what cannot be decoded stays as it is. */
export function pathWithin(url: string, { basePath, isWhole }: Arrival): string {
  const { pathname } = new URL(url);
  const isBelow = isWhole && basePath !== "" && (pathname === basePath || pathname.startsWith(`${basePath}/`));
  const path = isBelow ? pathname.slice(basePath.length) || "/" : pathname;
  try {
    // An encoded percent sign stays one: parts that are filled in are decoded once more.
    return path.includes("%") ? decodeURI(path.replaceAll("%25", "%2525")) : path;
  } catch {
    return path;
  }
}
