// How configured values may be printed: on one line, cut, and never a secret.

/** `plain` values are shown, `url` without credentials and query, `secret` not at all. */
export type Secrecy = "plain" | "url" | "secret";

const SHOWN_UNITS = 64;
const HIDDEN = "(hidden)";

// A key that was pasted into the wrong variable must not be printed either: better to hide too much than too little.
const SECRET_WORD =
  /secret|token|passw|passphrase|bearer|basic |api[-_. ]?key|access[-_. ]?key|private|authori[sz]ation|cookie|signature|credential|mnemonic/i;
const KEY_MATERIAL = /[A-Za-z0-9+/_=-]{24}|eyJ[A-Za-z0-9_-]{6}/;

/** Replaces whatever would break the line or command the terminal (controls, bidi marks, lone surrogates) by `\u{...}`. */
export function toOneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** At most 64 UTF-16 units of a text, on one line, quoted. */
export function quoteText(text: string): string {
  return `"${toOneLine(text.length > SHOWN_UNITS ? `${text.slice(0, SHOWN_UNITS)}...` : text)}"`;
}

/** A refused value as a message may show it. Never throws. */
export function showRefused(value: unknown, secrecy: Secrecy): string {
  if (secrecy === "secret") return HIDDEN;
  if (typeof value !== "string") return showRefusedNonText(value);
  if (secrecy === "url" || /:\/\/|@/.test(value)) return quoteText(maskUrl(value));
  return SECRET_WORD.test(value) || KEY_MATERIAL.test(value) ? HIDDEN : quoteText(value);
}

function showRefusedNonText(value: unknown): string {
  if (value === null || ["number", "boolean", "undefined"].includes(typeof value)) return String(value);
  if (Array.isArray(value)) return "a list";
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

/**
 * A URL without what may be secret in it: user name, password, query, fragment, and path segments that look like keys. A text
 * that is no proper http(s) URL is shown only when nothing in it can be a credential.
 */
export function maskUrl(text: string): string {
  const url = /^https?:\/\/[^\\\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  // A slash in a password ends the host early (`http://user:1/x@host`): then the rest of the password is in the path.
  if (url === undefined || /@|%40/.test(url.pathname + url.search + url.hash)) return maskText(text);
  const userInfo = url.username === "" && url.password === "" ? "" : "***@";
  const path = url.pathname === "/" ? "" : url.pathname.split("/").map(maskSegment).join("/");
  return `${url.protocol}//${userInfo}${url.host}${path}${url.search === "" ? "" : "?***"}`;
}

function maskSegment(segment: string): string {
  return KEY_MATERIAL.test(segment) || (segment.length >= 16 && /\d/.test(segment)) ? "***" : segment;
}

function maskText(text: string): string {
  if (!/[@?#=%\\]/.test(text) && !SECRET_WORD.test(text) && !KEY_MATERIAL.test(text)) return text;
  return `${/^[a-z][a-z0-9+.-]{0,15}:\/\//i.exec(text)?.[0] ?? ""}***`;
}
