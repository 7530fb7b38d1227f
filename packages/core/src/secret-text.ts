// Finds secrets inside texts: one pass over the characters, no backtracking, no pattern that could run away.
import { hasMnemonic, replaceMnemonics } from "./mnemonic.ts";
import { isPlainSeed, type KeyClass, type SecretKeys } from "./secret-keys.ts";
import {
  base64End,
  base64Start,
  decodeText,
  isIn,
  isKeyMaterial,
  isKnownToken,
  isOpaque,
  isTextInBase64,
  LEAST_RUN,
  mayHoldToken,
  REDACTED,
  RUN,
  skipTo,
  toCodeTable,
} from "./secret-material.ts";
import { keyBefore, toMaterialSpan, toValueSpan, type ValueSpan } from "./secret-span.ts";
import { authorityEnd, passwordSpan, pathEnd, pathSpans } from "./secret-url.ts";

// Texts inside texts (a URL in a query string, JSON in base64) are followed this deep.
const MAX_DEPTH = 3;

const EQUALS = 0x3d;
const COLON = 0x3a;
const PERCENT = 0x25;
const SPACE = 0x20;
const COMMA = 0x2c;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const CREDENTIAL = toCodeTable(`${LETTERS}_.~+/=-`);
const DOTTED = toCodeTable(`${LETTERS}_.-`);
// What ends a percent-encoded value on its right, and on its left.
const ENCODED_END = toCodeTable(" \t\n\r\"'<>&;,");
const ENCODED_START = toCodeTable(" \t\n\r\"'<>&;,?=");

/** Replaces the secrets in `text`; the same string when there are none. Cost: linear. */
export function scrubText(text: string, keys: SecretKeys, depth = 0): string {
  if (isInnocent(text)) return text;
  const worded = hasMnemonic(text) ? replaceMnemonics(text, REDACTED) : text;
  return new TextScan(worded, keys, depth).run();
}

// One class of characters is searched several at a time; alternatives are not. So the few that pass are looked at again.
const TRIGGER = /[=:%"B-]/;
const NAMED = /[=:%]|",|--|(?:Bearer|Basic|BEARER|BASIC) /;

/** True when nothing in the text can begin a secret: the answer for nearly every text, so it must be cheap. */
function isInnocent(text: string): boolean {
  if (text.length < 8) return true;
  if (TRIGGER.test(text) && NAMED.test(text)) return false;
  return !mayHoldToken(text) && !hasMnemonic(text);
}

class TextScan {
  readonly #text: string;
  readonly #keys: SecretKeys;
  readonly #depth: number;
  #out = "";
  /** Everything before this place is in `#out`. */
  #copied = 0;
  /** Where the run of identifier characters that is being read began. */
  #runStart = 0;
  /** Base64, and percent-encoded text, up to here were looked at. */
  #base64To = 0;
  #decodedTo = 0;
  /** Paths of URLs up to here were looked at. */
  #pathTo = 0;

  constructor(text: string, keys: SecretKeys, depth: number) {
    this.#text = text;
    this.#keys = keys;
    this.#depth = depth;
  }

  run(): string {
    const text = this.#text;
    let at = 0;
    while (at <= text.length) {
      const code = at < text.length ? text.charCodeAt(at) : SPACE;
      if (isIn(RUN, code)) at++;
      else {
        const next = this.#boundary(at, code);
        this.#runStart = next;
        at = next;
      }
    }
    return this.#copied === 0 ? text : this.#out + text.slice(this.#copied);
  }

  /** Looks at what ends, and what begins, at a character that belongs to no run. Returns where to go on. */
  #boundary(at: number, code: number): number {
    const ended = this.#runEnd(at, code);
    if (ended > at) return ended;
    if (code === EQUALS || code === COLON) return this.#separator(at, code);
    if (code === PERCENT && this.#depth < MAX_DEPTH) return this.#percent(at);
    if (code === COMMA) return this.#listed(at);
    return at + 1;
  }

  #replace(from: number, to: number, mark: string): number {
    this.#out += this.#text.slice(this.#copied, from) + mark;
    this.#copied = to;
    return to;
  }

  /** The run before `at`: a token, base64, the first line of a PEM block, or a word that announces a credential. */
  #runEnd(at: number, code: number): number {
    const from = this.#runStart;
    const length = at - from;
    if (length < 5) return at;
    if (code === SPACE) {
      const end = this.#announced(from, at);
      if (end > at) return end;
    }
    return length >= LEAST_RUN ? this.#token(from, at) : at;
  }

  /** `-----BEGIN `, `Bearer `, `Basic `, `--api-key `: the secret comes after the space. */
  #announced(from: number, at: number): number {
    const text = this.#text;
    if (text.startsWith("-----BEGIN", at - 10)) return this.#pem(at - 10);
    const word = text.slice(from, Math.min(at, from + 70));
    if (word.startsWith("--")) {
      const flag = this.#keys.classOf(word.slice(2));
      if (isPlainSeed(word, /^ {1,8}(\d{1,15})(?!\w)/.exec(text.slice(at, at + 26))?.[1])) return at;
      return flag >= 2 ? this.#value(at, flag, false, false) : at;
    }
    const lower = word.length <= 6 ? word.toLowerCase() : "";
    if (lower !== "bearer" && lower !== "basic") return at;
    let start = at;
    while (text.charCodeAt(start) === SPACE && start < at + 8) start++;
    const end = skipTo(text, start, CREDENTIAL, true);
    const credential = text.slice(start, end);
    const isSecret = lower === "bearer" ? isOpaque(credential) : (decodeText(credential)?.includes(":") ?? false);
    return isSecret ? this.#replace(start, end, REDACTED) : at;
  }

  /** A block that has no end is a secret to the end of the text: it was cut. */
  #pem(from: number): number {
    const footer = this.#text.indexOf("-----END", from + 10);
    const end = footer < 0 ? -1 : this.#text.indexOf("-----", footer + 8);
    return this.#replace(Math.max(from, this.#copied), end < 0 ? this.#text.length : end + 5, REDACTED);
  }

  #token(from: number, to: number): number {
    const text = this.#text;
    const run = text.slice(from, Math.min(to, from + 128));
    if (isKnownToken(run)) return this.#replace(from, to, REDACTED);
    // The header of a JSON Web Token: base64 of `{"`, and more parts behind dots.
    if (run.startsWith("eyJ") && text.charAt(to) === "." && isIn(RUN, text.charCodeAt(to + 1))) {
      return this.#replace(from, skipTo(text, to, DOTTED, true), REDACTED);
    }
    return this.#base64(from, to);
  }

  /** Base64 that hides a text with secrets in it: the run alone (a part of a path), or all that looks like base64 around it. */
  #base64(from: number, to: number): number {
    const text = this.#text;
    if (this.#depth >= MAX_DEPTH) return to;
    if (isTextInBase64(text, from, from) && this.#hidesSecret(from, to)) return this.#replace(from, to, REDACTED);
    if (from < this.#base64To) return to;
    const end = base64End(text, to);
    const floor = Math.max(this.#copied, this.#base64To);
    this.#base64To = end;
    if (!isTextInBase64(text, from, floor)) return to;
    const start = base64Start(text, from, floor);
    return this.#hidesSecret(start, end) ? this.#replace(start, end, REDACTED) : to;
  }

  #hidesSecret(from: number, to: number): boolean {
    const decoded = decodeText(this.#text.slice(from, to));
    return decoded !== undefined && scrubText(decoded, this.#keys, this.#depth + 1) !== decoded;
  }

  /** `=` or `:` at `at`: a URL, or a name and its value. */
  #separator(at: number, code: number): number {
    const text = this.#text;
    if (code === COLON && text.startsWith("//", at + 1)) return this.#url(at + 3);
    const key = keyBefore(text, at, this.#copied);
    if (key === undefined) return at + 1;
    let found: KeyClass = this.#keys.classOf(key.name);
    // `private key: ...`, `seed phrase: ...`: in prose the word before belongs to the name.
    if (found < 3 && key.before !== "" && !key.isQuoted) {
      const joined = this.#keys.classOf(`${key.before}_${key.name}`);
      if (joined > found) found = joined;
    }
    if (found === 0) return at + 1;
    if (found === 2 && isPlainSeed(key.name, /^[\s"'\\]{0,8}(\d{1,15})(?!\w)/.exec(text.slice(at + 1, at + 26))?.[1]))
      return at + 1;
    let start = at + 1;
    // `key => value`, `key == value`
    if (code === EQUALS && /[>=]/.test(text.charAt(start))) start++;
    return this.#value(start, found, key.isQuoted, code === COLON);
  }

  /** Replaces the value that begins at `start`, if it is one that must not be seen. */
  #value(start: number, found: KeyClass, isNamedInQuotes: boolean, isColon: boolean): number {
    const text = this.#text;
    const isWholeLine = found === 4 && isColon && !isNamedInQuotes;
    // The first word tells, before the line is read: `{ cookie: undefined, host: 'x' }`, `authorization: missing`.
    if (isWholeLine && isNoValue(/^\s{0,16}([^\s"'`,;}\]]{0,16})/.exec(text.slice(start, start + 40))?.[1]))
      return start;
    const span = found === 1 ? toMaterialSpan(text, start) : toValueSpan(text, start, { isWholeLine, isNamedInQuotes });
    if (span === undefined || !this.#mustGo(span, found, isColon && !isNamedInQuotes)) return start;
    return this.#replace(span.from, span.to, span.quote + REDACTED + span.quote);
  }

  #mustGo(span: ValueSpan, found: KeyClass, isProse: boolean): boolean {
    const value = this.#text.slice(span.from, span.to);
    if (found === 1) return isKeyMaterial(value);
    if (value === REDACTED || EMPTY_VALUE.test(value)) return false;
    if (!isProse || span.isQuoted) return true;
    // A sentence about a secret is not the secret: `token: unexpected end`, `password: missing`, `secrets: 0 of 60`.
    return value.length > 2 && !(found === 2 ? /^[A-Za-z]{0,15}$/ : STATUS_WORD).test(value);
  }

  /** A percent sign: what is encoded around it may be a query string or JSON. */
  #percent(at: number): number {
    const text = this.#text;
    if (at < this.#decodedTo || !/^%[0-9A-Fa-f]{2}$/.test(text.slice(at, at + 3))) return at + 1;
    const floor = Math.max(this.#copied, this.#decodedTo);
    let from = this.#runStart;
    while (from > floor && !isIn(ENCODED_START, text.charCodeAt(from - 1))) from--;
    const to = skipTo(text, at, ENCODED_END);
    this.#decodedTo = to;
    const decoded = unescapePercent(text.slice(from, to));
    const scrubbed = scrubText(decoded, this.#keys, this.#depth + 1);
    if (scrubbed === decoded) return at + 1;
    return this.#replace(from, to, encodeURIComponent(scrubbed.toWellFormed()).replaceAll(ENCODED_MARK, REDACTED));
  }

  /** `"X-MBX-APIKEY","..."`: a list of headers as JSON, or `"name":"X-MBX-APIKEY","value":"..."`. */
  #listed(at: number): number {
    const text = this.#text;
    if (!/["']/.test(text.charAt(at - 1))) return at + 1;
    const key = keyBefore(text, at, this.#copied);
    if (key === undefined || !key.isQuoted || this.#keys.classOf(key.name) < 3) return at + 1;
    const pair = /^\s{0,8}\\{0,3}["']?value\\{0,3}["']?\s?:/.exec(text.slice(at + 1, at + 32));
    if (pair !== null) return this.#value(at + 1 + pair[0].length, 3, true, true);
    return isHeaderName(key.name) ? this.#value(at + 1, 3, true, true) : at + 1;
  }

  /** From the host of a URL on: the password before an `@`, keys in the path. The query is read as names and values. */
  #url(from: number): number {
    const text = this.#text;
    const end = authorityEnd(text, from);
    const password = passwordSpan(text, from, end);
    if (password !== undefined) this.#replace(password[0], password[1], REDACTED);
    // A URL in the path of another one was looked at with that.
    if (end < this.#pathTo) return end;
    this.#pathTo = pathEnd(text, end);
    let at = end;
    for (const span of pathSpans(text, end, this.#pathTo)) at = this.#replace(span[0], span[1], REDACTED);
    return at;
  }
}

const EMPTY_VALUE = /^(?:|null|undefined|none|nil|true|false)$/i;
const STATUS_WORD =
  /^(?:not|is|are|was|has|missing|invalid|required|must|expired|unset|empty|should|cannot|too|wrong|incorrect|mismatch|rejected|failed|unknown)$/i;
const ENCODED_MARK = encodeURIComponent(REDACTED);

function isNoValue(word: string | undefined): boolean {
  return word !== undefined && word !== "" && (EMPTY_VALUE.test(word) || STATUS_WORD.test(word));
}

/** True for names that only headers have: a list in which one is followed by a text is a list of headers. */
export function isHeaderName(name: string): boolean {
  return name.includes("-") || /^(?:authorization|cookie)$/i.test(name);
}

function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // A broken escape somewhere must not hide the others.
    return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}
