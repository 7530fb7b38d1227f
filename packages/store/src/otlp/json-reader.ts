// Reads the fields of OTLP/JSON objects, and knows where it is. Names are lowerCamelCase, and snake_case as well.
import { type AttributeName, toAttributeName } from "./attribute-name.ts";
import type { Place } from "./item-list.ts";
import { type JsonInstant, toDouble, toInstant, toInteger } from "./json-number.ts";
import { OtlpError } from "./otlp-error.ts";
import { cutText, MAX_TEXT_UNITS } from "./text-limit.ts";

/** An object as JSON.parse makes it. */
export type JsonObject = { readonly [name: string]: unknown };

/** The name of a field in both spellings. */
export interface JsonField {
  readonly camel: string;
  readonly snake: string;
}

const MAX_INT32 = 2 ** 31;
/** Names of attributes whose meaning is kept ready; a request has tens, an attack has millions. */
const MAX_NAMES = 1_024;
const ZERO: JsonInstant = Object.freeze({ micros: 0, nanosRest: 0 });

/** The field that OTLP calls `camel`. */
export function jsonField(camel: string): JsonField {
  return Object.freeze({ camel, snake: camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) });
}

/** A field that is not there, or null, is the default of protobuf: 0, false, an empty text, no items. */
export class JsonReader implements Place {
  readonly #path: (string | number)[] = [];
  readonly #names = new Map<string, AttributeName>();

  here(): string {
    const steps = this.#path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
    return `at $${steps.join("")}`;
  }

  fail(field: JsonField | undefined, what: string): never {
    if (field !== undefined) this.#path.push(field.camel);
    throw new OtlpError("malformed_otlp", `The body is no OTLP/JSON: ${what} ${this.here()}.`);
  }

  get(object: JsonObject, field: JsonField): unknown {
    return object[field.camel] ?? object[field.snake] ?? undefined;
  }

  /** Calls `visit` for the object in a field, if there is one. */
  in(object: JsonObject, field: JsonField, visit: (object: JsonObject) => void): void {
    const value = this.get(object, field);
    if (value === undefined) return;
    if (!isObject(value)) this.fail(field, "there is no object");
    this.#path.push(field.camel);
    visit(value);
    this.#path.pop();
  }

  /** Calls `visit` for each object in a list. */
  forEach(object: JsonObject, field: JsonField, visit: (item: JsonObject) => void): void {
    const list = this.list(object, field);
    if (list.length === 0) return;
    const depth = this.#path.push(field.camel, 0);
    for (const [i, item] of list.entries()) {
      this.#path[depth - 1] = i;
      if (!isObject(item)) this.fail(undefined, "there is no object");
      visit(item);
    }
    this.#path.length = depth - 2;
  }

  list(object: JsonObject, field: JsonField): readonly unknown[] {
    const value = this.get(object, field);
    if (value === undefined) return [];
    return Array.isArray(value) ? value : this.fail(field, "there is no list");
  }

  text(object: JsonObject, field: JsonField): string {
    const value = this.get(object, field);
    if (value === undefined) return "";
    // A lone surrogate is what no UTF-8 can hold.
    return typeof value === "string"
      ? cutText(value.toWellFormed(), MAX_TEXT_UNITS)
      : this.fail(field, "there is no text");
  }

  attributeName(object: JsonObject, field: JsonField): AttributeName {
    const text = this.text(object, field);
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = toAttributeName(text);
    if (this.#names.size < MAX_NAMES) this.#names.set(text, name);
    return name;
  }

  bool(object: JsonObject, field: JsonField): boolean {
    const value = this.get(object, field) ?? false;
    return typeof value === "boolean" ? value : this.fail(field, "there is neither true nor false");
  }

  /** An integer of 32 bits, or an enum by its name. */
  int32(object: JsonObject, field: JsonField, names?: ReadonlyMap<string, number>): number {
    const value = this.get(object, field) ?? 0;
    const named = typeof value === "string" ? names?.get(value) : undefined;
    const integer = named ?? toInteger(value) ?? Number.NaN;
    if (!(integer >= -MAX_INT32 && integer < 2 * MAX_INT32)) this.fail(field, "there is no integer of 32 bits");
    return integer;
  }

  /** An integer of 64 bits, rounded beyond 2^53. */
  int64(object: JsonObject, field: JsonField): number {
    return toInteger(this.get(object, field) ?? 0) ?? this.fail(field, "there is no integer");
  }

  /** A number of items: an integer that is not negative. */
  count(object: JsonObject, field: JsonField): number {
    const count = this.int64(object, field);
    return count >= 0 ? count : this.fail(field, "there is no count");
  }

  counts(object: JsonObject, field: JsonField): number[] {
    return this.list(object, field).map((item) => {
      const count = toInteger(item);
      return count !== undefined && count >= 0 ? count : this.fail(field, "there is an item that is no count");
    });
  }

  double(object: JsonObject, field: JsonField): number {
    return toDouble(this.get(object, field) ?? 0) ?? this.fail(field, "there is no number");
  }

  doubles(object: JsonObject, field: JsonField): number[] {
    return this.list(object, field).map(
      (item) => toDouble(item) ?? this.fail(field, "there is an item that is no number"),
    );
  }

  instant(object: JsonObject, field: JsonField): JsonInstant {
    const value = this.get(object, field);
    return value === undefined ? ZERO : (toInstant(value) ?? this.fail(field, "there is no time in nanoseconds"));
  }

  /** An id of `size` bytes in hex; undefined for what is none, and for zeros. */
  id(object: JsonObject, field: JsonField, size: number): string | undefined {
    const id = this.text(object, field);
    if (id.length !== 2 * size || !/^[\da-f]+$/i.test(id) || /^0+$/.test(id)) return undefined;
    return id.toLowerCase();
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
