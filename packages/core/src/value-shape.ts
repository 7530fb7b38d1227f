// What kind of thing a host passed: a leaf, a list or a record of named values, whatever its class.

/** How a value is walked. `at(i)` may run host code and throw; the rest was read already. */
export type ValueShape =
  | { readonly kind: "leaf"; readonly value: unknown }
  | { readonly kind: "list"; readonly length: number; at(i: number): unknown }
  | { readonly kind: "record"; readonly count: number; readonly names: readonly string[]; at(i: number): unknown };

/**
 * Looks at an object without trusting it.
 *
 * Dates become ISO text (null when invalid), maps, headers and search parameters records, sets lists, errors records of name, message,
 * stack, code, cause and their own fields, raw bytes only their length (they may be key material that no pattern finds), typed arrays
 * lists, boxed primitives what they box, functions `[function name]`; what has a `toJSON` is what that returns, asked once. Throws whatever
 * the object throws. `items` bounds how much of an iterable is read.
 */
export function shapeOf(value: object, items: number): ValueShape {
  if (typeof value === "function") return leaf(`[function ${String(value.name).slice(0, 64) || "anonymous"}]`);
  if (Array.isArray(value)) return { kind: "list", length: value.length, at: (i) => value[i] };
  const prototype: unknown = Object.getPrototypeOf(value);
  // Most values are plain objects: they are none of the classes asked for below.
  if (prototype !== Object.prototype && prototype !== null) {
    if (value instanceof Error) return errorShape(value);
    const known = builtinShape(value, items);
    if (known !== undefined) return known;
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") {
    const json: unknown = Reflect.apply(toJSON, value, [""]);
    if (typeof json !== "object" || json === null) return leaf(json);
    // Not asked again: an object whose toJSON returns another one with a toJSON would never end.
    if (json !== value) return Array.isArray(json) ? shapeOf(json, items) : recordShape(json, Object.keys(json));
  }
  return recordShape(value, Object.keys(value));
}

function leaf(value: unknown): ValueShape {
  return { kind: "leaf", value };
}

function recordShape(value: object, names: readonly string[]): ValueShape {
  return {
    kind: "record",
    count: names.length,
    names,
    at: (i) => (value as Record<string, unknown>)[names[i] as string],
  };
}

function builtinShape(value: object, items: number): ValueShape | undefined {
  if (value instanceof Date) return leaf(dateText(value));
  // The built-in method on a map that only claims to be one throws here, before anything is written.
  if (value instanceof Map) return entriesShape(Map.prototype.entries.call(value), value.size, items);
  if (value instanceof Set) return listShape(Set.prototype.values.call(value), value.size, items);
  if (ArrayBuffer.isView(value)) return viewShape(value);
  if (value instanceof ArrayBuffer) return leaf(`[${value.byteLength} bytes]`);
  if (value instanceof RegExp) return leaf(RegExp.prototype.toString.call(value));
  if (value instanceof Promise) return leaf("[promise]");
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return leaf(value.valueOf());
  if (value instanceof BigInt || value instanceof Symbol) return leaf(value.valueOf());
  if (typeof Headers === "function" && value instanceof Headers) return entriesShape(value.entries(), undefined, items);
  if (typeof URLSearchParams === "function" && value instanceof URLSearchParams) {
    return entriesShape(value.entries(), value.size, items);
  }
  return undefined;
}

/** ISO 8601 of a date, or null when it is invalid. */
function dateText(date: Date): string | null {
  const milliseconds = Date.prototype.getTime.call(date);
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString();
}

function viewShape(view: ArrayBufferView): ValueShape {
  if (view instanceof DataView || view instanceof Uint8Array || view instanceof Uint8ClampedArray) {
    return leaf(`[${view.byteLength} bytes]`);
  }
  const numbers = view as unknown as ArrayLike<unknown>;
  return { kind: "list", length: numbers.length, at: (i) => numbers[i] };
}

function listShape(source: Iterator<unknown>, size: unknown, items: number): ValueShape {
  const values: unknown[] = [];
  for (let next = source.next(); !next.done && values.length <= items; next = source.next()) values.push(next.value);
  return { kind: "list", length: countOf(size, values.length), at: (i) => values[i] };
}

/** How many there are, of which `read` were read; a subclass may claim any size. */
function countOf(size: unknown, read: number): number {
  return typeof size === "number" && size > read ? size : read;
}

function entriesShape(source: Iterator<readonly [unknown, unknown]>, size: unknown, items: number): ValueShape {
  const names: string[] = [];
  const values: unknown[] = [];
  for (let next = source.next(); !next.done && names.length <= items; next = source.next()) {
    const [key, value] = next.value;
    names.push(typeof key === "object" || typeof key === "function" ? `[key ${names.length}]` : String(key));
    values.push(value);
  }
  return { kind: "record", count: countOf(size, names.length), names, at: (i) => values[i] };
}

const ERROR_FIELDS = ["name", "message", "stack", "code", "cause", "errors"];

function errorShape(error: Error): ValueShape {
  const own = Object.keys(error).filter((name) => !ERROR_FIELDS.includes(name));
  return recordShape(error, [...ERROR_FIELDS.filter((name) => name in error), ...own]);
}
