/** A client's side of the signed endpoints, for tests: builds, signs and sends requests as Binance documents it. */
import { createHmac } from "node:crypto";

/** An answer of a REST endpoint. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** What to send, and how. */
export interface SignedRequestOptions {
  readonly url: string;
  readonly method?: "POST" | "GET";
  readonly parameters: Readonly<Record<string, string>>;
  readonly apiKey?: string | undefined;
  readonly apiSecret?: string;
  /** Put the parameters into the query string instead of the body. */
  readonly inQuery?: boolean;
}

/** Parameters as text with their signature last. */
function sign(parameters: Readonly<Record<string, string>>, apiSecret: string): string {
  const text = new URLSearchParams(parameters).toString();
  return `${text}&signature=${createHmac("sha256", apiSecret).update(text).digest("hex")}`;
}

/** Sends a signed request with the key and secret `paper-key` and `paper-secret` unless told otherwise. */
export async function sendSigned(options: SignedRequestOptions): Promise<TestAnswer> {
  const { url, method = "POST", parameters, apiSecret = "paper-secret", inQuery = method === "GET" } = options;
  const apiKey = "apiKey" in options ? options.apiKey : "paper-key";
  const signed = sign(parameters, apiSecret);
  const headers: Record<string, string> = { "Content-Type": "application/x-www-form-urlencoded" };
  if (apiKey !== undefined) headers["X-MBX-APIKEY"] = apiKey;
  return inQuery ? send(`${url}?${signed}`, { method, headers }) : send(url, { method, headers, body: signed });
}

/** Any request, its answer parsed as JSON. */
export async function send(url: string, init: RequestInit = {}): Promise<TestAnswer> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: await response.json() };
}
