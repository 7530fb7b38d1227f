// Reads settings that may be anything, field by field, and gathers what is wrong: the value, the place, what would be right.
import { toCleanLine } from "../channels/clean-text.ts";
import { nearestName } from "../rules/nearest-name.ts";
import { Secret } from "./secret.ts";

/** What every reader of one configuration shares. */
export interface SettingContext {
  /** Where `${NAME}` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly problems: string[];
}

const MAX_PROBLEMS = 50;
const MAX_ENTRIES = 1_000;
const REFERENCE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** An object of settings. Every method answers with something of its type; whether it is right, `problems` says. */
export class SettingReader {
  readonly place: string;
  readonly #context: SettingContext;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown, place: string, known: readonly string[] | undefined, context: SettingContext) {
    this.place = place;
    this.#context = context;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    this.#fields = isObject ? Object.fromEntries(Object.entries(value).slice(0, MAX_ENTRIES)) : {};
    if (!isObject) this.refuse("", `is ${shown(value)}; it must be an object`);
    for (const name of Object.keys(this.#fields)) if (known?.includes(name) === false) this.#refuseUnknown(name, known);
  }

  names(): readonly string[] {
    return Object.keys(this.#fields);
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined && this.#fields[field] !== null;
  }

  raw(field: string): unknown {
    return this.#fields[field];
  }

  /** A reader of an object within; undefined where there is none. */
  inner(field: string, known?: readonly string[]): SettingReader | undefined {
    if (!this.has(field)) return undefined;
    return new SettingReader(
      this.#fields[field],
      `${this.place}${this.place === "" ? "" : "."}${field}`,
      known,
      this.#context,
    );
  }

  text(field: string): string | undefined {
    return this.has(field) ? this.#resolve(field, this.#fields[field], false) : undefined;
  }

  requiredText(field: string): string {
    if (!this.has(field)) this.refuse(field, "is missing");
    return this.text(field) ?? "";
  }

  /** A text that is never shown, not even in what is said of it. */
  secret(field: string): Secret | undefined {
    const text = this.has(field) ? this.#resolve(field, this.#fields[field], true) : undefined;
    return text === undefined ? undefined : new Secret(text);
  }

  requiredSecret(field: string): Secret {
    if (!this.has(field)) this.refuse(field, `is missing; give a reference to the environment, like \${NAME}`);
    return this.secret(field) ?? new Secret("");
  }

  number(field: string, min: number, max: number): number | undefined {
    if (!this.has(field)) return undefined;
    const given = this.#fields[field];
    const value = typeof given === "string" ? Number(this.#resolve(field, given, false)) : given;
    if (typeof value === "number" && value >= min && value <= max) return value;
    this.refuse(field, `is ${shown(given)}; it must be a number from ${min} to ${max}`);
    return undefined;
  }

  flag(field: string): boolean {
    const value = this.#fields[field];
    if (this.has(field) && typeof value !== "boolean")
      this.refuse(field, `is ${shown(value)}; it must be true or false`);
    return value === true;
  }

  word<T extends string>(field: string, words: readonly T[], fallback: T): T {
    if (!this.has(field)) return fallback;
    const value = this.#fields[field];
    if (words.includes(value as T)) return value as T;
    const near = typeof value === "string" ? nearestName(value, words) : undefined;
    this.refuse(field, `is ${shown(value)}; it must be one of ${words.join(", ")}${didYouMean(near)}`);
    return fallback;
  }

  /** A list of texts; one text stands for a list of one. */
  list(field: string): readonly string[] {
    return this.has(field) ? this.#texts(field, this.#fields[field]) : [];
  }

  /** The same for the list at a place in a list. */
  listAt(field: string, index: number): readonly string[] {
    return this.#texts(`${field}[${index}]`, (this.#fields[field] as readonly unknown[])[index]);
  }

  texts(field: string): Readonly<Record<string, string>> {
    const reader = this.inner(field);
    return Object.fromEntries((reader?.names() ?? []).map((name) => [name, reader?.text(name) ?? ""]));
  }

  /** Notes that something is wrong. */
  refuse(field: string, problem: string): void {
    const place = [this.place, field].filter((part) => part !== "").join(".") || "The configuration";
    if (this.#context.problems.length < MAX_PROBLEMS)
      this.#context.problems.push(`${toCleanLine(place, 200)} ${problem}.`);
  }

  #texts(field: string, value: unknown): readonly string[] {
    const items: unknown[] = Array.isArray(value) ? value.slice(0, MAX_ENTRIES) : [value];
    return items.flatMap(
      (item, i) => this.#resolve(Array.isArray(value) ? `${field}[${i}]` : field, item, false) ?? [],
    );
  }

  #refuseUnknown(name: string, known: readonly string[]): void {
    this.refuse(name, `is not known${didYouMean(nearestName(name, known))}; known are ${known.join(", ")}`);
  }

  #resolve(field: string, value: unknown, isSecret: boolean): string | undefined {
    if (typeof value !== "string" || value === "" || value.length > 65_536) {
      this.refuse(field, `is ${isSecret ? "no usable text" : shown(value)}; it must be a text that is not empty`);
      return undefined;
    }
    const name = REFERENCE.exec(value)?.[1];
    if (name === undefined) return value;
    const resolved = Object.hasOwn(this.#context.environment, name) ? this.#context.environment[name] : undefined;
    if (resolved === undefined || resolved === "") {
      this.refuse(field, `refers to \${${name}}, which the environment does not have: set it`);
      return undefined;
    }
    return resolved;
  }
}

function didYouMean(name: string | undefined): string {
  return name === undefined ? "" : `, did you mean "${name}"?`;
}

/** A value that is no secret in a sentence. Long texts might be one in the wrong place, and are not shown. */
function shown(value: unknown): string {
  if (typeof value === "string") return value.length > 40 ? "a long text" : JSON.stringify(toCleanLine(value, 40));
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
