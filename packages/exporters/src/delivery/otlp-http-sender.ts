// Sends OTLP requests over HTTP, one POST each: the answer is read as the specification says, and nothing is tried twice here.
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { createIdleAgent } from "./idle-agent.ts";
import { readOtlpAnswer } from "./otlp-answer.ts";
import { type OpenPostRequest, preparePostRequests } from "./post-requests.ts";
import { writeInPieces } from "./request-pieces.ts";
import type { OtlpRequest, OtlpSender, OtlpSignal, SendOutcome } from "./sender.ts";
import { watchTimeoutCode } from "./timeout-code.ts";

/** What a sender is told once. */
export interface OtlpHttpSenderOptions {
  readonly signal: OtlpSignal;
  /** The full URL, with path: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** Secret; sent as they are. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds of monotonic time after which a request without an answer has failed. 1 to 600,000, default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default `none`. `gzip` is level 1: two thirds of the saving for a third of the time. */
  readonly compression?: "none" | "gzip" | undefined;
}

/** So much of an answer is read; what it means stands at its beginning. */
const MAX_ANSWER_BYTES = 65_536;
const CONTENT_TYPE = { protobuf: "application/x-protobuf", json: "application/json" } as const;
const MAX_SOCKETS = 4;
const DEFAULT_TIMEOUT_MS = 10_000;
const compress = promisify(gzip);

/** Makes a sender. Throws a `TypeError` for a URL that is none of http or https. */
export function createOtlpHttpSender(options: OtlpHttpSenderOptions): OtlpSender {
  return new HttpSender(options);
}

class HttpSender implements OtlpSender {
  readonly destination: string;
  readonly #options: OtlpHttpSenderOptions;
  readonly #url: URL;
  readonly #agent: ReturnType<typeof createIdleAgent>;
  readonly #open: OpenPostRequest;
  readonly #underWay = new Set<(why: string) => void>();
  #closed = false;

  constructor(options: OtlpHttpSenderOptions) {
    this.#options = options;
    this.#url = new URL(options.url);
    const { protocol, origin, pathname } = this.#url;
    if (protocol !== "http:" && protocol !== "https:")
      throw new TypeError(`OTLP goes to an http:// or https:// URL, not to ${protocol}//`);
    this.destination = `${origin}${pathname}`;
    this.#agent = createIdleAgent(protocol, MAX_SOCKETS);
    const encoding = options.compression === "gzip" ? { "content-encoding": "gzip" } : undefined;
    this.#open = preparePostRequests(
      this.#url,
      { "user-agent": "tracebook-otlp", ...options.headers, ...encoding },
      this.#agent,
    );
  }

  async send(request: OtlpRequest): Promise<SendOutcome> {
    try {
      const body = this.#options.compression === "gzip" ? await compressed(request.bytes) : request.bytes;
      return await this.#post(request, body, false);
    } catch (error) {
      // A header that Node.js refuses, for one: the same for every request, but what waits is not to blame for it.
      return failed("ERROR", error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#underWay) end("the sender was closed");
    this.#agent.destroy();
  }

  #post(request: OtlpRequest, body: Uint8Array, isSecondTry: boolean): Promise<SendOutcome> {
    if (this.#closed) return Promise.resolve(failed("CLOSED", "the sender was closed"));
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const sent = this.#open(CONTENT_TYPE[request.format], body.length);
    const timeoutCode = watchTimeoutCode(sent, this.#url.hostname);
    return new Promise((resolve) => {
      let isOver = false;
      let isBegun = false;
      const settle = (outcome: SendOutcome | Promise<SendOutcome>): void => {
        isOver = true;
        clearTimeout(timer);
        this.#underWay.delete(close);
        resolve(outcome);
      };
      const end = (outcome: SendOutcome): void => {
        settle(outcome);
        sent.destroy();
      };
      const close = (why: string): void => end(failed("CLOSED", why));
      const outOfTime = (): void => {
        if (isBegun) end(failed("TIMEOUT", `no whole answer within ${timeoutMs} ms`, true));
        else end(failed(timeoutCode(), `no answer within ${timeoutMs} ms`));
      };
      const timer = setTimeout(outOfTime, timeoutMs).unref();
      this.#underWay.add(close);
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (isOver) return;
        // The receiver has closed an idle connection at the moment it was taken up again: that says nothing about the receiver.
        const isStale = sent.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE") && !isSecondTry;
        settle(isStale ? this.#post(request, body, true) : failed(error.code ?? "ERROR", error.message, isBegun));
      });
      sent.on("response", (response) => {
        isBegun = true;
        readBody(response, (bytes) => {
          const { statusCode: status = 0, headers } = response;
          if (bytes === undefined) settle(failed("ECONNRESET", "the answer was cut off", true));
          else settle(readOtlpAnswer(signal, { status, headers, body: bytes }, request.items));
        });
      });
      writeInPieces(sent, body);
    });
  }
}

function failed(code: string, message: string, isCutOff = false): SendOutcome {
  return { kind: "retry", failure: { code, message, ...(isCutOff ? { isCutOff } : undefined) } };
}

/**
 * Calls `done` with the first bytes of an answer, or with nothing when its end does not come: the receiver, or something on the way,
 * went away. What `done` is called with later says nothing new.
 */
function readBody(response: IncomingMessage, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < MAX_ANSWER_BYTES) return;
    done(Buffer.concat(chunks));
    // A longer answer is cut off, and its connection with it.
    response.destroy();
  });
  response.on("end", () => done(Buffer.concat(chunks)));
  for (const event of ["error", "close"]) response.on(event, () => done(undefined));
}

function compressed(bytes: Uint8Array): Promise<Uint8Array> {
  return compress(bytes, { level: constants.Z_BEST_SPEED });
}
