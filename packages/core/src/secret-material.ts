// What a secret looks like when no name gives it away: tokens with known beginnings, key material, base64 that hides text.

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = "abcdefghijklmnopqrstuvwxyz";

/** What stands where a secret was. */
export const REDACTED = "[REDACTED]";

/** ASCII letters, digits, `_` and `-`: what identifiers and tokens are made of. */
export const RUN: Uint8Array = toCodeTable(`${UPPER}${LOWER}0123456789_-`);

/** Runs shorter than this are never looked at: the shortest token with a known beginning (an AWS key id) has 20 characters. */
export const LEAST_RUN = 20;

/** A table of ASCII codes: 1 for those of `characters`. */
export function toCodeTable(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** True when the code is in the table; NaN (beyond the end of a text) and what is not ASCII never are. */
export function isIn(table: Uint8Array, code: number): boolean {
  return code < 128 && table[code] === 1;
}

/** The first place from `from` on, before `limit`, whose code is in the table (or, with `inside` true, is not). */
export function skipTo(text: string, from: number, table: Uint8Array, inside = false, limit = text.length): number {
  let at = from;
  while (at < limit && isIn(table, text.charCodeAt(at)) === inside) at++;
  return at;
}

/**
 * True when `text` may hold a token: a long run of letters and digits that begins as tokens do, or base64 of a text.
 *
 * Cost: looks at every twentieth character first, so that sentences cost next to nothing, and ids some tens of nanoseconds.
 */
export function mayHoldToken(text: string): boolean {
  let from = 0;
  let base64To = 0;
  for (let end = LEAST_RUN - 1; end < text.length; end = from + LEAST_RUN - 1) {
    let at = end;
    while (at >= from && isIn(RUN, text.charCodeAt(at))) at--;
    if (at >= from) {
      from = at + 1;
      continue;
    }
    if (startsToken(text, from) || isTextInBase64(text, from, from)) return true;
    // Several runs may be parts of one base64 text, whose beginning is looked at once.
    const isNew = from >= base64To;
    if (isNew && isIn(BASE64_SIGN, text.charCodeAt(from - 1)) && isTextInBase64(text, from)) return true;
    from = skipTo(text, end, RUN, true);
    if (isNew && isIn(BASE64_SIGN, text.charCodeAt(from))) base64To = base64End(text, from);
  }
  return false;
}

// First characters of what KNOWN_TOKEN knows; `eyJ` begins as base64 of a text does.
const TOKEN_STARTS = toCodeTable("AgxsrnhL");

function startsToken(text: string, from: number): boolean {
  if (isIn(TOKEN_STARTS, text.charCodeAt(from))) return true;
  // `bearer` in lower case is too common a word to be searched for; before a long run it announces a credential.
  return text.charCodeAt(from - 1) === 0x20 && /bearer $/i.test(text.slice(Math.max(from - 7, 0), from));
}

// Issuers mark their tokens so that scanners can find them.
const KNOWN_TOKEN =
  /^(?:(?:AKIA|ASIA)[A-Z0-9]{16}$|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk_(?:live|test)_|rk_live_|sk-|AIza[\w-]{35}$|npm_[A-Za-z0-9]{36}$|hf_[A-Za-z]{30}|xprv[a-zA-Z0-9]{100})/;

/** True for a run that begins as credentials of a known issuer do. `run` has at least {@link LEAST_RUN} characters. */
export function isKnownToken(run: string): boolean {
  return KNOWN_TOKEN.test(run) && /\d/.test(run);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HEX_KEY = /^(?:0x)?(?:[0-9a-f]{32,39}|[0-9a-f]{41,})$/i;
// Public addresses: EVM in hex, Solana and Bitcoin in base58 (no 0, O, I or l).
const ADDRESS = /^(?:0x[0-9a-f]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$/i;
const DENSE = /^[A-Za-z0-9+/_=-]{24,}$/;

/**
 * True for what may be a private key, an API key or a signature: hex of 32 digits and more, or mixed letters and digits.
 *
 * Only to be asked where a name is suspicious: a transaction hash looks the same. Ids (UUIDs, numbers) and public addresses are not.
 */
export function isKeyMaterial(value: string): boolean {
  if (value.length < 24 || value.length > 8192) return false;
  if (!/\D/.test(value) || UUID.test(value)) return false;
  if (HEX_KEY.test(value)) return true;
  if (isAddress(value)) return false;
  return DENSE.test(value) && /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
}

function isAddress(value: string): boolean {
  return ADDRESS.test(value) && (value.startsWith("0x") || !/[0OIl]/.test(value));
}

/** True for letters and digits mixed, long enough not to be a word: what follows `Bearer`, or stands in a path for a key. */
export function isOpaque(value: string): boolean {
  return (
    value.length >= 6 &&
    /^[\w.~+/=-]+$/.test(value) &&
    (/\d/.test(value) || value.length >= LEAST_RUN) &&
    !UUID.test(value)
  );
}

// The value of a base64 digit (either alphabet) plus one, 0 for other codes.
const DIGIT_VALUES = new Uint8Array(128);
for (const alphabet of [`${UPPER}${LOWER}0123456789+/`, `${UPPER}${LOWER}0123456789-_`]) {
  for (let i = 0; i < 64; i++) DIGIT_VALUES[alphabet.charCodeAt(i)] = i + 1;
}

// What base64 has and runs have not.
const BASE64_SIGN = toCodeTable("+/");
const BASE64 = toCodeTable(`${UPPER}${LOWER}0123456789+/_-`);

/** Where the base64 around `from` begins, not before `floor`: runs end at `+` and `/`, base64 does not. */
export function base64Start(text: string, from: number, floor: number): number {
  let start = from;
  while (start > floor && isIn(BASE64, text.charCodeAt(start - 1))) start--;
  return start;
}

/** Where the base64 that goes on at `from` ends, its padding included. */
export function base64End(text: string, from: number): number {
  let end = skipTo(text, from, BASE64, true);
  while (text.charCodeAt(end) === 0x3d) end++;
  return end;
}

/**
 * True when the base64 around `from` begins with nine printable characters.
 *
 * Ids pass in one case of ten thousand, and most fail at the first byte.
 */
export function isTextInBase64(text: string, from: number, floor = 0): boolean {
  let at = base64Start(text, from, floor);
  for (let group = 0; group < 3; group++, at += 4) {
    let bits = 0;
    for (let i = 0; i < 4; i++) {
      const code = text.charCodeAt(at + i);
      const value = code < 128 ? (DIGIT_VALUES[code] as number) : 0;
      if (value === 0) return false;
      bits = (bits << 6) | (value - 1);
    }
    if (!isPrintable(bits >> 16) || !isPrintable((bits >> 8) & 0xff) || !isPrintable(bits & 0xff)) return false;
  }
  return true;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

const PRINTABLE = /^[\t\n\r\x20-\x7e]+$/;
// Only this much of a base64 text is decoded.
const DECODED_UNITS = 16_384;

/** The text that `base64` (either alphabet, padding optional) encodes, or undefined when it is not printable ASCII. */
export function decodeText(base64: string): string | undefined {
  const plain = base64.slice(0, DECODED_UNITS).replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  try {
    const text = atob(plain.length % 4 === 1 ? plain.slice(0, -1) : plain);
    return PRINTABLE.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
