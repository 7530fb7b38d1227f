// Reads the wire format of Protocol Buffers (protobuf.dev, "Encoding"); which field means what is said by tables.
import type { HrTime } from "@opentelemetry/api";
import { OtlpDecodeError } from "./otlp-decode-error.ts";

/** Takes the value of a field from the reader, by exactly one of its methods, into the message that is being made. */
type FieldReader<Draft> = (draft: Draft, wire: WireReader) => void;

/** The fields of a message that are of interest, by number; others are skipped. */
export type MessageTable<Draft> = Readonly<Record<number, FieldReader<Draft>>>;

/**
 * So many messages may lie within each other. C++ and Java stop at 100 and Go at 10,000; a value nested in maps takes three of them.
 * Reading as deep as this takes about a fifth of the default stack of Node.js.
 */
export const MAX_MESSAGE_DEPTH = 500;

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH_DELIMITED = 2;
const FOUR_BYTES = 5;
const MAX_VARINT_BYTES = 10;
const TWO_16 = 65_536;
const TWO_32 = 2 ** 32;
const NANOS = 1_000_000_000;

/** Reads bytes from front to back. All methods throw an {@link OtlpDecodeError} for what cannot be read. Takes time linear in the bytes. */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;
  /** Where the message that is being read ends. */
  #end: number;
  #depth = 0;
  #wireType = 0;
  // The varint that was read last, in two halves: as one number it would not be exact.
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#end = bytes.length;
  }

  /** Reads the fields of a message up to its end into `draft`, and returns that. */
  fields<Draft>(table: MessageTable<Draft>, draft: Draft): Draft {
    while (this.#at < this.#end) {
      const start = this.#at;
      this.#readVarint();
      const tag = this.#low;
      if (this.#high !== 0 || tag < 8) throw new OtlpDecodeError("malformed", `No field begins at byte ${start}.`);
      this.#wireType = tag & 7;
      const read = table[tag >>> 3];
      if (read === undefined) this.#skip();
      else read(draft, this);
    }
    return draft;
  }

  /** Reads a field that is a message into `draft`, and returns that. */
  message<Draft>(table: MessageTable<Draft>, draft: Draft): Draft {
    const outerEnd = this.#end;
    this.#end = this.#contentEnd();
    this.#depth++;
    if (this.#depth > MAX_MESSAGE_DEPTH)
      throw new OtlpDecodeError("too_deep", `More than ${MAX_MESSAGE_DEPTH} messages lie within each other.`);
    this.fields(table, draft);
    this.#depth--;
    this.#end = outerEnd;
    return draft;
  }

  /** `uint32`, `uint64`, an enum: the nearest number. */
  uint(): number {
    this.#expect(VARINT);
    this.#readVarint();
    return this.#high * TWO_32 + this.#low;
  }

  bool(): boolean {
    return this.uint() !== 0;
  }

  /** `int64`: the nearest number. */
  int64(): number {
    this.#expect(VARINT);
    this.#readVarint();
    return (this.#high | 0) * TWO_32 + this.#low;
  }

  /** `sint32`: zigzag. */
  sint32(): number {
    this.#expect(VARINT);
    this.#readVarint();
    return (this.#low >>> 1) ^ -(this.#low & 1);
  }

  fixed32(): number {
    this.#expect(FOUR_BYTES);
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** `fixed64`: the nearest number. */
  fixed64(): number {
    this.#expect(EIGHT_BYTES);
    return this.#eightBytes();
  }

  /** `sfixed64`: the nearest number. */
  sfixed64(): number {
    this.#expect(EIGHT_BYTES);
    const at = this.#advance(8);
    return this.#view.getInt32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  double(): number {
    this.#expect(EIGHT_BYTES);
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** `fixed64` as nanoseconds since 1970, exact. */
  time(): HrTime {
    this.#expect(EIGHT_BYTES);
    const at = this.#advance(8);
    // Long division with digits of 16 bits: no step leaves the integers that a number holds exactly.
    const high = this.#view.getUint32(at + 4, true);
    const middle = (high % NANOS) * TWO_16 + this.#view.getUint16(at + 2, true);
    const low = (middle % NANOS) * TWO_16 + this.#view.getUint16(at, true);
    const seconds = Math.floor(high / NANOS) * TWO_32 + Math.floor(middle / NANOS) * TWO_16 + Math.floor(low / NANOS);
    return [seconds, low % NANOS];
  }

  /** A string. What is no UTF-8 in it becomes U+FFFD. */
  string(): string {
    const end = this.#contentEnd();
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return text;
  }

  /** `bytes`, as a copy. */
  bytes(): Uint8Array {
    const end = this.#contentEnd();
    const copy = new Uint8Array(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return copy;
  }

  /** `bytes` in hexadecimal digits: an id. */
  hex(): string {
    const end = this.#contentEnd();
    const digits = this.#bytes.toString("hex", this.#at, end);
    this.#at = end;
    return digits;
  }

  /** `repeated double`, appended to `to`. */
  doubles(to: number[]): void {
    this.#repeated(EIGHT_BYTES, () => to.push(this.#view.getFloat64(this.#advance(8), true)));
  }

  /** `repeated fixed64`, appended to `to` as the nearest numbers. */
  fixed64s(to: number[]): void {
    this.#repeated(EIGHT_BYTES, () => to.push(this.#eightBytes()));
  }

  /** `repeated uint64`, appended to `to` as the nearest numbers. */
  uints(to: number[]): void {
    this.#repeated(VARINT, () => {
      this.#readVarint();
      to.push(this.#high * TWO_32 + this.#low);
    });
  }

  /** Numbers may be packed in one field, or come in a field each; a reader takes both ("Packed Repeated Fields"). */
  #repeated(wireType: number, readOne: () => void): void {
    if (this.#wireType === wireType) return readOne();
    const outerEnd = this.#end;
    this.#end = this.#contentEnd();
    while (this.#at < this.#end) readOne();
    this.#end = outerEnd;
  }

  #eightBytes(): number {
    const at = this.#advance(8);
    return this.#view.getUint32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  #skip(): void {
    if (this.#wireType === VARINT) this.#readVarint();
    else if (this.#wireType === EIGHT_BYTES) this.#advance(8);
    else if (this.#wireType === FOUR_BYTES) this.#advance(4);
    // The other wire types are groups, which OTLP has none of, and none at all.
    else this.#at = this.#contentEnd();
  }

  #expect(wireType: number): void {
    if (this.#wireType !== wireType)
      throw new OtlpDecodeError("malformed", `A field of wire type ${this.#wireType} ends before byte ${this.#at}.`);
  }

  /** Passes over `size` bytes; returns where they begin. */
  #advance(size: number): number {
    const at = this.#at;
    if (size > this.#end - at) throw this.#truncated();
    this.#at = at + size;
    return at;
  }

  /** Reads a length; returns the end of what has it. */
  #contentEnd(): number {
    this.#expect(LENGTH_DELIMITED);
    this.#readVarint();
    if (this.#high !== 0 || this.#low > this.#end - this.#at) throw this.#truncated();
    return this.#at + this.#low;
  }

  #readVarint(): void {
    let low = 0;
    let high = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      if (this.#at >= this.#end) throw this.#truncated();
      const byte = this.#bytes[this.#at++]!;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i > 4) high |= bits << (7 * i - 32);
      else {
        low |= bits << 28;
        high = bits >>> 4;
      }
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw new OtlpDecodeError("malformed", `A number before byte ${this.#at} has more than ten bytes.`);
  }

  #truncated(): OtlpDecodeError {
    return new OtlpDecodeError("truncated", `What begins before byte ${this.#at} goes on behind byte ${this.#end}.`);
  }
}
