// One HTTP request whose every outcome is of interest: status, headers and errors as they are, nothing followed, nothing repeated.
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { type TimeoutCode, watchTimeoutCode } from "@tracebook/exporters";
import type { NameLookup } from "./name-lookup.ts";
import type { TlsTrust } from "./service-environment.ts";

/** What is asked. */
export interface HttpProbe {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** After so many milliseconds it is over, whatever has come by then. */
  readonly timeoutMs: number;
  readonly trust: TlsTrust;
  readonly names: NameLookup;
  /** So much of an answer is read. Default 65,536 bytes. */
  readonly maxBodyBytes?: number | undefined;
}

/** An answer, or at least its head. */
export interface ProbeAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As far as it has come. */
  readonly body: Buffer;
  /** The whole body has come, or as much of it as is read. */
  readonly isComplete: boolean;
  /** Why the rest has not come, as in `ProbeFailure`; `ECONNRESET` when the connection ended before it. */
  readonly incompleteCode: string | undefined;
  /** Wall-clock times: the request left after the first, the head of the answer was here at the second. */
  readonly sentEpochMs: number;
  readonly answeredEpochMs: number;
  readonly durationMs: number;
}

/** No answer. */
export interface ProbeFailure {
  readonly kind: "failure";
  /** Of the system, TLS or the HTTP parser; or `NO_ADDRESS`, `NO_CONNECTION`, `TIMEOUT` by how far it came in time. */
  readonly code: string;
  readonly message: string;
  /** What came instead of HTTP. */
  readonly firstBytes: Buffer | undefined;
  readonly durationMs: number;
}

type AnswerHead = Omit<ProbeAnswer, "body" | "isComplete" | "incompleteCode">;

const MAX_BODY_BYTES = 65_536;

/** Sends a request and says how it ended. Never rejects; takes `timeoutMs` at most. */
export function probeHttp(probe: HttpProbe): Promise<ProbeAnswer | ProbeFailure> {
  return new Promise((resolve) => {
    try {
      new Probing(probe, resolve);
    } catch (error) {
      // A header that Node.js refuses, for one.
      const { code = "ERROR", message } = error as NodeJS.ErrnoException;
      resolve({ kind: "failure", code, message, firstBytes: undefined, durationMs: 0 });
    }
  });
}

const CLOSED: NodeJS.ErrnoException = Object.assign(new Error("closed"), { code: "ECONNRESET" });

class Probing {
  readonly #resolve: (result: ProbeAnswer | ProbeFailure) => void;
  readonly #request: ClientRequest;
  readonly #timer: NodeJS.Timeout;
  readonly #startedMs = performance.now();
  readonly #maxBodyBytes: number;
  readonly #timeoutCode: () => TimeoutCode;
  #sentEpochMs = Date.now();
  #head: AnswerHead | undefined;
  #chunks: Buffer[] = [];
  #bodyBytes = 0;

  constructor(probe: HttpProbe, resolve: (result: ProbeAnswer | ProbeFailure) => void) {
    const url = new URL(probe.url);
    this.#resolve = resolve;
    this.#maxBodyBytes = probe.maxBodyBytes ?? MAX_BODY_BYTES;
    const { rejectUnauthorized, ca } = probe.trust;
    const tls = url.protocol === "https:" ? { rejectUnauthorized, ...(ca === undefined ? undefined : { ca }) } : {};
    const make = url.protocol === "https:" ? httpsRequest : httpRequest;
    const headers = { ...probe.headers, connection: "close" };
    this.#request = make(url, { method: probe.method, headers, agent: false, lookup: probe.names.lookup, ...tls });
    this.#timeoutCode = watchTimeoutCode(this.#request, url.hostname);
    this.#timer = setTimeout(() => this.#outOfTime(probe.timeoutMs), probe.timeoutMs);
    this.#request.on("socket", (socket) => this.#watch(socket));
    this.#request.on("response", (response) => this.#answered(response));
    this.#request.on("error", (error) => this.#failed(error));
    // With an answer there, that says how it ends.
    this.#request.on("close", () => this.#head === undefined && this.#failed(CLOSED));
    this.#request.end(probe.body);
  }

  #watch(socket: Socket): void {
    for (const event of ["connect", "secureConnect"])
      socket.once(event, () => {
        this.#sentEpochMs = Date.now();
      });
  }

  #answered(response: IncomingMessage): void {
    this.#head = {
      kind: "answer",
      status: response.statusCode ?? 0,
      headers: response.headers,
      sentEpochMs: this.#sentEpochMs,
      answeredEpochMs: Date.now(),
      durationMs: performance.now() - this.#startedMs,
    };
    response.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk.subarray(0, this.#maxBodyBytes - this.#bodyBytes));
      this.#bodyBytes += chunk.length;
      if (this.#bodyBytes >= this.#maxBodyBytes) this.#complete();
    });
    response.on("end", () => this.#complete());
    for (const event of ["error", "close"]) response.on(event, () => this.#failed(CLOSED));
  }

  #outOfTime(timeoutMs: number): void {
    const code = this.#timeoutCode();
    this.#failed(Object.assign(new Error(`nothing within ${timeoutMs} ms`), { code }));
  }

  #complete(): void {
    if (this.#head !== undefined) this.#settle(this.#answer(this.#head, undefined));
  }

  /** With the head of an answer there, it is an answer all the same. */
  #failed(error: NodeJS.ErrnoException & { rawPacket?: unknown }): void {
    if (this.#head !== undefined) return this.#settle(this.#answer(this.#head, error.code ?? "ERROR"));
    const { rawPacket } = error;
    this.#settle({
      kind: "failure",
      code: error.code ?? "ERROR",
      message: error.message,
      firstBytes: Buffer.isBuffer(rawPacket) ? rawPacket : undefined,
      durationMs: performance.now() - this.#startedMs,
    });
  }

  #answer(head: AnswerHead, incompleteCode: string | undefined): ProbeAnswer {
    return { ...head, body: Buffer.concat(this.#chunks), isComplete: incompleteCode === undefined, incompleteCode };
  }

  /** The first call counts. */
  #settle(result: ProbeAnswer | ProbeFailure): void {
    clearTimeout(this.#timer);
    this.#request.destroy();
    this.#resolve(result);
  }
}
