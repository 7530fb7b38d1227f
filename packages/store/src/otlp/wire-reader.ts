// Reads the scalars of protobuf: tags, varints, fixed numbers, texts, ids. Never reads outside of the body.
import type { AttributeName } from "./attribute-name.ts";
import { toMicros, toNanosRest } from "./instant.ts";
import type { Place } from "./item-list.ts";
import { OtlpError } from "./otlp-error.ts";
import { cutText, MAX_TEXT_UNITS } from "./text-limit.ts";
import { WireTexts } from "./wire-texts.ts";

/** More than the longest text that is kept can have: three bytes are at least one UTF-16 unit. */
const MAX_TEXT_BYTES = 4 * MAX_TEXT_UNITS;
const MAX_VARINT_BYTES = 10;
const TWO_32 = 2 ** 32;

/**
 * A place in a body. Whoever reads a message calls `tag` while `at` is before its end, reads or skips what follows, and calls `close`
 * at the end: a field that ends behind its message is found there at the latest.
 */
export class WireReader implements Place {
  readonly bytes: Buffer;
  at = 0;
  /** The nanoseconds below the microsecond of the last instant that was read. */
  nanosRest = 0;
  readonly #view: DataView;
  readonly #texts: WireTexts;
  /** The words of the last varint. */
  #low = 0;
  #high = 0;

  constructor(body: Uint8Array) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
    this.#view = new DataView(body.buffer, body.byteOffset, body.length);
    this.#texts = new WireTexts(this.bytes, this.#view);
  }

  here(): string {
    return `before byte ${this.at}`;
  }

  fail(at: number, what: string): never {
    throw new OtlpError("malformed_otlp", `The body is no OTLP in protobuf: ${what} at byte ${at}.`);
  }

  /** The number of the next field times 8, and its wire type. */
  tag(): number {
    const start = this.at;
    const byte = this.bytes[start]!;
    if (byte >= 8 && byte < 0x80) {
      this.at = start + 1;
      return byte;
    }
    this.#varint();
    if (this.#high !== 0 || this.#low < 8) this.fail(start, "a field has a number that there is not");
    return this.#low;
  }

  /** Enters what has a length, in a message that ends at `end`; returns where it ends. */
  enter(end: number): number {
    const start = this.at;
    const byte = this.bytes[start]!;
    let length = byte;
    if (byte < 0x80) this.at = start + 1;
    else {
      this.#varint();
      length = this.#high * TWO_32 + this.#low;
    }
    if (this.at + length > end) this.fail(start, "a field goes on behind the end of its message");
    return this.at + length;
  }

  /** Ends a message that ended at `end`. */
  close(end: number): void {
    if (this.at !== end) this.fail(end, "a message ends within a field");
  }

  /** Passes over the content of a field that nobody asked for. */
  skip(tag: number, end: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.at = this.enter(end);
    else if (wireType === 5) this.#take(4);
    else this.fail(this.at, `a field of wire type ${wireType}, which OTLP does not have,`);
  }

  /** A varint of at most 32 bits, negative where its sign says so; of a longer one the lower half. */
  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  /** The same without a sign. */
  uint32(): number {
    this.#varint();
    return this.#low;
  }

  /** A varint of 32 bits in zigzag coding. */
  sint32(): number {
    this.#varint();
    return (this.#low >>> 1) ^ -(this.#low & 1);
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** A varint that counts: rounded beyond 2^53. */
  uint64(): number {
    this.#varint();
    return this.#high * TWO_32 + this.#low;
  }

  /** A signed varint of 64 bits: as text beyond 2^53. */
  int64(): number | string {
    this.#varint();
    const high = this.#high | 0;
    const value = high * TWO_32 + this.#low;
    return Number.isSafeInteger(value) ? value : String((BigInt(high) << 32n) | BigInt(this.#low));
  }

  /** Eight bytes that count: rounded beyond 2^53. */
  fixed64(): number {
    const at = this.#take(8);
    return this.#view.getUint32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  /** The same with a sign. */
  sfixed64(): number {
    const at = this.#take(8);
    return this.#view.getInt32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Microseconds of an instant in nanoseconds; the rest is in `nanosRest`. */
  instant(): number {
    const at = this.#take(8);
    const low = this.#view.getUint32(at, true);
    const high = this.#view.getUint32(at + 4, true);
    this.nanosRest = toNanosRest(high, low);
    return toMicros(high, low);
  }

  /** A text, cut where it is too long. */
  text(end: number): string {
    const stop = this.enter(end);
    const from = this.at;
    this.at = stop;
    return cutText(this.#texts.text(from, Math.min(stop, from + MAX_TEXT_BYTES)), MAX_TEXT_UNITS);
  }

  attributeName(end: number): AttributeName {
    const stop = this.enter(end);
    const from = this.at;
    this.at = stop;
    return this.#texts.name(from, Math.min(stop, from + MAX_TEXT_BYTES));
  }

  base64(end: number): string {
    const stop = this.enter(end);
    const text = this.bytes.toString("base64", this.at, Math.min(stop, this.at + MAX_TEXT_UNITS));
    this.at = stop;
    return cutText(text, MAX_TEXT_UNITS);
  }

  /** An id of `size` bytes as hex; undefined for one of another length, and for zeros. */
  id(end: number, size: number): string | undefined {
    const stop = this.enter(end);
    const from = this.at;
    this.at = stop;
    if (stop - from !== size) return undefined;
    for (let at = from; at < stop; at++) if (this.bytes[at] !== 0) return this.bytes.toString("hex", from, stop);
    return undefined;
  }

  /** Takes `size` bytes; returns where they begin. */
  #take(size: number): number {
    const from = this.at;
    if (from + size > this.bytes.length) this.fail(from, "the body ends within a number");
    this.at = from + size;
    return from;
  }

  #varint(): void {
    const start = this.at;
    let low = 0;
    let high = 0;
    for (let i = 0; i < MAX_VARINT_BYTES && start + i < this.bytes.length; i++) {
      const byte = this.bytes[start + i]!;
      const bits = byte & 0x7f;
      // Seven bits each: the fifth byte belongs to both words.
      if (i < 5) low |= bits << (7 * i);
      if (i === 4) high = bits >>> 4;
      if (i > 4) high |= bits << (7 * i - 32);
      if (byte >= 0x80) continue;
      this.at = start + i + 1;
      this.#low = low >>> 0;
      this.#high = high >>> 0;
      return;
    }
    this.fail(start, "a number that does not end");
  }
}
