// Secret names as RE2 knows how to say them. Core splits names into words and looks these up; a regular expression without
// lookahead has to spell out every way to write them.
import type { CoreLists } from "./core-lists.ts";

/** Names whose values are masked, and names among them that only speak about secrets. All in the syntax that RE2 and JavaScript share. */
export interface NamePatterns {
  readonly blocked: readonly string[];
  readonly ignored: readonly string[];
}

/** What stems are made of, longest first, so that `privatekey` also finds `private_key` and `Private-Key`. */
const PARTS = (
  "connection encryption recovery mnemonic credential signature signing private refresh session " +
  "listen access bearer cookie master phrase secret string words token priv auth hmac pass sign seed code api ssh key wo?r?d"
).split(" ");
const BETWEEN = "[^A-Za-z0-9]*";
/** Begins a word: the start of the name or what is no letter or digit. */
const START = "(?:^|[^A-Za-z0-9])";

/** The patterns of names. */
export function toNamePatterns(lists: CoreLists): NamePatterns {
  const words = lists.words.join("|");
  const owners = lists.tokenOwners.join("|");
  const describers = lists.describers.join("|");
  const ends = "at|in|ms|s|sec|seconds|days";
  return {
    blocked: [
      `(?i)${lists.stems.map((stem) => spaced(stem)).join("|")}`,
      // Headers of venues that sign their requests.
      `(?i)^x?${BETWEEN}(?:ok${BETWEEN}access|kc${BETWEEN}api|cb${BETWEEN}access)|^x${BETWEEN}bapi`,
      `(?i)${START}(?:${words})(?:$|[^A-Za-z0-9])`,
      // A token alone is a credential; `yes_token` and `base_token` are assets.
      `(?i)${START}sig$|^token$`,
      `(?i)${START}(?:${owners})[^A-Za-z0-9]+tokens?$`,
      `(?:${START}(?:${owners})|[A-Za-z0-9](?:${capitals(lists.tokenOwners)}))Tokens?$`,
      `[A-Za-z0-9](?:Sig$|(?:${capitals(lists.words)})(?:$|[^a-z]))|${START}(?:${words})[A-Z]`,
    ],
    ignored: [
      `(?i)[^A-Za-z0-9](?:${describers})(?:[^A-Za-z0-9]+(?:${ends}))?$`,
      `[A-Za-z0-9](?:${capitals(lists.describers)})(?:${capitals(ends.split("|"))})?$`,
      `(?i)${lists.notSecret}|^x${BETWEEN}bapi${BETWEEN}limit`,
    ],
  };
}

/** A stem with separators allowed between its words. */
export function spaced(stem: string, between = BETWEEN): string {
  return partsOf(stem)?.join(between) ?? stem;
}

/** What a stem begins with, in letters: `api` of `apikey`, `pass` of `passwo?r?d`. */
export function firstPart(stem: string): string {
  return partsOf(stem)?.[0] ?? /^[a-z]+/.exec(stem)?.[0] ?? stem;
}

function partsOf(stem: string): string[] | undefined {
  if (stem === "") return [];
  for (const part of PARTS) {
    if (!stem.startsWith(part)) continue;
    const rest = partsOf(stem.slice(part.length));
    if (rest !== undefined) return [part, ...rest];
  }
  return undefined;
}

function capitals(words: readonly string[]): string {
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("|");
}
