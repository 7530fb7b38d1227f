// Finds wallet mnemonics in text: twelve or more words of the BIP-39 list in a row.
import { MNEMONIC_BITS } from "./mnemonic-words.ts";
import { isIn, skipTo, toCodeTable } from "./secret-material.ts";

/** Fewest words of a mnemonic. */
const LEAST_WORDS = 12;
// Twelve words of three letters and the spaces between them.
const LEAST_UNITS = 47;
const LONGEST_WORD = 8;
// A space, a line end, or `", "`.
const SEPARATOR_UNITS = 4;
const BITS = Uint8Array.from(atob(MNEMONIC_BITS), (character) => character.charCodeAt(0));

// What may stand between words: spaces, line ends, commas and quotes of a list.
const SEPARATOR = toCodeTable(" \n\r\t,\"'");

/**
 * True when `text` holds a mnemonic.
 *
 * Any mnemonic lies over one of the places 46, 92, ...: only the words there are looked up, and their neighbours if they are listed.
 */
export function hasMnemonic(text: string): boolean {
  for (let at = LEAST_UNITS - 1; at < text.length; at += LEAST_UNITS - 1) {
    let start = skipTo(text, at, SEPARATOR, true, Math.min(text.length, at + SEPARATOR_UNITS));
    while (start > 0 && at - start <= LONGEST_WORD && isLetter(text, start - 1)) start--;
    if (!isListed(text, start, wordEnd(text, start))) continue;
    for (let words = 1; words < LEAST_WORDS; words++) {
      const before = wordBefore(text, start);
      if (before < 0 || !isListed(text, before, wordEnd(text, before))) break;
      start = before;
    }
    if (mnemonicEnd(text, start) > 0) return true;
  }
  return false;
}

/** Replaces every mnemonic in `text` by `mark`; the same string when there is none. Cost: linear. */
export function replaceMnemonics(text: string, mark: string): string {
  let out = "";
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const end = mnemonicEnd(text, at);
    if (end > 0) {
      out += text.slice(copied, at) + mark;
      copied = end;
      at = end;
    } else at = nextWord(text, at);
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** The end of the mnemonic that begins at `start`, or 0. */
function mnemonicEnd(text: string, start: number): number {
  let count = 0;
  let end = 0;
  let at = start;
  while (at < text.length) {
    const to = wordEnd(text, at);
    if (to === at || !isListed(text, at, to)) break;
    count++;
    end = to;
    at = skipTo(text, to, SEPARATOR, true, Math.min(text.length, to + SEPARATOR_UNITS));
  }
  return count >= LEAST_WORDS ? end : 0;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from <= LONGEST_WORD && isLetter(text, at)) at++;
  return at;
}

/** The start of the word before the one at `start`, or -1. */
function wordBefore(text: string, start: number): number {
  let end = start;
  while (end > 0 && start - end < SEPARATOR_UNITS && isIn(SEPARATOR, text.charCodeAt(end - 1))) end--;
  let at = end;
  while (at > 0 && end - at <= LONGEST_WORD && isLetter(text, at - 1)) at--;
  return at < end && end < start ? at : -1;
}

/** The start of the next word after `from`, which is inside or before a word. */
function nextWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && isLetter(text, at)) at++;
  while (at < text.length && !isLetter(text, at)) at++;
  return at;
}

function isLetter(text: string, at: number): boolean {
  const lower = text.charCodeAt(at) | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/**
 * True when the word is in the bit set of the list.
 *
 * The set knows a hash of each of the 2,048 words, so that one word in eight passes by chance, and twelve in a row never do.
 */
function isListed(text: string, from: number, to: number): boolean {
  if (to - from < 3 || to - from > LONGEST_WORD) return false;
  let hash = 0;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + (text.charCodeAt(i) | 0x20)) | 0;
  const bit = (hash ^ (hash >>> 15)) & (BITS.length * 8 - 1);
  return ((BITS[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
}
