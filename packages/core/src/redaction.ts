// Redaction: takes secrets out of names, values, texts, URLs and headers before anything is stored or sent.
import { createSecretKeys, isPlainSeed } from "./secret-keys.ts";
import { isKeyMaterial, REDACTED } from "./secret-material.ts";
import { isHeaderName, scrubText } from "./secret-text.ts";

/** Takes secrets out. Never throws; the same string comes back when there was nothing to take. */
export interface Redactor {
  /** True when values under this name are secrets: `apiKey`, `X-MBX-APIKEY`, `client_secret`; not `token_id`. Cost: a map lookup. */
  isSecretKey(key: string): boolean;
  /** True for secret names that only headers have: in a list of texts the next one is its value. */
  isSecretHeader(name: string): boolean;
  /**
   * Replaces the secrets inside a text by `[REDACTED]`: PEM blocks, JSON Web Tokens, AWS key ids, `Bearer` and `Basic` credentials, passwords
   * and keys in URLs, `name=value` and `"name":"value"` with secret names (also escaped, percent-encoded or in base64), wallet mnemonics.
   *
   * Texts beyond 65,536 characters are cut there and end in `…[cut N]`. Cost: about 50 ns for a short text without secrets, linear otherwise.
   */
  text(value: string): string;
  /** `text` for a value under a name: all of it when the name is secret, and what looks like a key when the name is suspicious. */
  textUnder(key: string, value: string): string;
  /** A URL without passwords, secret parameters and keys in the path. Also takes relative URLs. */
  url(value: string): string;
  /** Headers without secret values, as plain data; takes `Headers`, a map, pairs, Node's raw list, or an object. Names stay as given. */
  headers(headers: HeadersLike): Record<string, string | string[]>;
}

/** What carries headers. */
export type HeadersLike =
  | Iterable<readonly [string, unknown]>
  | readonly string[]
  | Readonly<Record<string, unknown>>
  | { forEach(visit: (value: string, name: string) => void): void };

/** Options of {@link createRedactor}. */
export interface RedactorOptions {
  /** Names whose values are secrets too, in any case and with any separators; part of a longer name as well. Default: none. */
  readonly keys?: readonly string[];
}

const MAX_UNITS = 65_536;
/** Texts of so many characters, in which nothing was found, are known when they come again: names and ids that stand in every record. */
const KNOWN_UNITS = 64;
const KNOWN_TEXTS = 64;
// A secret that the cut went through is not recognised: this much before the cut is thrown away.
const UNSURE_UNITS = 4096;

/** Makes a redactor. Throws a TypeError when one of `keys` is not a name. */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const keys = createSecretKeys(options.keys);
  const scrub = (value: string): string => {
    if (value.length <= MAX_UNITS) return scrubText(value, keys);
    const kept = scrubText(value.slice(0, MAX_UNITS), keys).slice(0, -UNSURE_UNITS);
    return `${kept}…[cut ${value.length - MAX_UNITS + UNSURE_UNITS}]`;
  };
  const text = rememberInnocent(scrub);
  const isSecretKey = (key: string): boolean => keys.classOf(key) >= 2;
  const textUnder = (key: string, value: string): string => {
    const found = keys.classOf(key);
    if (found >= 2) return value === "" || isPlainSeed(key, value) ? value : REDACTED;
    return found === 1 && isKeyMaterial(value) ? REDACTED : text(value);
  };
  return {
    isSecretKey,
    isSecretHeader: (name) => isHeaderName(name) && isSecretKey(name),
    text,
    textUnder,
    url: text,
    headers: (headers) => redactHeaders(headers, textUnder),
  };
}

/** The same function, fast for the few texts that come again and again. */
function rememberInnocent(scrub: (value: string) => string): (value: string) => string {
  const known = new Array<string>(KNOWN_TEXTS).fill("");
  // What comes once is not kept: a text may keep the much longer one alive that it was cut from.
  const prints = new Int32Array(KNOWN_TEXTS);
  return (value) => {
    const { length } = value;
    if (length > KNOWN_UNITS || length === 0) return scrub(value);
    const print = (length << 21) ^ (value.charCodeAt(length - 1) << 7) ^ value.charCodeAt(length >> 1);
    const place = (print ^ (print >> 7) ^ (print >> 21)) & (KNOWN_TEXTS - 1);
    if (known[place] === value) return value;
    const clean = scrub(value);
    if (prints[place] !== print) prints[place] = print;
    else if (clean === value) known[place] = value;
    return clean;
  };
}

function redactHeaders(headers: HeadersLike, textUnder: Redactor["textUnder"]): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  try {
    for (const [name, value] of headerEntries(headers)) {
      const values = Array.isArray(value)
        ? value.map((item) => textUnder(name, String(item)))
        : textUnder(name, String(value));
      Object.defineProperty(kept, name, { value: values, enumerable: true, configurable: true, writable: true });
    }
  } catch {
    // A hostile carrier: what was read until here is all there is.
  }
  return kept;
}

function headerEntries(headers: HeadersLike): [string, unknown][] {
  if (Array.isArray(headers) && headers.every((item) => typeof item === "string")) {
    return Array.from({ length: headers.length >> 1 }, (_, i) => [String(headers[2 * i]), headers[2 * i + 1]]);
  }
  if (Symbol.iterator in headers)
    return Array.from(headers as Iterable<readonly [string, unknown]>, ([name, value]) => [String(name), value]);
  return Object.entries(headers);
}
