// The sizes of HTTP bodies, which the HTTP instrumentation does not measure: counted as they pass, by method, route and status.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Span } from "@opentelemetry/api";
import { requestRouteOf } from "./request-route.ts";

/** Where sizes go. */
export interface HttpSizes {
  /** Called once per server response, when its headers are about to be sent. */
  observe(response: ServerResponse<IncomingMessage>, span: Span): void;
}

/** One observed exchange. Sizes in bytes of the bodies, without headers. */
export interface HttpSizeSample {
  readonly method: string;
  readonly route: string;
  readonly status: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Makes an observer that reports each exchange once, when the response is finished. */
export function createHttpSizes(record: (sample: HttpSizeSample) => void): HttpSizes {
  return {
    observe(response) {
      const request = response.req;
      const received = countReceived(request);
      const sent = countSent(response);
      response.once("finish", () =>
        record({
          method: request.method ?? "_OTHER",
          route: requestRouteOf(request),
          status: String(response.statusCode),
          requestBytes: received(),
          responseBytes: hasBody(request, response) ? sent() : 0,
        }),
      );
    },
  };
}

/** Answers to HEAD, 204 and 304 have no body, whatever the host writes (RFC 9110, section 6.4.1). */
function hasBody(request: IncomingMessage, { statusCode }: ServerResponse): boolean {
  return request.method !== "HEAD" && statusCode !== 204 && statusCode !== 304;
}

/**
 * Counts the body as the parser hands it to the request. Listening for `data` would start the stream under the host's hands, and
 * Content-Length is missing from chunked bodies; `push`, the way in, changes nothing for whoever reads. A body that the host
 * left unread passes by unseen: when it is through, its Content-Length is its size.
 */
function countReceived(request: IncomingMessage): () => number {
  let bytes = 0;
  const push = request.push;
  request.push = function (this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding) {
    bytes += sizeOf(chunk, encoding);
    return push.call(this, chunk, encoding);
  };
  return () => {
    const declared = request.complete ? Number(request.headers["content-length"]) : Number.NaN;
    return Number.isSafeInteger(declared) ? declared : bytes;
  };
}

/** Counts the body as the host writes it; headers and chunk framing are not part of it. */
function countSent(response: ServerResponse<IncomingMessage>): () => number {
  let bytes = 0;
  type Loose = (...args: unknown[]) => unknown;
  const write = response.write as Loose;
  const end = response.end as Loose;
  // `end(chunk)` writes its chunk by an inner path, not through `write`, in every supported Node.js: no chunk is counted twice.
  response.write = function (this: unknown, ...args: unknown[]) {
    bytes += sizeOf(args[0], args[1]);
    return write.apply(this, args);
  } as typeof response.write;
  response.end = function (this: unknown, ...args: unknown[]) {
    bytes += sizeOf(args[0], args[1]);
    return end.apply(this, args);
  } as typeof response.end;
  return () => bytes;
}

function sizeOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === "string")
    return Buffer.byteLength(chunk, typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8");
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}
