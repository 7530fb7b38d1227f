// The answer to "why no trade?" as the page shows it: its head, its numbers set apart, its links made safe.
import { sharedAddress } from "../../url/search-parameters.ts";

/** A piece of a sentence. */
export interface SentencePiece {
  readonly text: string;
  /** A number, which the eye should find. */
  readonly isNumber: boolean;
}

/** A number of the sentence with where to look further, as the server gives it. */
export interface WhyPart {
  readonly label: string;
  readonly value: string;
  readonly link: string | null;
}

/** A number that stands alone (not the 4 of `risk_4`), with a unit of letters or `%` only where it is known to be one. */
const NUMBER = /(?<![\w.])[-\u2212]?\d[\d,]*(?:\.\d+)?(?: %)?(?!\w)/g;

/** Splits a sentence behind its first colon, which says what happened; the rest says why. */
export function splitSentence(sentence: string): { readonly head: string; readonly rest: string } {
  const colon = /:\s/.exec(sentence);
  if (colon === null) return { head: sentence, rest: "" };
  return { head: sentence.slice(0, colon.index), rest: sentence.slice(colon.index + colon[0].length) };
}

/** Sets the numbers apart; the pieces together are the text. */
export function markNumbers(text: string): readonly SentencePiece[] {
  const pieces: SentencePiece[] = [];
  let end = 0;
  for (const { 0: number, index } of text.matchAll(NUMBER)) {
    if (index > end) pieces.push({ text: text.slice(end, index), isNumber: false });
    pieces.push({ text: number, isNumber: true });
    end = index + number.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isNumber: false });
  return pieces;
}

/**
 * The part that a number of the sentence stands for; undefined where it is no count of flows or decisions (an amount, a percentage, a time,
 * a number of reasons). Of several with that count the one that leads to decisions, which are nearer than traces. `next`: what follows it.
 */
export function partOf(number: string, next: string, parts: readonly WhyPart[]): WhyPart | undefined {
  if (!/^\d[\d,]*$/.test(number) || NO_COUNT.test(next)) return undefined;
  const fitting = parts.filter(({ value }) => value === number);
  return fitting.find(({ link }) => link?.startsWith("/decisions")) ?? fitting[0];
}

/** What stands behind numbers that count something else. */
const NO_COUNT = /^ (?:other|within|seconds?|minutes?|hours?|days?|gates?|reasons?|%)\b/;

/**
 * The address of a link that the server gave, with the range and the filters that are in force; undefined for whatever is not a path of
 * this page: nothing that is on record may lead elsewhere.
 */
export function ownAddress(link: string | null, current: URLSearchParams): string | undefined {
  if (link === null || !/^\/(?![/\\])[^\\]*$/.test(link)) return undefined;
  const here = "http://page.invalid";
  const url = URL.canParse(link, here) ? new URL(link, here) : undefined;
  if (url === undefined || url.origin !== here) return undefined;
  return sharedAddress(url.pathname, current, Object.fromEntries(url.searchParams));
}
