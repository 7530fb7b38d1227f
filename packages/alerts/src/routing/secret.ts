// A secret that cannot be printed by accident.
import { inspect } from "node:util";

const HIDDEN = "***";

/** A text that shows as `***` in JSON, templates, logs and inspections; only `reveal()` gives it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
