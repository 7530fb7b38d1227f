/** Who may trade: the API key, the HMAC signature, and the time window of a signed request. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Rejection, rejections } from "./rejection.ts";
import type { RequestParameters } from "./request-parameters.ts";

/** The one account's key and secret. They open nothing but this paper exchange. */
export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What of a request proves that it is genuine. */
export interface SignedRequest {
  readonly apiKey: string | undefined;
  readonly parameters: RequestParameters;
  /** When it arrived, in milliseconds since 1970 on the exchange's clock. */
  readonly receivedMs: number;
}

const DEFAULT_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;
/** How far ahead of the exchange a client's clock may be, fixed by Binance. */
const MAX_AHEAD_MS = 1_000;

/** `undefined` for a genuine request; otherwise what is wrong, in the order in which Binance looks. */
export function checkSigned(request: SignedRequest, credentials: Credentials): Rejection | undefined {
  const { apiKey, parameters, receivedMs } = request;
  if (apiKey === undefined || !/^[\w-]{1,128}$/.test(apiKey)) return rejections.badKeyFormat;
  if (!sameText(apiKey, credentials.apiKey)) return rejections.unknownKey;
  const signature = parameters.values.get("signature");
  if (signature === undefined || signature === "") return rejections.missing("signature");
  const expected = createHmac("sha256", credentials.apiSecret).update(parameters.signedText).digest("hex");
  if (!sameText(signature.toLowerCase(), expected)) return rejections.badSignature;
  return checkWindow(parameters.values, receivedMs);
}

function checkWindow(values: ReadonlyMap<string, string>, receivedMs: number): Rejection | undefined {
  const timestamp = toWhole(values.get("timestamp"));
  if (timestamp === undefined) return rejections.missing("timestamp");
  const sent = values.get("recvWindow");
  const windowMs = sent === undefined ? DEFAULT_WINDOW_MS : toWhole(sent);
  if (windowMs === undefined) return rejections.missing("recvWindow");
  if (windowMs > MAX_WINDOW_MS) return rejections.windowTooLong;
  if (timestamp >= receivedMs + MAX_AHEAD_MS) return rejections.aheadOfServer;
  return receivedMs - timestamp > windowMs ? rejections.outsideWindow : undefined;
}

function toWhole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Compares without telling by the time it takes how much was right. */
function sameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
