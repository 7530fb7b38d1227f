// Writes pieces of OTLP messages into one growing buffer: lengths, times, ids, strings, attributes.
import type { Attributes } from "@opentelemetry/api";

/** Up to this length a loop over the characters beats the call that copies a string. */
const LOOP_UNITS = 40;
/** Attribute names whose bytes are kept ready; a service has tens, an attack has millions. */
const MAX_KEYS = 1_024;
/** Values of so many characters are kept ready as well, once they came so often in a row. */
const KNOWN_UNITS = 64;
const KNOWN_STREAK = 4;
/** So many values of a name are made ready in vain before it is left: they are different each time. */
const KNOWN_TRIES = 16;
const TWO_32 = 2 ** 32;
const INT64_LIMIT = 2 ** 63;

/** A value of an attribute, with the bytes of the `KeyValue` behind its tag. */
interface KnownValue {
  readonly value: string | undefined;
  readonly bytes: Uint8Array;
  readonly textSize: number;
}

/** What is ready for attributes of a name. */
interface KnownName {
  /** The field of the key. */
  readonly key: Uint8Array;
  /** The two values that were made ready last: accepted and rejected, this instrument and the other. */
  recent: KnownValue;
  before: KnownValue;
  /** Of the last value that was not ready: a number, since a string may keep the much longer one alive that it was cut from. */
  print: number;
  streak: number;
  tries: number;
}

const NO_VALUE: KnownValue = Object.freeze({ value: undefined, bytes: new Uint8Array(0), textSize: 0 });

/** A buffer that is written from its front and used again. Positions stay valid when it grows; `bytes` does not. */
export class OtlpWriter {
  length: number;
  bytes: Buffer;
  #view: DataView;
  readonly #names = new Map<string, KnownName>();

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
    const known = this.#names.get(name) ?? this.#prepare(name);
    const { recent, before } = known;
    if (recent.value === value) return this.#putKnown(tag, known, recent);
    if (before.value === value) return this.#putKnown(tag, known, before);
    const start = this.length + 1;
    const size = this.#putText(tag, known, value);
    if (size <= KNOWN_UNITS && size === value.length) this.#learn(known, value, start);
    return size;
  }

  /** The same for a text in pieces, none of which ends within a surrogate pair. */
  piecesAttribute(tag: number, name: string, pieces: readonly string[]): number {
    const known = this.#names.get(name) ?? this.#prepare(name);
    let units = 0;
    for (let i = 0; i < pieces.length; i++) units += pieces[i]!.length;
    const start = this.length;
    // Most texts are ASCII: then the size is known before they are looked through.
    this.#keyValue(tag, known.key, 1 + varintSize(units) + units);
    this.bytes[this.length++] = 0x0a;
    this.length = putVarint(this.bytes, this.length, units);
    let isAscii = true;
    for (let i = 0; i < pieces.length && isAscii; i++) isAscii = this.#ascii(pieces[i]!);
    if (isAscii) return units;
    this.length = start;
    return this.#anyPieces(tag, known.key, pieces);
  }

  #anyPieces(tag: number, key: Uint8Array, pieces: readonly string[]): number {
    let size = 0;
    for (let i = 0; i < pieces.length; i++) size += utf8Length(pieces[i]!);
    this.#keyValue(tag, key, 1 + varintSize(size) + size);
    this.bytes[this.length++] = 0x0a;
    this.length = putVarint(this.bytes, this.length, size);
    for (let i = 0; i < pieces.length; i++) this.#text(pieces[i]!, utf8Length(pieces[i]!));
    return size;
  }

  numberAttribute(tag: number, name: string, value: number): void {
    const { key } = this.#names.get(name) ?? this.#prepare(name);
    if (Number.isInteger(value) && value >= -INT64_LIMIT && value < INT64_LIMIT) {
      this.#keyValue(tag, key, 1 + int64Size(value));
      this.bytes[this.length++] = 0x18;
      this.length = putInt64(this.bytes, this.length, value);
      return;
    }
    this.#keyValue(tag, key, 9);
    this.bytes[this.length++] = 0x21;
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  flagAttribute(tag: number, name: string, value: boolean): void {
    const { key } = this.#names.get(name) ?? this.#prepare(name);
    this.#keyValue(tag, key, 2);
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
  #keyValue(tag: number, key: Uint8Array, valueSize: number): void {
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

  /** Appends a text of ASCII; false, with part of it written, when it is none. There is room for a byte a character. */
  #ascii(text: string): boolean {
    const { bytes } = this;
    const at = this.length;
    const count = text.length;
    if (count > LOOP_UNITS && Buffer.byteLength(text, "utf8") !== count) return false;
    let seen = 0;
    if (count > LOOP_UNITS) bytes.write(text, at, count, "latin1");
    else
      for (let i = 0; i < count; i++) {
        const code = text.charCodeAt(i);
        seen |= code;
        bytes[at + i] = code;
      }
    this.length = at + count;
    return seen <= 0x7f;
  }

  #putKnown(tag: number, known: KnownName, { bytes, textSize }: KnownValue): number {
    known.tries = 0;
    this.reserve(1 + bytes.length);
    this.bytes[this.length++] = tag;
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return textSize;
  }

  #putText(tag: number, { key }: KnownName, value: string): number {
    const start = this.length;
    const units = value.length;
    this.#keyValue(tag, key, 1 + varintSize(units) + units);
    this.bytes[this.length++] = 0x0a;
    this.length = putVarint(this.bytes, this.length, units);
    if (this.#ascii(value)) return units;
    this.length = start;
    const size = utf8Length(value);
    this.#keyValue(tag, key, 1 + varintSize(size) + size);
    this.bytes[this.length++] = 0x0a;
    this.length = putVarint(this.bytes, this.length, size);
    this.#text(value, size);
    return size;
  }

  /** Makes a value ready that has just been written from `start` on, when it seems to come again and again. */
  #learn(known: KnownName, value: string, start: number): void {
    const print = printOf(value);
    known.streak = print === known.print ? known.streak + 1 : 1;
    known.print = print;
    if (known.streak < KNOWN_STREAK || known.tries >= KNOWN_TRIES) return;
    known.streak = 0;
    known.tries++;
    const size = value.length;
    known.before = known.recent;
    known.recent = {
      value: this.bytes.toString("latin1", this.length - size, this.length),
      bytes: Uint8Array.from(this.bytes.subarray(start, this.length)),
      textSize: size,
    };
  }

  #prepare(name: string): KnownName {
    const text = Buffer.from(name, "utf8");
    const key = Buffer.alloc(11 + text.length);
    key[0] = 0x0a;
    const at = putVarint(key, 1, text.length);
    text.copy(key, at);
    const known: KnownName = {
      key: Uint8Array.from(key.subarray(0, at + text.length)),
      recent: NO_VALUE,
      before: NO_VALUE,
      print: -1,
      streak: 0,
      tries: 0,
    };
    if (this.#names.size >= MAX_KEYS) this.#names.clear();
    this.#names.set(name, known);
    return known;
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

/** A number that texts which differ seldom share. */
function printOf(text: string): number {
  const { length } = text;
  if (length === 0) return 0;
  const ends = (text.charCodeAt(0) << 7) ^ (text.charCodeAt(length - 1) << 14);
  return (ends ^ (text.charCodeAt(length >> 1) << 21) ^ length) & 0x3fffffff;
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
