// How values are read: one kind for each sort of value, the same for variables and for options in code.
import type { Secrecy } from "./config-masking.ts";

/** The variables of a process, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Answer of a variable that, as it stands, says nothing about the setting: the next one is asked. */
export const NOT_SAID: unique symbol = Symbol("not said");

/** A value, or why there is none (empty when `expected` says it all), or {@link NOT_SAID}. */
export type Parsed<T> = { readonly value: T } | { readonly why: string } | typeof NOT_SAID;

/** How one sort of value is read, checked, described and printed. Nothing in it throws. */
export interface ValueKind<T> {
  /** Ends the sentence "it is not ...": `a number from 0 to 1`. */
  readonly expected: string;
  /** Whether refused values may be printed. Default `plain`. */
  readonly secrecy?: Secrecy;
  /** What an empty variable means. Default: a mistake (in `OTEL_*`: nothing said, as OpenTelemetry wants it). */
  readonly empty?: T;
  /** Reads the text of a variable: trimmed, not empty. */
  parse(text: string, env: Environment): Parsed<T>;
  /** Checks a value that was given in code. */
  accept(value: unknown): Parsed<T>;
  /** A good value as people read it, without secrets. */
  show(value: T): string;
}

const REFUSED = { why: "" } as const;

const TRUE_WORDS = new Set(["true", "1", "yes", "on"]);
const FALSE_WORDS = new Set(["false", "0", "no", "off"]);

/** True or false, in the words people use. */
export const booleanKind: ValueKind<boolean> = {
  expected: "true or false (also 1, 0, yes, no, on, off)",
  parse(text) {
    const word = text.toLowerCase();
    if (TRUE_WORDS.has(word)) return { value: true };
    return FALSE_WORDS.has(word) ? { value: false } : REFUSED;
  },
  accept: (value) => (typeof value === "boolean" ? { value } : REFUSED),
  show: String,
};

/** A whole number within a range, of a unit (`milliseconds`). */
export function wholeNumber(min: number, max: number, unit?: string): ValueKind<number> {
  const accept = (value: unknown): Parsed<number> =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? { value: value as number }
      : REFUSED;
  return {
    expected: `a whole number ${unit === undefined ? "" : `of ${unit} `}from ${min} to ${max}`,
    parse: (text) => (/^\d{1,16}$/.test(text) ? accept(Number(text)) : REFUSED),
    accept,
    show: String,
  };
}

/** A number within a range, of a unit (`milliseconds`). */
export function decimalNumber(min: number, max: number, unit?: string): ValueKind<number> {
  // NaN fails both comparisons. Minus zero becomes zero, so that nobody prints it.
  const accept = (value: unknown): Parsed<number> =>
    typeof value === "number" && value >= min && value <= max ? { value: value + 0 } : REFUSED;
  return {
    expected: `a number ${unit === undefined ? "" : `of ${unit} `}from ${min} to ${max}`,
    parse: (text) =>
      /^[+-]?(?:\d{1,16}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,2})?$/i.test(text) ? accept(Number(text)) : REFUSED,
    accept,
    show: String,
  };
}

const SIZE = /^(\d{1,16}(?:\.\d{1,9})?) ?(?:([kmgt])(i?))?b?$/i;

/** A size in bytes: `1500000`, `10GB` (10^9), `512MiB` (2^20). */
export function byteSize(min: number): ValueKind<number> {
  const accept = (value: unknown): Parsed<number> =>
    Number.isSafeInteger(value) && (value as number) >= min ? { value: value as number } : REFUSED;
  return {
    expected: `a size of at least ${showBytes(min)}, in bytes or like 10GB, 512MiB`,
    parse(text) {
      const match = SIZE.exec(text);
      if (match === null) return REFUSED;
      const [, digits = "", letter = "", binary = ""] = match;
      const power = letter === "" ? 0 : "kmgt".indexOf(letter.toLowerCase()) + 1;
      return accept(Math.round(Number(digits) * (binary === "" ? 1000 : 1024) ** power));
    },
    accept,
    show: showBytes,
  };
}

function showBytes(bytes: number): string {
  const units = [
    ["GB", 1e9],
    ["MB", 1e6],
    ["MiB", 2 ** 20],
  ] as const;
  const unit = units.find(([, size]) => bytes >= size && bytes % size === 0);
  return unit === undefined ? `${bytes} bytes` : `${bytes / unit[1]} ${unit[0]}`;
}

/** One of some words, in any case; `hints` explain what is wrong with others that people may try. */
export function choice<const Word extends string>(
  words: readonly Word[],
  hints: Readonly<Record<string, string>> = {},
): ValueKind<Word> {
  const accept = (value: unknown): Parsed<Word> => {
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return { value: word };
    return { why: typeof value === "string" && Object.hasOwn(hints, value) ? (hints[value] ?? "") : "" };
  };
  return {
    expected: words.length > 2 ? `one of ${words.join(", ")}` : words.join(" or "),
    parse: (text) => accept(text.toLowerCase()),
    accept,
    show: String,
  };
}

/** Printable text of 1 to `maxUnits` UTF-16 units. */
export function printableText(maxUnits: number): ValueKind<string> {
  return pattern(`printable text of 1 to ${maxUnits} characters`, (text) =>
    text.trim() !== "" && text.length <= maxUnits && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text) ? text : undefined,
  );
}

/** Text for which `read` gives the value, or undefined when it is none. */
export function pattern(expected: string, read: (text: string) => string | undefined): ValueKind<string> {
  const accept = (given: unknown): Parsed<string> => {
    const value = typeof given === "string" ? read(given) : undefined;
    return value === undefined ? REFUSED : { value };
  };
  return { expected, parse: accept, accept, show: String };
}

const LIST_LIMIT = 256;

/** A comma-separated list (in code: an array); `read` gives each item, or undefined when it is none. */
export function listOf(expected: string, read: (item: string) => string | undefined): ValueKind<readonly string[]> {
  const accept = (value: unknown): Parsed<readonly string[]> => {
    if (!Array.isArray(value)) return REFUSED;
    if (value.length > LIST_LIMIT) return { why: `it has more than ${LIST_LIMIT} items` };
    const items = value.map((item: unknown) => (typeof item === "string" ? read(item.trim()) : undefined));
    const wrong = items.indexOf(undefined);
    if (wrong >= 0) return { why: `item ${wrong + 1} is none` };
    return { value: Object.freeze([...new Set(items as string[])]) };
  };
  return {
    expected,
    empty: Object.freeze([]),
    parse: (text) => accept(text.split(",").filter((item) => item.trim() !== "")),
    accept,
    show: (items) => (items.length === 0 ? "none" : items.join(",")),
  };
}

/** Some of a few words, comma-separated (in code: an array); `none` stands for no word and, where `all` is allowed, `all` for each. */
export function choiceList<const Word extends string>(
  words: readonly Word[],
  allowAll = false,
): ValueKind<readonly Word[]> {
  const accept = (value: unknown): Parsed<readonly Word[]> => {
    if (value === "none") return { value: Object.freeze([]) };
    if (value === "all" && allowAll) return { value: Object.freeze([...words]) };
    if (!Array.isArray(value) || !value.every((item) => words.includes(item))) return REFUSED;
    return { value: Object.freeze([...new Set(value as Word[])]) };
  };
  const alone = allowAll ? "all or none" : "none";
  return {
    expected: words.length === 1 ? `${words[0]} or none` : `a list of ${words.join(", ")}, or ${alone}`,
    parse(text) {
      const items = text
        .toLowerCase()
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
      if (items.length === 0) return REFUSED;
      return accept(items.length === 1 && (items[0] === "none" || items[0] === "all") ? items[0] : items);
    },
    accept,
    show: (items) => (items.length === 0 ? "none" : items.join(",")),
  };
}
