// How the URLs and headers of OTLP are read.
import { maskUrl } from "./config-masking.ts";
import { isPlainObject, parsePairs, showCount } from "./config-pair-parsers.ts";
import type { Parsed, ValueKind } from "./config-parsers.ts";

const URL_LIMIT = 2048;

/** An http(s) URL without credentials. With `none` allowed, that word (and an empty variable) switches off. */
export function httpUrl(expected: string, allowNone = false): ValueKind<string> {
  const accept = (given: unknown): Parsed<string> => {
    if (typeof given !== "string") return { why: "" };
    if (allowNone && given.trim().toLowerCase() === "none") return { value: "none" };
    return parseUrl(given);
  };
  const kind: ValueKind<string> = { expected, secrecy: "url", parse: accept, accept, show: maskUrl };
  return allowNone ? { ...kind, empty: "none" } : kind;
}

function parseUrl(text: string): Parsed<string> {
  if (text.length > URL_LIMIT) return { why: `it is longer than ${URL_LIMIT} characters` };
  // The URL parser would drop line breaks and repair the rest in silence.
  if (!/^https?:\/\/[^/\\\s]/i.test(text) || /[\s\p{C}\\]/u.test(text) || !URL.canParse(text)) return { why: "" };
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || /^[^?#]*@/.test(text)) {
    return { why: "it holds credentials: put them into TELEMETRY_OTLP_HEADERS" };
  }
  url.hash = "";
  return { value: url.href };
}

/** The URL of a signal below a base URL, as the OTLP exporter specification builds it. */
export function signalUrl(base: string, signal: "traces" | "metrics" | "logs"): string {
  const url = new URL(base);
  // Some give the URL of one signal where the base is asked for: its path is taken off again.
  const path = url.pathname.replace(/\/v1\/(?:traces|metrics|logs)\/?$/, "");
  url.pathname = `${path.endsWith("/") ? path.slice(0, -1) : path}/v1/${signal}`;
  return url.href;
}

/** Header names and values. */
export type OtlpHeaders = Readonly<Record<string, string>>;

const HEADER_LIMIT = 64;
const HEADER_VALUE_LIMIT = 8192;
// RFC 9110, section 5.6.2 (token) and section 5.5 (field value).
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** OtlpHeaders as a JSON object (in code: an object). What is wrong is told by position: a name may be a misplaced secret, too. */
export const jsonHeadersKind: ValueKind<OtlpHeaders> = {
  expected: 'a JSON object of header names and texts, like {"authorization":"Bearer ..."}',
  secrecy: "secret",
  parse(text) {
    try {
      return acceptHeaders(JSON.parse(text));
    } catch {
      return { why: "it is not JSON" };
    }
  },
  accept: acceptHeaders,
  show: showCount("header"),
};

/** The same as OpenTelemetry writes it: `name=value,name=value`, percent-encoded. */
export const listedHeadersKind: ValueKind<OtlpHeaders> = {
  ...jsonHeadersKind,
  expected: "a list of header=value, percent-encoded",
  parse(text) {
    const pairs = parsePairs(text);
    return "why" in pairs ? pairs : acceptHeaders(Object.fromEntries(pairs.value));
  },
};

function acceptHeaders(value: unknown): Parsed<OtlpHeaders> {
  if (!isPlainObject(value)) return { why: "" };
  const entries = Object.entries(value);
  if (entries.length > HEADER_LIMIT) return { why: `it has more than ${HEADER_LIMIT} headers` };
  for (const [index, [name, content]] of entries.entries()) {
    const which = `header ${index + 1}`;
    if (!HEADER_NAME.test(name)) return { why: `the name of ${which} holds characters that no header name may hold` };
    if (typeof content !== "string") return { why: `the value of ${which} is not text` };
    if (/[\r\n]/.test(content)) return { why: `the value of ${which} holds a line break` };
    if (content.trim() === "") return { why: `the value of ${which} is empty` };
    if (content.length > HEADER_VALUE_LIMIT || !HEADER_VALUE.test(content)) {
      return { why: `the value of ${which} is too long or holds characters that no header may hold` };
    }
  }
  return { value: Object.freeze(Object.fromEntries(entries as [string, string][])) };
}
