// Writes pieces of OTLP messages into one growing buffer: lengths, times, ids, strings, attributes.
import type { Attributes } from "@opentelemetry/api";

/** Up to this length a loop over the characters beats the call that copies a string. */
const LOOP_UNITS = 40;
/** Attribute names whose bytes are kept ready; a service has tens, an attack has millions. */
const MAX_KEYS = 1_024;
const TWO_32 = 2 ** 32;
const INT64_LIMIT = 2 ** 63;

/** A buffer that is written from its front and used again. Positions stay valid when it grows; `bytes` does not. */
export class OtlpWriter {
  length: number;
  bytes: Buffer;
  #view: DataView;
  readonly #keys = new Map<string, Uint8Array>();

  constructor(bytes: Buffer, length: number) {
    this.bytes = bytes;
    this.length = length;
    this.#view = viewOf(bytes);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    let size = this.bytes.length * 2;
    while (size < needed) size *= 2;
    const bytes = Buffer.allocUnsafeSlow(size);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.#view = viewOf(bytes);
  }

  /** Forgets what was written behind `length`. */
  rewind(length: number): void {
    this.length = length;
  }

  /** Goes on in another buffer, at `length`; the one before belongs to whoever has it. */
  begin(bytes: Buffer, length: number): void {
    this.bytes = bytes;
    this.length = length;
    this.#view = viewOf(bytes);
  }

  /** Appends bytes as they are. */
  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Puts 32-bit words, most significant byte first, at a place that was written before: an id. */
  putWord(at: number, word: number): void {
    this.#view.setInt32(at, word);
  }

  /**
   * Puts microseconds since 1970, `times[i]`, as nanoseconds, 64 bits, least significant byte first, at a place that was written
   * before. By its place, since a number that is handed over may be garbage.
   */
  putTime(at: number, times: Float64Array, i: number): void {
    const epochMicros = times[i]!;
    const low = (epochMicros % TWO_32) * 1_000;
    const carried = Math.floor(low / TWO_32);
    this.#view.setUint32(at, low - carried * TWO_32, true);
    this.#view.setUint32(at + 4, Math.floor(epochMicros / TWO_32) * 1_000 + carried, true);
  }

  /** Leaves room for the length of a message; returns the place to give to `endMessage`. */
  beginMessage(): number {
    this.reserve(2);
    this.length += 2;
    return this.length - 2;
  }

  /** Writes the length of the message that began at `at`, in as few bytes as it takes: most take the two that were left. */
  endMessage(at: number): void {
    const size = this.length - at - 2;
    const width = varintSize(size);
    if (width !== 2) {
      this.reserve(width);
      this.bytes.copyWithin(at + width, at + 2, this.length);
      this.length += width - 2;
    }
    putVarint(this.bytes, at, size);
  }

  /** Appends a field with a string as its `AnyValue`, under a one-byte tag. A lone surrogate becomes U+FFFD. */
  anyString(tag: number, text: string): void {
    const size = utf8Length(text);
    this.reserve(16 + size);
    this.bytes[this.length++] = tag;
    this.length = putVarint(this.bytes, this.length, 1 + varintSize(size) + size);
    this.bytes[this.length++] = 0x0a;
    this.length = putVarint(this.bytes, this.length, size);
    this.#text(text, size);
  }

  /** Appends attributes as repeated `KeyValue` under a one-byte tag, in the order of `for in`; they must be {@link arePlain}. */
  attributes(tag: number, attributes: Attributes): void {
    for (const name in attributes) {
      if (!Object.hasOwn(attributes, name)) continue;
      const value = attributes[name];
      if (typeof value === "string") this.textAttribute(tag, name, value);
      else if (typeof value === "number") this.numberAttribute(tag, name, value);
      else this.flagAttribute(tag, name, value === true);
    }
  }

  /** Appends one attribute; returns how many bytes its text takes, which are the last ones written. */
  textAttribute(tag: number, name: string, value: string): number {
    const size = utf8Length(value);
    this.#keyValue(tag, name, 1 + varintSize(size) + size);
    this.bytes[this.length++] = 0x0a;
    this.length = putVarint(this.bytes, this.length, size);
    this.#text(value, size);
    return size;
  }

  /** The same for a text in pieces, none of which ends within a surrogate pair. */
  piecesAttribute(tag: number, name: string, pieces: readonly string[]): number {
    let size = 0;
    for (let i = 0; i < pieces.length; i++) size += utf8Length(pieces[i]!);
    this.#keyValue(tag, name, 1 + varintSize(size) + size);
    this.bytes[this.length++] = 0x0a;
    this.length = putVarint(this.bytes, this.length, size);
    for (let i = 0; i < pieces.length; i++) this.#text(pieces[i]!, utf8Length(pieces[i]!));
    return size;
  }

  numberAttribute(tag: number, name: string, value: number): void {
    if (Number.isInteger(value) && value >= -INT64_LIMIT && value < INT64_LIMIT) {
      this.#keyValue(tag, name, 1 + int64Size(value));
      this.bytes[this.length++] = 0x18;
      this.length = putInt64(this.bytes, this.length, value);
      return;
    }
    this.#keyValue(tag, name, 9);
    this.bytes[this.length++] = 0x21;
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  flagAttribute(tag: number, name: string, value: boolean): void {
    this.#keyValue(tag, name, 2);
    this.bytes[this.length++] = 0x10;
    this.bytes[this.length++] = value ? 1 : 0;
  }

  /**
   * Puts a field with a string as its `AnyValue` in front of what was written from `at` on: `prefix`, and behind it, if there is
   * one, a text that was written as an attribute's (its `size` bytes begin at `from`).
   */
  insertAnyString(at: number, tag: number, prefix: Uint8Array, from: number, size: number): void {
    const text = prefix.length + size;
    const value = 1 + varintSize(text) + text;
    const field = 1 + varintSize(value) + value;
    this.reserve(field);
    const { bytes } = this;
    bytes.copyWithin(at + field, at, this.length);
    this.length += field;
    bytes[at] = tag;
    let to = putVarint(bytes, at + 1, value);
    bytes[to] = 0x0a;
    to = putVarint(bytes, to + 1, text);
    bytes.set(prefix, to);
    bytes.copyWithin(to + prefix.length, from + field, from + field + size);
  }

  /** Everything of a `KeyValue` but its `AnyValue`, for which `valueSize` bytes of room are made. */
  #keyValue(tag: number, name: string, valueSize: number): void {
    const key = this.#keys.get(name) ?? this.#prepareKey(name);
    const size = key.length + 1 + varintSize(valueSize) + valueSize;
    this.reserve(16 + size);
    const { bytes } = this;
    bytes[this.length++] = tag;
    this.length = putVarint(bytes, this.length, size);
    bytes.set(key, this.length);
    this.length += key.length;
    bytes[this.length++] = 0x12;
    this.length = putVarint(bytes, this.length, valueSize);
  }

  /** That many bytes of text; there is room for them. */
  #text(text: string, size: number): void {
    const { bytes } = this;
    const at = this.length;
    if (size !== text.length) bytes.write(text, at, size, "utf8");
    else if (size > LOOP_UNITS) bytes.write(text, at, size, "latin1");
    else for (let i = 0; i < size; i++) bytes[at + i] = text.charCodeAt(i);
    this.length = at + size;
  }

  #prepareKey(name: string): Uint8Array {
    const text = Buffer.from(name, "utf8");
    const key = Buffer.alloc(11 + text.length);
    key[0] = 0x0a;
    const at = putVarint(key, 1, text.length);
    text.copy(key, at);
    const prepared = Uint8Array.from(key.subarray(0, at + text.length));
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(name, prepared);
    return prepared;
  }
}

/** True when all values are strings, numbers or booleans: what {@link OtlpWriter} can write. */
export function arePlain(attributes: Attributes): boolean {
  for (const name in attributes) {
    const type = typeof attributes[name];
    if (type !== "string" && type !== "number" && type !== "boolean") return false;
  }
  return true;
}

/** How many bytes a string takes in UTF-8; its own length when all of it is ASCII. */
function utf8Length(text: string): number {
  if (text.length > LOOP_UNITS) return Buffer.byteLength(text, "utf8");
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return Buffer.byteLength(text, "utf8");
  return text.length;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** How many bytes a number from 0 to 2^53 takes as a varint. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Puts a number from 0 to 2^53 as a varint; returns the place behind it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest >= 128) {
    bytes[to++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[to++] = rest;
  return to;
}

function int64Size(value: number): number {
  // Negative numbers are their two's complement of 64 bits: always ten bytes.
  return value < 0 ? 10 : varintSize(value);
}

function putInt64(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) return putVarint(bytes, at, value);
  let rest = BigInt.asUintN(64, BigInt(value));
  let to = at;
  while (rest >= 128n) {
    bytes[to++] = Number(rest & 127n) | 128;
    rest >>= 7n;
  }
  bytes[to++] = Number(rest);
  return to;
}
