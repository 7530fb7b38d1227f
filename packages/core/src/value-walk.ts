// Walks whatever a host passed, within limits, and tells a sink what to keep. Nothing the host does can make it throw.
import { escapedLength } from "./json-escapes.ts";
import type { Redactor } from "./redaction.ts";
import { isPlainSeed } from "./secret-keys.ts";
import { REDACTED } from "./secret-material.ts";
import { boundText, cutText, type ValueCounters, type ValueLimits } from "./value-limits.ts";
import { shapeOf, type ValueShape } from "./value-shape.ts";

/** Receives a value in document order. What arrives is bounded, redacted, and free of host objects. */
export interface ValueSink {
  /** A leaf that needs no escaping thought: null, true, false or a finite number. */
  plain(value: null | boolean | number): void;
  /** A string, whole as it is to be stored. */
  text(value: string): void;
  /** An array begins. */
  openList(): void;
  closeList(): void;
  /** An object begins. */
  openRecord(): void;
  closeRecord(): void;
  /** The next value is item `index` of the list (from 0). */
  item(index: number): void;
  /** The next value is property `name`, the `index`-th of the object (from 0). */
  name(name: string, index: number): void;
}

/** What a walk needs to know. */
export interface WalkContext {
  readonly redactor: Redactor;
  readonly limits: ValueLimits;
  readonly counters: ValueCounters;
}

/** What stands where reading a value threw. */
export const UNREADABLE = "[unreadable]";
/** The name under which an object says how many of its properties were cut. */
const CUT_NAME = "…";

// Kept back from the budget, so that marks and closing brackets of all open containers still fit.
const RESERVE_BYTES = 1024;
// A value is only begun with this much left; below it the container ends with a mark.
const LEAST_BYTES = 64;
/** The smallest budget of a walk: enough for a short leaf, or for a container that says that it was cut. */
export const LEAST_BUDGET_BYTES: number = RESERVE_BYTES + LEAST_BYTES;
// Shorter than any token, without a sign that could part a name from a value.
const SIMPLE_NAME = /^[\w.-]{1,19}$/;
// 16^3400, about 4,096 digits: converting larger integers takes quadratic time.
const BIGINT_LIMIT = 1n << 13_600n;

/**
 * Tells `sink` about `value`. At most `budgetBytes` (from {@link LEAST_BUDGET_BYTES} up) of JSON come of it.
 *
 * May throw only when the stack is exhausted or the sink throws; the caller then discards what the sink has.
 */
export function walkValue(value: unknown, sink: ValueSink, context: WalkContext, budgetBytes: number): void {
  new Walk(sink, context, budgetBytes - RESERVE_BYTES).value(value, undefined);
}

class Walk {
  readonly #sink: ValueSink;
  readonly #redactor: Redactor;
  readonly #limits: ValueLimits;
  readonly #counters: ValueCounters;
  readonly #path: object[] = [];
  #left: number;

  constructor(sink: ValueSink, context: WalkContext, budgetBytes: number) {
    this.#sink = sink;
    this.#redactor = context.redactor;
    this.#limits = context.limits;
    this.#counters = context.counters;
    this.#left = budgetBytes;
  }

  /** `key` is the name the value stands under, also through arrays: it decides what counts as a secret. */
  value(value: unknown, key: string | undefined): void {
    switch (typeof value) {
      case "string":
        return this.#text(value, key);
      case "number":
        return this.#number(value);
      case "boolean":
        return this.#plain(value, 5);
      case "bigint":
        return this.#text(value < BIGINT_LIMIT && value > -BIGINT_LIMIT ? String(value) : "[huge bigint]", key);
      case "symbol":
        return this.#text(String(value), key);
      case "object":
        return value === null ? this.#plain(null, 4) : this.#object(value, key);
      case "function":
        return this.#object(value, key);
      default:
        return this.#plain(null, 4);
    }
  }

  #plain(value: null | boolean | number, bytes: number): void {
    this.#left -= bytes;
    this.#sink.plain(value);
  }

  #number(value: number): void {
    // NaN and the infinities are kept as text: JSON has no number for them, and null would hide what happened.
    if (!Number.isFinite(value)) return this.#mark(String(value));
    // -0 reads like 0 in every JSON reader but ours: keep one of the two.
    this.#plain(value === 0 ? 0 : value, 24);
  }

  /** A text of our own, without secrets. */
  #mark(text: string): void {
    this.#left -= text.length + 8;
    this.#sink.text(text);
  }

  #text(text: string, key: string | undefined): void {
    const room = Math.min(this.#limits.stringBytes, Math.max(this.#left, LEAST_BYTES));
    let bounded = boundText(text, key, room, this.#redactor, this.#counters);
    let bytes = escapedLength(bounded) + 2;
    if (bytes > this.#left && bytes > LEAST_BYTES) {
      // Escapes made it longer than what is left; six bytes is the longest escape.
      bounded = cutText(bounded, Math.max(Math.floor(this.#left / 6), LEAST_BYTES), this.#counters);
      bytes = escapedLength(bounded) + 2;
    }
    this.#left -= bytes;
    this.#sink.text(bounded);
  }

  #object(value: object, key: string | undefined): void {
    if (this.#path.includes(value)) return this.#mark("[circular]");
    let shape: ValueShape;
    try {
      shape = shapeOf(value, this.#limits.items);
    } catch {
      return this.#mark(UNREADABLE);
    }
    // A leaf that is an object again (a boxed value of a hostile class) is not followed.
    if (shape.kind === "leaf")
      return typeof shape.value === "object" && shape.value !== null
        ? this.#mark(UNREADABLE)
        : this.value(shape.value, key);
    if (this.#path.length >= this.#limits.depth) {
      this.#counters.truncated++;
      return this.#mark("[depth]");
    }
    this.#path.push(value);
    if (shape.kind === "list") this.#list(shape, key);
    else this.#record(shape);
    this.#path.pop();
  }

  #list(shape: ValueShape & { kind: "list" }, key: string | undefined): void {
    this.#left -= 2;
    this.#sink.openList();
    let before: unknown;
    for (let i = 0; i < shape.length; i++) {
      this.#left -= 1;
      this.#sink.item(i);
      if (i >= this.#limits.items || this.#left < LEAST_BYTES) {
        this.#counters.truncated++;
        this.#mark(`${CUT_NAME}[cut ${shape.length - i}]`);
        break;
      }
      const item = read(shape, i);
      // Raw header lists and entries: the value follows its name.
      if (
        i % 2 === 1 &&
        typeof before === "string" &&
        typeof item === "string" &&
        this.#isSecretName(before, shape.length)
      )
        this.#secret();
      else this.value(item, key);
      before = item;
    }
    this.#sink.closeList();
  }

  #isSecretName(name: string, length: number): boolean {
    return (
      name.length <= 64 && (length === 2 || this.#redactor.isSecretHeader(name)) && this.#redactor.isSecretKey(name)
    );
  }

  #record(shape: ValueShape & { kind: "record" }): void {
    this.#left -= 2;
    this.#sink.openRecord();
    let written = 0;
    for (let i = 0; i < shape.count; i++) {
      if (
        written >= this.#limits.items ||
        i >= shape.names.length ||
        this.#left < LEAST_BYTES + this.#limits.keyBytes
      ) {
        this.#counters.truncated++;
        this.#sink.name(CUT_NAME, written);
        this.#mark(`[cut ${shape.count - i}]`);
        break;
      }
      const name = shape.names[i] as string;
      const item = read(shape, i);
      if (item === undefined) continue;
      this.#name(name, written++);
      if (this.#isSecret(shape, name, item)) this.#secret();
      else this.value(item, name);
    }
    this.#sink.closeRecord();
  }

  #name(name: string, index: number): void {
    let bounded = name;
    let bytes = name.length;
    // Nearly all names are short words: nothing in them to redact, cut or escape.
    if (!SIMPLE_NAME.test(name)) {
      bounded = boundText(name, undefined, this.#limits.keyBytes, this.#redactor, this.#counters);
      if (escapedLength(bounded) > 2 * this.#limits.keyBytes) bounded = cutText(bounded, LEAST_BYTES, this.#counters);
      bytes = escapedLength(bounded);
    }
    this.#left -= bytes + 4;
    this.#sink.name(bounded, index);
  }

  #isSecret(shape: ValueShape & { kind: "record" }, name: string, item: unknown): boolean {
    // A flag says that there is a secret, not what it is.
    if (item === null || typeof item === "boolean" || item === "" || isPlainSeed(name, item)) return false;
    if (this.#redactor.isSecretKey(name)) return true;
    return name === "value" && typeof item === "string" && this.#isSecretPair(shape);
  }

  /** `{name: "X-MBX-APIKEY", value: "..."}`, as recorded requests spell headers. */
  #isSecretPair(shape: ValueShape & { kind: "record" }): boolean {
    const i = shape.names.findIndex((name) => name === "name" || name === "key");
    const label = i < 0 ? undefined : read(shape, i);
    return typeof label === "string" && label.length <= 64 && this.#redactor.isSecretKey(label);
  }

  #secret(): void {
    this.#counters.redacted++;
    this.#mark(REDACTED);
  }
}

function read(shape: { at(i: number): unknown }, i: number): unknown {
  try {
    return shape.at(i);
  } catch {
    return UNREADABLE;
  }
}
