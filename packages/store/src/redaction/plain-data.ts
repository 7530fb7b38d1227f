// The quick look: most data needs neither redacting nor cutting, and what our own services send has been redacted already.
import type { Redactor } from "@tracebook/core";
import type { EventData, JsonValue } from "../store-input.ts";
import { holdsPhrase } from "./phrase-list.ts";

/** A UTF-16 unit is three bytes of UTF-8 at most, and six of JSON (`\u001f`). */
const UTF8_BYTES = 3;
const JSON_BYTES = 6;
/** What `boundValue` keeps back for marks and brackets, and then some. */
const RESERVE_BYTES = 1_536;
/** The limits of `boundValue`. */
const STRING_BYTES = 4_096;
const NAME_UNITS = 85;
const MAX_ITEMS = 256;
const MAX_DEPTH = 8;
/** What a name and a value take beside their own units. */
const FIELD_UNITS = 4;
/** Whether it is key material is asked of longer texts only, and only under names that are suspicious. */
const LEAST_MATERIAL = 24;
/** Names that are known; they are few unless somebody makes them up. */
const MAX_KNOWN = 4_096;

/**
 * Says of data that nothing in it is a secret and nothing too long. It errs on one side only: what it does not call plain is left to
 * `boundValue` of core, which knows; what it calls plain, `boundValue` would give back as it is (plain-data.prop.test.ts).
 */
export class PlainData {
  readonly #redactor: Redactor;
  /** Whether a name is plain: it holds no secret, and announces none. */
  readonly #names = new Map<string, boolean>();
  #unitsLeft = 0;
  #textUnits = 0;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** True for data that may be stored as it is. Cost: some 50 ns a value. */
  isPlain(data: EventData, eventBytes: number, stringBytes: number = STRING_BYTES): boolean {
    this.#unitsLeft = (eventBytes - RESERVE_BYTES) / JSON_BYTES;
    this.#textUnits = stringBytes / UTF8_BYTES;
    return this.#isPlainRecord(data, MAX_DEPTH);
  }

  #isPlainRecord(record: { readonly [name: string]: JsonValue }, depth: number): boolean {
    if (depth === 0) return false;
    let count = 0;
    for (const name in record) {
      this.#unitsLeft -= name.length + FIELD_UNITS;
      if (++count > MAX_ITEMS || !this.#isPlainName(name)) return false;
      if (!this.#isPlainValue(name, record[name]!, depth - 1)) return false;
    }
    return this.#unitsLeft > 0;
  }

  #isPlainValue(name: string, value: JsonValue, depth: number): boolean {
    if (typeof value === "string") return this.#isPlainText(name, value);
    if (typeof value !== "object" || value === null) {
      this.#unitsLeft -= LEAST_MATERIAL;
      return true;
    }
    return Array.isArray(value)
      ? this.#isPlainList(name, value, depth)
      : this.#isPlainRecord(value as EventData, depth);
  }

  #isPlainList(name: string, list: readonly JsonValue[], depth: number): boolean {
    if (depth === 0 || list.length > MAX_ITEMS || holdsPhrase(list, this.#redactor)) return false;
    for (const item of list) {
      this.#unitsLeft -= FIELD_UNITS;
      if (!this.#isPlainValue(name, item, depth - 1)) return false;
      // A list may be one of headers, in which the name of a secret stands before it.
      if (typeof item === "string" && this.#redactor.isSecretKey(item)) return false;
    }
    return this.#unitsLeft > 0;
  }

  #isPlainText(name: string, text: string): boolean {
    const { length } = text;
    this.#unitsLeft -= length;
    if (length > this.#textUnits || !text.isWellFormed()) return false;
    return (length < LEAST_MATERIAL ? this.#redactor.text(text) : this.#redactor.textUnder(name, text)) === text;
  }

  /** `value` is none: `{ name: "Cookie", value: "..." }` is how recorded requests spell headers. */
  #isPlainName(name: string): boolean {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const isPlain =
      name !== "value" &&
      name.length <= NAME_UNITS &&
      name.isWellFormed() &&
      !this.#redactor.isSecretKey(name) &&
      this.#redactor.text(name) === name;
    if (this.#names.size >= MAX_KNOWN) this.#names.clear();
    this.#names.set(name, isPlain);
    return isPlain;
  }
}
