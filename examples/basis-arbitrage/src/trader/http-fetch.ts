/** The part of `fetch` the trader uses, so that tests and hosts can pass in another, and what its failures mean. */

/** A request, as `fetch` takes it. */
export interface HttpInit {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** An answer, as `fetch` gives it. */
export interface HttpAnswer {
  readonly status: number;
  text(): Promise<string>;
}

/** `globalThis.fetch` is one. */
export type HttpFetch = (url: string, init: HttpInit) => Promise<HttpAnswer>;

/** What went wrong on the way, from whatever `fetch` threw. */
export interface HttpFailure {
  readonly kind: "timeout" | "network";
  readonly message: string;
  /** True when no connection came about, so that the request cannot have arrived. */
  readonly isUnsent: boolean;
}

/** Codes of the platform for a connection that was never made. */
const UNSENT_CODES: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Reads a thrown value; `fetch` hides the reason in `cause`. */
export function toHttpFailure(error: unknown): HttpFailure {
  const name = nameOf(error);
  if (name === "TimeoutError" || name === "AbortError")
    return { kind: "timeout", message: "no answer in time", isUnsent: false };
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  const text = cause instanceof Error && cause.message !== "" ? cause.message : String(code ?? name);
  return { kind: "network", message: text.slice(0, 200), isUnsent: UNSENT_CODES.has(code) };
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : typeof error;
}

function codeOf(cause: unknown): unknown {
  return typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
}
