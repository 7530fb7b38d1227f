// The values that one label of one metric has taken, numbered: at most so many, the rest is `other`.
import { createRedactor } from "@tracebook/core";

/** The label value that stands for all values beyond a limit, and for what is no label value at all. */
export const OTHER = "other";
/** The number of {@link OTHER} in every dictionary. */
export const OTHER_ID = 0;

/** A label is shown to whoever may scrape: a secret that strayed into one must not be. */
const redactor = /* @__PURE__ */ createRedactor();

/** Longer label values are cut to this many UTF-16 code units. */
const MAX_LABEL_LENGTH = 128;

/** Numbers label values; knows at most `maxValues` besides `other`, whatever it is asked. */
export class LabelDictionary {
  readonly values: string[] = [OTHER];
  readonly #ids = new Map<string, number>([[OTHER, OTHER_ID]]);
  readonly #maxValues: number;
  readonly #onOverflow: () => void;

  constructor(maxValues: number, onOverflow: () => void) {
    this.#maxValues = maxValues;
    this.#onOverflow = onOverflow;
  }

  /** The number of a value, given a new one when there is room. Never throws. Cost: one map lookup for a known string. */
  idOf(value: unknown): number {
    if (typeof value === "string" && value.length <= MAX_LABEL_LENGTH) {
      const id = this.#ids.get(value);
      if (id !== undefined) return id;
    }
    return this.#intern(toLabelText(value));
  }

  #intern(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const clean = redactor.text(text);
    // Not remembered under its own text; the few who put secrets into labels pay for the search each time.
    if (clean !== text) return this.#intern(clean);
    if (this.values.length > this.#maxValues) {
      this.#onOverflow();
      return OTHER_ID;
    }
    const own = flatCopy(text);
    const id = this.values.push(own) - 1;
    this.#ids.set(own, id);
    return id;
  }
}

/** A label value as text: well-formed, at most {@link MAX_LABEL_LENGTH} code units; `other` for objects, functions and symbols. */
function toLabelText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.slice(0, MAX_LABEL_LENGTH).toWellFormed();
    case "number":
    case "boolean":
      return String(value);
    case "bigint":
      // Printing a huge one takes long: only those that fit are printed.
      return BigInt.asIntN(128, value) === value ? String(value) : OTHER;
    case "undefined":
      return "";
    default:
      return value === null ? "" : OTHER;
  }
}

/**
 * A string of its own: a piece cut from a frame would keep the whole frame in memory for as long as the label lives. As the key
 * of an object it is also unique in the engine, hence equal to literals by address.
 */
function flatCopy(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
}
