// The lists of secret names that core keeps, read from its source: hosts must not build on them, so core does not export them,
// and a copy in the Collector's configuration would grow old.
import { readFileSync } from "node:fs";
import { collectorPath } from "../collector-path.ts";

/** What core knows about names of secrets, in its own order. */
export interface CoreLists {
  /** Secret wherever they stand in a name without separators; parts of regular expressions. */
  readonly stems: readonly string[];
  /** Words that hold a stem and are no secret; a regular expression. */
  readonly notSecret: string;
  /** Secret as whole words. */
  readonly words: readonly string[];
  /** Last words of names that speak about a secret. */
  readonly describers: readonly string[];
  /** Words before `token` that make it a credential. */
  readonly tokenOwners: readonly string[];
  /** How tokens of known issuers begin; parts of regular expressions. */
  readonly knownTokens: readonly string[];
}

/** Reads the lists. Throws when the source no longer has one of them under its name. */
export function readCoreLists(): CoreLists {
  const keys = sourceOf("secret-keys.ts");
  const material = sourceOf("secret-material.ts");
  const known = matchIn(material, /KNOWN_TOKEN =\s*\/\^\(\?:(.+)\)\//, "KNOWN_TOKEN");
  return {
    stems: matchIn(keys, /STEMS =\s*\/(.+)\/;/, "STEMS").split("|"),
    notSecret: matchIn(keys, /NOT_SECRET = \/(.+)\/;/, "NOT_SECRET"),
    words: [...matchIn(keys, /WORDS = new Set\(\[([^\]]+)\]/, "WORDS").matchAll(/"(\w+)"/g)].map(
      ([, word]) => word as string,
    ),
    describers: wordsIn(keys, "DESCRIBERS"),
    tokenOwners: wordsIn(keys, "TOKEN_OWNERS"),
    knownTokens: splitAlternatives(known),
  };
}

function sourceOf(file: string): string {
  return readFileSync(collectorPath(`../packages/core/src/${file}`), "utf8");
}

function matchIn(source: string, pattern: RegExp, name: string): string {
  const found = pattern.exec(source)?.[1];
  if (found === undefined) throw new Error(`the source of core has no ${name} as it is looked for here`);
  return found;
}

function wordsIn(source: string, name: string): string[] {
  return matchIn(source, new RegExp(`const ${name} = new Set\\(\\s*\`([^\`]+)\``), name)
    .trim()
    .split(/\s+/);
}

/** Splits at the bars that are in no brackets. */
function splitAlternatives(pattern: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of pattern) {
    if ("([".includes(character)) depth++;
    if (")]".includes(character)) depth--;
    if (character === "|" && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
