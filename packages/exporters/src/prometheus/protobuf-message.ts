// Protocol Buffers messages, written front to back: a message's length is put in front when its end is known.
import { putVarint, varintSize } from "../otlp-writer.ts";

/** Wire types (protobuf.dev, "Encoding"): a number, eight bytes, a length and bytes. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIRST_SIZE = 4_096;

/** One growing buffer of messages. Fields are numbered below 16 or, in two bytes, up to 2047. */
export class ProtobufMessage {
  length = 0;
  #bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #view = new DataView(this.#bytes.buffer);

  /** All that was written, for whoever takes it; what comes next goes into another buffer. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.length);
    this.#bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
    this.#view = new DataView(this.#bytes.buffer);
    this.length = 0;
    return taken;
  }

  /** Begins a message inside this one; returns what {@link end} wants. */
  begin(field: number): number {
    this.#tag(field, BYTES);
    return this.open();
  }

  /** Begins a message that is not a field of another. */
  open(): number {
    this.#reserve(1);
    // One byte is left for the length: most messages here are shorter than 128 bytes.
    return this.length++;
  }

  /** Ends the message that `begin` or `open` began. */
  end(at: number): void {
    const size = this.length - at - 1;
    const width = varintSize(size);
    if (width > 1) {
      this.#reserve(width);
      this.#bytes.copyWithin(at + width, at + 1, this.length);
      this.length += width - 1;
    }
    putVarint(this.#bytes, at, size);
  }

  /** A number from 0 to 2^53. */
  uint(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** A signed number below 2^52 either way, as `sint32` and `sint64` have it. */
  sint(field: number, value: number): void {
    this.uint(field, zigzag(value));
  }

  /** Signed numbers, packed. */
  sints(field: number, values: readonly number[]): void {
    const at = this.begin(field);
    for (const value of values) this.#varint(zigzag(value));
    this.end(at);
  }

  double(field: number, value: number): void {
    this.#tag(field, FIXED64);
    this.#reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Text as UTF-8; a lone surrogate becomes U+FFFD. */
  text(field: number, text: string): void {
    this.#tag(field, BYTES);
    const size = Buffer.byteLength(text, "utf8");
    this.#varint(size);
    this.#reserve(size);
    this.#bytes.write(text, this.length, size, "utf8");
    this.length += size;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    this.#reserve(10);
    this.length = putVarint(this.#bytes, this.length, value);
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, needed));
    bytes.set(this.#bytes.subarray(0, this.length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** Small numbers of either sign as small numbers: 0, -1, 1, -2 are 0, 1, 2, 3. Not by shifts: counts pass 2^31. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
