// Reads an object that may be anything, field by field, and notes what is wrong with it.
import { type JsonValue, toDecimalText } from "@tracebook/store";
import { nearestName } from "./nearest-name.ts";
import type { RuleProblem } from "./rule-error.ts";

/** Of one rule no more is told. */
const MAX_PROBLEMS = 20;
/** Of names and texts. */
const MAX_TEXT = 2_000;
/** Of lists, and of fields of an object. */
const MAX_ITEMS = 64;

/** A number and its range. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** An object that is read. Each method answers with a value that is valid, whatever was given: what was wrong is in `problems`. */
export class RuleReader {
  readonly problems: RuleProblem[];
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string, fields: readonly string[], problems: RuleProblem[] = []) {
    this.problems = problems;
    this.#path = path;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    this.#value = isObject ? (value as Record<string, unknown>) : {};
    if (!isObject) this.#add("", `is ${toShort(value)}; it must be an object with ${fields.join(", ")}.`);
    for (const name of Object.keys(this.#value).slice(0, MAX_ITEMS))
      if (!fields.includes(name))
        this.#add(name, `is not known; known are ${fields.join(", ")}.`, nearestName(name, fields));
  }

  has(field: string): boolean {
    return this.#value[field] !== undefined && this.#value[field] !== null;
  }

  /** What was given. */
  raw(field: string): unknown {
    return this.#value[field];
  }

  /** An object within. */
  inner(field: string, fields: readonly string[]): RuleReader {
    return new RuleReader(this.#value[field], this.pathOf(field), fields, this.problems);
  }

  /** A text that is not empty; undefined where there is none. */
  text(field: string, maxLength = 200): string | undefined {
    if (!this.has(field)) return undefined;
    const value = this.#value[field];
    if (typeof value === "string" && value.trim() !== "" && value.length <= maxLength) return value;
    const form = typeof value === "number" ? JSON.stringify(String(value)) : undefined;
    this.#add(field, `is ${toShort(value)}; it must be a text of 1 to ${maxLength} characters.`, form);
    return undefined;
  }

  /** A text that must be there. */
  requiredText(field: string, example: string): string {
    if (!this.has(field)) this.#add(field, "is missing.", example);
    return this.text(field) ?? "";
  }

  /** One of a few words. */
  word<T extends string>(field: string, words: readonly T[], fallback: T | undefined): T {
    const value = this.#value[field];
    if (!this.has(field)) {
      if (fallback === undefined) this.#add(field, `is missing; it must be one of ${words.join(", ")}.`);
      return fallback ?? words[0]!;
    }
    if (words.includes(value as T)) return value as T;
    const near = typeof value === "string" ? (SYNONYMS[value.toLowerCase()] ?? nearestName(value, words)) : undefined;
    const nearest = near !== undefined && words.includes(near as T) ? near : undefined;
    this.#add(field, `is ${toShort(value)}; it must be one of ${words.join(", ")}.`, nearest);
    return words[0]!;
  }

  /** A finite number. */
  number(field: string, fallback: number | undefined, range?: NumberRange): number {
    const value = this.#value[field];
    if (!this.has(field)) {
      if (fallback === undefined) this.#add(field, "is missing; it must be a number.");
      return fallback ?? 0;
    }
    if (typeof value !== "number" || !Number.isFinite(value)) {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
      const form = Number.isFinite(number) ? String(number) : undefined;
      this.#add(field, `is ${toShort(value)}; it must be a finite number.`, form);
      return fallback ?? 0;
    }
    if (range !== undefined && (value < range.min || value > range.max)) {
      const near = String(Math.min(Math.max(value, range.min), range.max));
      this.#add(field, `is ${value}; it must be from ${range.min} to ${range.max} ${range.unit}.`, near);
    }
    return value;
  }

  /** The same, whole. */
  integer(field: string, fallback: number | undefined, range: NumberRange): number {
    const value = this.number(field, fallback, range);
    if (!Number.isInteger(value)) this.#add(field, `is ${value}; it must be whole.`, String(Math.round(value)));
    return value;
  }

  /** A finite number, or a decimal as text, which stays as it was given. */
  decimal(field: string): number | string {
    const value = this.#value[field];
    if (typeof value !== "string") return this.number(field, undefined);
    if (toDecimalText(value) !== undefined) return value.trim();
    const nearest = toDecimalText(ungrouped(value));
    this.#add(
      field,
      `is ${toShort(value)}; as text it must be a decimal like "1000.10", of at most 38 digits before its point and behind it.`,
      nearest === undefined ? undefined : JSON.stringify(nearest),
    );
    return 0;
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.#value[field];
    if (!this.has(field)) return fallback;
    if (typeof value !== "boolean") this.#add(field, `is ${toShort(value)}; it must be true or false.`);
    return value === true;
  }

  /** Texts by name; numbers and flags become texts. */
  texts(field: string): { readonly [name: string]: string } {
    const texts: [string, string][] = [];
    for (const [name, value] of this.#entries(field)) {
      const text = toText(value);
      if (text !== undefined && isName(name)) texts.push([name, text]);
      else
        this.#add(
          `${field}.${name.slice(0, 100)}`,
          `is ${toShort(value)}; it must be a text of at most ${MAX_TEXT} characters.`,
        );
    }
    return Object.fromEntries(texts);
  }

  /** The same, with lists of texts among them: each different one once, and a list of one as the text itself. */
  matches(field: string, maxValues: number): { readonly [name: string]: string | readonly string[] } {
    const matches: [string, string | readonly string[]][] = [];
    for (const [name, value] of this.#entries(field)) {
      const given: readonly unknown[] = Array.isArray(value) ? value : [value];
      const texts = [...new Set(given.slice(0, MAX_ITEMS).flatMap((one) => toText(one) ?? []))];
      const isFit = given.length <= MAX_ITEMS && given.every((one) => toText(one) !== undefined) && isName(name);
      if (isFit && texts.length > 0 && texts.length <= maxValues)
        matches.push([name, texts.length === 1 ? texts[0]! : texts]);
      else
        this.#add(
          `${field}.${name.slice(0, 100)}`,
          `is ${toShort(value)}; it must be a text of at most ${MAX_TEXT} characters, or a list of 2 to ${maxValues} of them.`,
          isFit && texts.length > maxValues ? JSON.stringify(texts.slice(0, maxValues)) : undefined,
        );
    }
    return Object.fromEntries(matches);
  }

  /** Any JSON by name. */
  values(field: string): { readonly [name: string]: JsonValue } {
    const entries = this.#entries(field).filter(([name, value]) => {
      const isFit = isName(name) && sizeOf(value) <= MAX_TEXT;
      if (!isFit) this.#add(`${field}.${name.slice(0, 100)}`, `must be JSON of at most ${MAX_TEXT} characters.`);
      return isFit;
    });
    return Object.fromEntries(entries) as { readonly [name: string]: JsonValue };
  }

  /** A list of texts. */
  list(field: string): readonly string[] {
    if (!this.has(field)) return [];
    const value = this.#value[field];
    const isList =
      Array.isArray(value) &&
      value.length <= MAX_ITEMS * 16 &&
      value.every((one) => typeof one === "string" && one !== "" && one.length <= 200);
    if (isList) return [...new Set(value as string[])];
    const form = typeof value === "string" ? JSON.stringify([value.slice(0, 200)]) : undefined;
    this.#add(field, `is ${toShort(value)}; it must be a list of texts.`, form);
    return [];
  }

  /** Notes something that is wrong with a field. */
  refuse(field: string, problem: string, nearest?: string): void {
    this.#add(field, problem, nearest);
  }

  pathOf(field: string): string {
    return [this.#path, field].filter((part) => part !== "").join(".");
  }

  #entries(field: string): readonly (readonly [string, unknown])[] {
    if (!this.has(field)) return [];
    const value = this.#value[field];
    const isObject = typeof value === "object" && !Array.isArray(value);
    const entries = isObject ? Object.entries(value as object) : [];
    if (isObject && entries.length <= MAX_ITEMS) return entries;
    this.#add(
      field,
      `is ${isObject ? `of ${entries.length} fields` : toShort(value)}; it must be an object of at most ${MAX_ITEMS} fields.`,
    );
    return [];
  }

  #add(field: string, problem: string, nearest?: string): void {
    if (this.problems.length < MAX_PROBLEMS)
      this.problems.push({ path: this.pathOf(field.slice(0, 200)), problem, nearest });
  }
}

/** What people write for what is meant. */
const SYNONYMS: Readonly<Record<string, string>> = {
  gt: ">",
  "=>": ">=",
  gte: ">=",
  ge: ">=",
  lt: "<",
  "=<": "<=",
  lte: "<=",
  le: "<=",
  "=": "==",
  "===": "==",
  eq: "==",
  "<>": "!=",
  "!==": "!=",
  ne: "!=",
  mean: "avg",
  average: "avg",
  median: "p50",
  total: "sum",
  warn: "warning",
  fatal: "critical",
  err: "error",
};

/** `1,000.10` and `1 000` without what parts their digits; of `0,5` the comma is the point. */
function ungrouped(text: string): string {
  const trimmed = text.trim();
  if (/^[+-]?\d{1,3}([,_' ]\d{3})+(\.\d+)?$/.test(trimmed)) return trimmed.replaceAll(/[,_' ]/g, "");
  return trimmed.replace(",", ".");
}

/** Numbers and flags become texts; undefined for what cannot be one. */
function toText(value: unknown): string | undefined {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof text === "string" && text.length <= MAX_TEXT ? text : undefined;
}

function isName(name: string): boolean {
  return name !== "" && name.length <= 200 && name !== "__proto__";
}

function sizeOf(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? Number.POSITIVE_INFINITY;
  } catch {
    // A circle, a bigint, or nested too deep.
    return Number.POSITIVE_INFINITY;
  }
}

/** A value in a sentence. */
function toShort(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}
