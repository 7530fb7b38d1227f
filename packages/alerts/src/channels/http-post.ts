// One POST to a checked address: no redirect is followed, no answer is read beyond 64 KiB, nothing takes longer than its time-out.
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { AlertChannelError } from "./errors.ts";
import type { ResolvedAddress, WebTarget } from "./web-target.ts";

/** What is sent where. */
export interface HttpPost {
  readonly target: WebTarget;
  /** Appended to the target's path: `/v2/alerts`. */
  readonly path?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
  /** For all of it: name, connection, answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Certificate authorities (PEM) besides those of Node.js. */
  readonly ca?: string | undefined;
}

/** What came of it. */
export type HttpAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      /** At most 64 KiB of it. */
      readonly text: string;
    }
  | { readonly kind: "forbidden"; readonly words: string }
  /** `hasLeft`: all of the request had been handed over, so that it may have arrived. */
  | { readonly kind: "no_answer"; readonly words: string; readonly hasLeft: boolean };

const MAX_ANSWER_BYTES = 65_536;

/** Posts once. Never rejects. */
export async function postOnce(post: HttpPost): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(post.timeoutMs);
  const signal = AbortSignal.any([post.signal, timeout]);
  try {
    const addresses = await untilAborted(post.target.addresses(), signal);
    return await exchange(post, addresses, signal);
  } catch (error) {
    if (error instanceof AlertChannelError) return { kind: "forbidden", words: error.problem };
    return { kind: "no_answer", words: wordsOf(error, post, timeout), hasLeft: false };
  }
}

function exchange(post: HttpPost, addresses: readonly ResolvedAddress[], signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const { url } = post.target;
    let hasLeft = false;
    let finish: (() => void) | undefined;
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
      ...optionsOf(post, addresses),
      signal,
    });
    request.once("finish", () => {
      hasLeft = true;
    });
    request.on("error", (error) => {
      // The status has come already, and says enough.
      if (finish !== undefined) return finish();
      const timedOut = signal.aborted && !post.signal.aborted;
      const words = timedOut ? `no answer within ${post.timeoutMs} ms` : describe(error);
      resolve({ kind: "no_answer", words, hasLeft });
    });
    request.once("response", (response) => {
      finish = readBounded(response, (text) => {
        resolve({ kind: "answer", status: response.statusCode ?? 0, headers: response.headers, text });
        request.destroy();
      });
    });
    request.end(post.body);
  });
}

function optionsOf(post: HttpPost, addresses: readonly ResolvedAddress[]): RequestOptions & { ca?: string } {
  const { url } = post.target;
  return {
    method: "POST",
    path: post.path === undefined ? `${url.pathname}${url.search}` : `${url.pathname.replace(/\/$/, "")}${post.path}`,
    headers: {
      ...post.headers,
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(post.body),
      "user-agent": "tracebook-alerts",
      accept: "application/json",
    },
    // A connection of its own: none that was made to an address which nobody has checked.
    agent: false,
    lookup: toLookup(addresses),
    ...(post.ca === undefined ? {} : { ca: post.ca }),
  };
}

/** Answers with the addresses that were checked, so that the name cannot mean another one by the time of the connection. */
function toLookup(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first!.address, first!.family);
  };
}

/** Reads until the end, the limit, an error, or until what it returns is called: what has come by then is what was said. */
function readBounded(response: IncomingMessage, done: (text: string) => void): () => void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const finish = () => done(Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString("utf8"));
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_ANSWER_BYTES) finish();
  });
  response.once("end", finish);
  response.on("error", finish);
  response.once("close", finish);
  return finish;
}

/** A look-up cannot be ended, but nobody has to wait for it. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function wordsOf(error: unknown, post: HttpPost, timeout: AbortSignal): string {
  if (timeout.aborted) return `no address for ${post.target.url.hostname} within ${post.timeoutMs} ms`;
  return describe(error);
}

/** Errors of several addresses come as one without a message. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error ? error.message : String(error);
}
