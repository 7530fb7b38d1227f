// One HTTP request whose every outcome is of interest: status, headers and errors as they are, nothing followed, nothing repeated.
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
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

class Probing {
  readonly #resolve: (result: ProbeAnswer | ProbeFailure) => void;
  readonly #request: ClientRequest;
  readonly #timer: NodeJS.Timeout;
  readonly #startedMs = performance.now();
  readonly #maxBodyBytes: number;
  #sentEpochMs = Date.now();
  #reached: "nothing" | "address" | "connection";
  #head: Omit<ProbeAnswer, "body"> | undefined;
  #chunks: Buffer[] = [];
  #bodyBytes = 0;

  constructor(probe: HttpProbe, resolve: (result: ProbeAnswer | ProbeFailure) => void) {
    const url = new URL(probe.url);
    this.#resolve = resolve;
    this.#maxBodyBytes = probe.maxBodyBytes ?? MAX_BODY_BYTES;
    this.#reached = isIP(url.hostname.replace(/^\[|\]$/g, "")) === 0 ? "nothing" : "address";
    const { rejectUnauthorized, ca } = probe.trust;
    const tls = url.protocol === "https:" ? { rejectUnauthorized, ...(ca === undefined ? undefined : { ca }) } : {};
    const make = url.protocol === "https:" ? httpsRequest : httpRequest;
    const headers = { ...probe.headers, connection: "close" };
    this.#request = make(url, { method: probe.method, headers, agent: false, lookup: probe.names.lookup, ...tls });
    this.#timer = setTimeout(() => this.#outOfTime(probe.timeoutMs), probe.timeoutMs);
    this.#request.on("socket", (socket) => this.#watch(socket));
    this.#request.on("response", (response) => this.#answered(response));
    this.#request.on("error", (error) => this.#failed(error));
    this.#request.on("close", () => this.#failed(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    this.#request.end(probe.body);
  }

  #watch(socket: Socket): void {
    socket.once("lookup", (error: Error | null) => {
      if (this.#reached === "nothing" && error === null) this.#reached = "address";
    });
    for (const event of ["connect", "secureConnect"])
      socket.once(event, () => {
        this.#reached = "connection";
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
      if (this.#bodyBytes >= this.#maxBodyBytes) this.#settle();
    });
    // However the body ends: what counts has come.
    for (const event of ["end", "error", "close"]) response.on(event, () => this.#settle());
  }

  #outOfTime(timeoutMs: number): void {
    const codes = { nothing: "NO_ADDRESS", address: "NO_CONNECTION", connection: "TIMEOUT" } as const;
    this.#failed(Object.assign(new Error(`nothing within ${timeoutMs} ms`), { code: codes[this.#reached] }));
  }

  #failed(error: NodeJS.ErrnoException & { rawPacket?: unknown }): void {
    const { rawPacket } = error;
    this.#settle({
      kind: "failure",
      code: error.code ?? "ERROR",
      message: error.message,
      firstBytes: Buffer.isBuffer(rawPacket) ? rawPacket : undefined,
      durationMs: performance.now() - this.#startedMs,
    });
  }

  /** The first call counts. */
  #settle(failure?: ProbeFailure): void {
    const head = this.#head;
    clearTimeout(this.#timer);
    this.#request.destroy();
    if (head !== undefined) this.#resolve({ ...head, body: Buffer.concat(this.#chunks) });
    else if (failure !== undefined) this.#resolve(failure);
  }
}
