// Secrets inside texts as RE2 knows how to say them; masked from their first character to their last.
//
// Each pattern begins with letters as they stand: RE2 then looks for these first, which takes nanoseconds, where a pattern that may
// begin with anything takes microseconds, on every attribute of every span. So there are many, in the three ways to write a word.
import type { CoreLists } from "./core-lists.ts";
import { firstPart, spaced } from "./name-patterns.ts";

/** What a value that is worth hiding looks like behind a name: something with a digit, or long. */
const OPAQUE = "(?:[^\\s\"'&,;{}\\[\\]\\\\]*[0-9][^\\s\"'&,;{}\\[\\]\\\\]*|[^\\s\"'&,;{}\\[\\]\\\\]{16,})";
/** Between a name and its value: plain, in JSON, in escaped JSON, percent-encoded. */
const IS = "\\\\*(?:[\"']|%22)?\\s{0,8}(?:=>|==?|:|%3[AaDd])\\s{0,8}\\[?\\\\*(?:[\"']|%22)?";
/** What may follow a stem in a name that is still the name of the secret itself. */
const SUFFIX = "s?(?:[ _.-]?(?:keys?|values?|hex|base64|header|raw|[0-9]{1,3}))?";
/** A header and its value as texts of a list, or as `"name":"...","value":"..."`. */
const LISTED = "[A-Za-z0-9-]*\\\\*[\"'],\\s{0,8}\\\\*[\"'](?:value\\\\*[\"']:\\s{0,8}\\\\*[\"'])?[^\"'\\\\]{6,}";
/** Owners of tokens that texts name; `id` is not among them, since it also ends `bid`. */
const OWNERS = "access refresh auth api bearer session csrf bot jwt user client telegram slack discord github".split(
  " ",
);
/** Names whose values hold spaces: all that follows is the secret, to the end of the quotes or of the line. */
const SPACED = ["authorization", "cookie", "mnemonic", "seed phrase"];

/** The patterns of values, in the order in which they are applied. */
export function toValuePatterns(lists: CoreLists): string[] {
  return [
    // To its end, or to the end of the text when it was cut.
    "(?s)-----BEGIN .*?(?:-----END[^-]*-----|\\z)",
    "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_.-]+",
    ...lists.knownTokens.map(toTokenPattern),
    ...cased("bearer").map(
      (word) => `${word} +(?:[A-Za-z0-9_.~+/=-]{20,}|[A-Za-z0-9_.~+/=-]*[0-9][A-Za-z0-9_.~+/=-]{5,})`,
    ),
    ...cased("basic").map((word) => `${word} +(?:[A-Za-z0-9+/_-]{6,}={1,2}|[A-Za-z0-9+/_-]*[0-9][A-Za-z0-9+/_-]{7,})`),
    // The user and the password of a URL, or a token in their place. A port would be digits.
    "://[^\\s/:@\"']*:[^\\s/@\"']*[^\\s/@\"'0-9][^\\s@\"']*@",
    "://[A-Za-z0-9_-]{20,}@",
    // Keys in paths: Telegram bots, streams of user data, node providers (an address has 42 characters), webhooks.
    "/bot[0-9]{6,12}:[A-Za-z0-9_-]{20,}",
    "/(?:ws|stream)/[A-Za-z0-9]{40,}",
    "/v[1-9]/[A-Za-z0-9_]{28,41}\\b",
    "/services/T[A-Za-z0-9_]{6,16}/B[A-Za-z0-9_]{6,16}/[A-Za-z0-9_-]{20,}",
    "/webhooks/[0-9]{6,24}/[A-Za-z0-9_-]{20,}",
    ...namedSecrets(lists),
    ...shortNames(lists),
    `--(?i:[a-z-]*(?:${lists.stems.map((stem) => spaced(stem, "-?")).join("|")}))[A-Za-z0-9-]* +[^\\s-]\\S*`,
    ...SPACED.flatMap((name) => cased(name)).map(
      (name) =>
        `${name.replace(" ", "[ _.-]?")}\\\\*["']?\\s{0,8}[:=]\\s{0,8}\\\\*["']?(?:[^\\s"'\\\\]+ ){1,}[^\\s"'\\\\]*`,
    ),
  ];
}

/** The stems, those that begin alike in one pattern, and tokens with their owners. */
function namedSecrets(lists: CoreLists): string[] {
  const split = lists.stems.map((stem) => ({ first: firstPart(stem), rest: stem.slice(firstPart(stem).length) }));
  const names = [...split, ...OWNERS.map((first) => ({ first, rest: "token" }))];
  const groups = Map.groupBy(names, ({ first }) => first);
  return [...groups].flatMap(([first, group]) => {
    const rests = group.map(({ rest }) => (rest === "" ? "" : `[ _.-]?${spaced(rest, "[ _.-]?")}`));
    const rest = rests.every((one) => one === "") ? "" : `(?i:${rests.join("|")})`;
    return cased(first).map((word) => `${word}${rest}(?:${SUFFIX}${IS}${OPAQUE}|${LISTED})`);
  });
}

/** Short names that other words end in: only behind what begins a name. */
function shortNames(lists: CoreLists): string[] {
  const names = `(?i:token|sig|${lists.words.join("|")})${IS}${OPAQUE}`;
  return ["^", ..."? & \" ' { , ; (".split(" ").map((sign) => (/[?{(]/.test(sign) ? `\\${sign}` : sign)), " "].map(
    (sign) => sign + names,
  );
}

/** A word as people write it: `secret`, `Secret`, `SECRET`. */
function cased(word: string): string[] {
  return [word, word.slice(0, 1).toUpperCase() + word.slice(1), word.toUpperCase()];
}

/** A beginning that core knows, to the end of the run; core asks for twenty characters at least. */
function toTokenPattern(beginning: string): string {
  if (beginning.endsWith("$")) return `${beginning.slice(0, -1)}\\b`;
  // `sk-` ends many words (`task-`, `risk-`): behind it, and a word at most, only letters and digits.
  if (beginning === "sk-") return "sk-(?:[a-z0-9]{2,8}-)?[A-Za-z0-9]{20,}";
  return `${beginning}[A-Za-z0-9_-]{${beginning.endsWith("}") ? 0 : 16},}`;
}
