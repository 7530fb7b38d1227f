// Objects with whatever names a sender gave.
import type { JsonValue } from "../store-input.ts";

/** What is kept of the fields of a nested object. */
const MAX_FIELDS = 4_096;
/** The field that says how many are missing. */
const DROPPED = "dropped_attributes";

/** An object that is being filled. */
export type MutableData = { [field: string]: JsonValue };

/** A nested object while it is read. */
export class DataObject {
  readonly data: MutableData = {};
  #count = 0;
  #dropped = 0;

  /** True when another field has no room; it is counted. */
  isFull(): boolean {
    if (this.#count < MAX_FIELDS) return false;
    this.#dropped++;
    return true;
  }

  add(field: string, value: JsonValue): void {
    this.#count++;
    setField(this.data, field, value);
  }

  /** The object, with the number of fields that it lacks. */
  toData(): MutableData {
    setDropped(this.data, this.#dropped);
    return this.data;
  }
}

/** Sets a field, whatever its name: `__proto__` is a name like any other. Of two with one name the last counts. */
export function setField(data: MutableData, field: string, value: JsonValue): void {
  if (field === "__proto__")
    Object.defineProperty(data, field, { value, enumerable: true, configurable: true, writable: true });
  else data[field] = value;
}

/** Says in the object how many fields it lacks, if any. */
export function setDropped(data: MutableData, count: number): void {
  if (count > 0) data[DROPPED] = count;
}
