// Where a name ends and its value begins and ends: `name=value`, `name: value`, JSON at any depth of escaping.
import { isIn, REDACTED, skipTo, toCodeTable } from "./secret-material.ts";

/** A name in front of a separator. */
export interface KeyBefore {
  readonly name: string;
  /** The word before the name, when one space lies between: `private` of `private key`. Empty when there is none. */
  readonly before: string;
  /** True for `"name"`, also with escaped quotes. */
  readonly isQuoted: boolean;
}

// Longer names are cut from the left; the words that count are at the end of a name.
const KEY_UNITS = 64;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// Names of fields, headers, attributes and form fields.
const KEY = toCodeTable(`${LETTERS}_-.$[]`);
const QUOTE = toCodeTable("\"'`");
const BLANK = toCodeTable(" \t");
const SPACE = toCodeTable(" \t\n\r");
const LINE_END = toCodeTable("\n\r\"'`\\");
const JSON_END = toCodeTable(" \t\n\r,}]\"'\\");
const BARE_END = toCodeTable(" \t\n\r&\"'`<>");
const LIST_MARK = toCodeTable(",;|");
const CLOSING = toCodeTable(",;.)]}");
const DENSE = toCodeTable(`${LETTERS}+/_-`);
const BACKSLASH = 0x5c;

/** The name that ends before the separator at `at`, read backwards but not before `floor`. Cost: bounded. */
export function keyBefore(text: string, at: number, floor: number): KeyBefore | undefined {
  let end = at;
  while (end > floor && end > at - 8 && isIn(BLANK, text.charCodeAt(end - 1))) end--;
  let isQuoted = false;
  for (let steps = 0; steps < 16 && end > floor; steps++) {
    const code = text.charCodeAt(end - 1);
    if (isIn(QUOTE, code)) isQuoted = true;
    else if (code !== BACKSLASH) break;
    end--;
  }
  let start = end;
  while (start > floor && end - start < KEY_UNITS && isIn(KEY, text.charCodeAt(start - 1))) start--;
  if (start === end || text.endsWith(REDACTED, end)) return undefined;
  let word = start;
  if (!isQuoted && start - 1 > floor && text.charCodeAt(start - 1) === 0x20) {
    word = start - 1;
    while (word > floor && start - word < 16 && isIn(KEY, text.charCodeAt(word - 1))) word--;
  }
  return { name: text.slice(start, end), before: word < start ? text.slice(word, start - 1) : "", isQuoted };
}

/** Where a value is, and what to put around its replacement so that JSON stays JSON. */
export interface ValueSpan {
  readonly from: number;
  readonly to: number;
  /** True when quotes stand around it (they are outside the span). */
  readonly isQuoted: boolean;
  readonly quote: string;
}

/** How the value is written. */
export interface ValueStyle {
  /** Without quotes the value reaches to the end of the line: header lines. */
  readonly isWholeLine: boolean;
  /** The name stands in quotes: the text is JSON, and a bare value ends where JSON's do. */
  readonly isNamedInQuotes: boolean;
}

/** The value that begins at or shortly after `start`; undefined when there is none. Cost: linear in the length of the value. */
export function toValueSpan(text: string, start: number, style: ValueStyle): ValueSpan | undefined {
  const from = skipTo(text, start, SPACE, true, Math.min(text.length, start + 16));
  let slashes = 0;
  while (text.charCodeAt(from + slashes) === BACKSLASH && slashes < 16) slashes++;
  const code = text.charCodeAt(from + slashes);
  if (isIn(QUOTE, code)) {
    const open = from + slashes + 1;
    return { from: open, to: closingQuote(text, open, code, slashes), isQuoted: true, quote: "" };
  }
  const quote = style.isNamedInQuotes ? quoteBefore(text, start) : "";
  const to = unquotedEnd(text, from, code, style, quote);
  return to === from ? undefined : { from, to, isQuoted: false, quote };
}

/** The letters, digits and base64 signs that begin at or shortly after `start`, quotes skipped. Cost: linear in their number. */
export function toMaterialSpan(text: string, start: number): ValueSpan {
  let from = skipTo(text, start, SPACE, true, Math.min(text.length, start + 16));
  while (from < start + 32 && (text.charCodeAt(from) === BACKSLASH || isIn(QUOTE, text.charCodeAt(from)))) from++;
  let to = skipTo(text, from, DENSE, true);
  while (to < text.length && text.charCodeAt(to) === 0x3d) to++;
  return { from, to, isQuoted: true, quote: "" };
}

function unquotedEnd(text: string, from: number, code: number, style: ValueStyle, quote: string): number {
  if (text.startsWith(REDACTED, from)) return from + REDACTED.length;
  if (code === 0x7b || code === 0x5b) return closingBracket(text, from, Math.max(quote.length - 1, 0));
  if (style.isNamedInQuotes) return skipTo(text, from, JSON_END);
  return style.isWholeLine ? skipTo(text, from, LINE_END) : bareEnd(text, from);
}

/** The place of the quote that closes: `slashes` deep in escapes, it has as many backslashes before it, and escaped ones before those. */
function closingQuote(text: string, open: number, quote: number, slashes: number): number {
  let run = 0;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) run++;
    else {
      if (code === quote && run % (2 * (slashes + 1)) === slashes) return at - slashes;
      run = 0;
    }
  }
  return text.length;
}

/** The place after the bracket that closes the one at `from`; brackets in strings, whose quotes are escaped `slashes` deep, do not count. */
function closingBracket(text: string, from: number, slashes: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isIn(QUOTE, code)) at = closingQuote(text, at + 1, code, slashes) + slashes;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return at + 1;
  }
  return text.length;
}

/** A value without quotes ends at white space, `&`, a quote or an angle bracket, and at `,` `;` `|` when a name follows. */
function bareEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isIn(BARE_END, text.charCodeAt(at))) {
    if (isIn(LIST_MARK, text.charCodeAt(at)) && startsName(text, at + 1)) break;
    at++;
  }
  // The scheme of a credential is not the credential.
  if (
    text.charCodeAt(at) === 0x20 &&
    /^(?:bearer|basic|token|digest)$/i.test(text.slice(from, Math.min(at, from + 8)))
  ) {
    return bareEnd(text, at + 1);
  }
  // Punctuation of the sentence around it, and brackets it did not open.
  while (at > from && isIn(CLOSING, text.charCodeAt(at - 1)) && !text.endsWith(REDACTED, at)) at--;
  return at;
}

/** True when `name=` or `name:` follows, after at most a space. */
function startsName(text: string, from: number): boolean {
  const start = text.charCodeAt(from) === 0x20 ? from + 1 : from;
  const at = skipTo(text, start, KEY, true, Math.min(text.length, start + 32));
  const code = text.charCodeAt(at);
  return at > start && (code === 0x3d || code === 0x3a);
}

/** The quotes, with their backslashes, that end before the separator before `start`. */
function quoteBefore(text: string, start: number): string {
  return /(\\{0,15}["'`])\s{0,8}[:=,]?>?$/.exec(text.slice(Math.max(start - 32, 0), start))?.[1] ?? '"';
}
