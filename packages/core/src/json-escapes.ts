// Puts pieces of JSON into bytes: escaped strings as UTF-8, digits, hex.

/** 1 for the ASCII codes that a JSON string holds as they are: printable, no quote, no backslash. */
export const PLAIN: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c ? 1 : 0,
);

// The character after the backslash for the codes that have a short escape, 0 for the others.
const SHORT_ESCAPES = new Uint8Array(128);
for (const [code, letter] of [
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x22, '"'],
  [0x5c, "\\"],
] as const) {
  SHORT_ESCAPES[code] = letter.charCodeAt(0);
}

const DIGITS = "0123456789abcdef";

// Two lower-case hex digits for each byte, the first in the upper eight bits.
const HEX_PAIRS = Uint16Array.from(
  { length: 256 },
  (_, byte) => (DIGITS.charCodeAt(byte >> 4) << 8) | DIGITS.charCodeAt(byte & 15),
);

/** Puts the eight hex digits of a 32-bit word at `at`; returns the place after them. */
export function putHexWord(bytes: Uint8Array, at: number, word: number): number {
  const a = HEX_PAIRS[word >>> 24] as number;
  const b = HEX_PAIRS[(word >>> 16) & 0xff] as number;
  const c = HEX_PAIRS[(word >>> 8) & 0xff] as number;
  const d = HEX_PAIRS[word & 0xff] as number;
  bytes[at] = a >> 8;
  bytes[at + 1] = a;
  bytes[at + 2] = b >> 8;
  bytes[at + 3] = b;
  bytes[at + 4] = c >> 8;
  bytes[at + 5] = c;
  bytes[at + 6] = d >> 8;
  bytes[at + 7] = d;
  return at + 8;
}

/**
 * Puts the inside of a JSON string at `start`; returns the place after it. At most six bytes a character.
 *
 * Escaped are quotes, backslashes, control characters (C1 and DEL too: terminals obey them), and the line separators U+2028 and U+2029;
 * a lone surrogate becomes U+FFFD, because UTF-8 cannot hold it.
 */
export function putEscaped(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x7f && PLAIN[code] === 1) bytes[at++] = code;
    else if (code < 0xa0 || code === 0x2028 || code === 0x2029) at = putEscape(bytes, at, code);
    else if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
      bytes[at++] = 0x80 | (code & 0x3f);
    } else if (code >= 0xd800 && code < 0xe000) {
      const point = text.codePointAt(i) as number;
      if (point > 0xffff) i++;
      at = putCodePoint(bytes, at, point > 0xffff ? point : 0xfffd);
    } else at = putCodePoint(bytes, at, code);
  }
  return at;
}

/** The bytes {@link putEscaped} takes at most (exact but for surrogate pairs). Cost: linear. */
export function escapedLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x7f && PLAIN[code] === 1) continue;
    if (code < 0x80 && SHORT_ESCAPES[code] !== 0) bytes += 1;
    else if (code < 0xa0 || code === 0x2028 || code === 0x2029) bytes += 5;
    else bytes += code < 0x800 ? 1 : 2;
  }
  return bytes;
}

function putEscape(bytes: Uint8Array, at: number, code: number): number {
  bytes[at] = 0x5c;
  const short = code < 0x80 ? (SHORT_ESCAPES[code] as number) : 0;
  if (short !== 0) {
    bytes[at + 1] = short;
    return at + 2;
  }
  const high = HEX_PAIRS[code >> 8] as number;
  const low = HEX_PAIRS[code & 0xff] as number;
  bytes[at + 1] = 0x75;
  bytes[at + 2] = high >> 8;
  bytes[at + 3] = high;
  bytes[at + 4] = low >> 8;
  bytes[at + 5] = low;
  return at + 6;
}

function putCodePoint(bytes: Uint8Array, start: number, point: number): number {
  let at = start;
  if (point > 0xffff) {
    bytes[at++] = 0xf0 | (point >> 18);
    bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
  } else bytes[at++] = 0xe0 | (point >> 12);
  bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
  bytes[at++] = 0x80 | (point & 0x3f);
  return at;
}

/** Puts the decimal digits of a non-negative safe integer, at most 16; returns the place after them. Makes no garbage. */
export function putInteger(bytes: Uint8Array, at: number, value: number): number {
  // Integer division is fast, and free of garbage, only below 2^32: what is above 10^9 goes first.
  if (value <= 0xffff_ffff) return putDigits(bytes, at, value, countDigits(value));
  const high = Math.floor(value / 1e9);
  return putDigits(bytes, putDigits(bytes, at, high, countDigits(high)), value - high * 1e9, 9);
}

function putDigits(bytes: Uint8Array, start: number, value: number, count: number): number {
  let rest = value >>> 0;
  for (let at = start + count - 1; at >= start; at--) {
    const tenth = (rest / 10) >>> 0;
    bytes[at] = 0x30 + rest - tenth * 10;
    rest = tenth;
  }
  return start + count;
}

function countDigits(value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound && count < 10; bound *= 10) count++;
  return count;
}
