// Where the secrets of a URL are: the password before the host, and keys in the path.
import { isOpaque, skipTo, toCodeTable } from "./secret-material.ts";

/** A part of a text, from its first character to the one behind its last. */
export type Span = readonly [from: number, to: number];

const HOST_END = toCodeTable(" \t\n\r/?#\"'<>`\\");
const LOOSE_END = toCodeTable(" \t\n\r\"'<>`\\");
const PATH_END = toCodeTable(" \t\n\r?#\"'<>`\\");
// A path is only read this far.
const PATH_UNITS = 4096;

// Where services put keys: Telegram bots, listen keys of exchange streams, node providers, Slack and Discord webhooks.
const PATH_SECRETS =
  /(\/bot\d{6,12}:|\/(?:ws|stream|v[1-9])\/|\/services\/T\w{6,16}\/B\w{6,16}\/|\/webhooks\/\d{6,24}\/)([\w-]{20,})/g;

/** The end of what stands before the path of a URL whose host, or user, begins at `from`. */
export function authorityEnd(text: string, from: number): number {
  const end = skipTo(text, from, HOST_END);
  // `user:pa/ss@host`: not a valid URL, but what people write; a port would be digits.
  if (!/^(?!\[)[^:@]{0,64}:(?!\d{1,5}$)[^@]+$/.test(text.slice(from, end))) return end;
  const near = Math.min(text.length, end + 128);
  const at = text.slice(end, skipTo(text, end, LOOSE_END, false, near)).lastIndexOf("@");
  return at < 0 ? end : end + at + 1;
}

/** The password, or the token, before the `@` of an authority. */
export function passwordSpan(text: string, from: number, end: number): Span | undefined {
  const authority = text.slice(from, end);
  const at = authority.lastIndexOf("@");
  if (at <= 0) return undefined;
  const colon = authority.indexOf(":");
  if (colon >= 0 && colon + 1 < at) return [from + colon + 1, from + at];
  return isOpaque(authority.slice(0, at)) ? [from, from + at] : undefined;
}

/** Where the path that begins at `from` ends. */
export function pathEnd(text: string, from: number): number {
  return skipTo(text, from, PATH_END, false, Math.min(text.length, from + PATH_UNITS));
}

/** The keys in a path, in order. */
export function pathSpans(text: string, from: number, end: number): Span[] {
  const spans: Span[] = [];
  for (const found of text.slice(from, end).matchAll(PATH_SECRETS)) {
    const [, before, secret] = found as unknown as [string, string, string];
    const start = from + found.index + before.length;
    if (/\d/.test(secret) && isOpaque(secret)) spans.push([start, start + secret.length]);
  }
  return spans;
}
