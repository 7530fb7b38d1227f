// Reads the fields of a protobuf message, as far as is needed to take apart what the stock serializer made.

/** One field of a message. Offsets count from the beginning of the array it was read from. */
export interface OtlpField {
  readonly number: number;
  /** Where its tag begins. */
  readonly start: number;
  /** Where its content begins: behind the tag, and behind the length where it has one. */
  readonly content: number;
  /** The first byte behind it. */
  readonly end: number;
}

/** The fields of the message that lies in `bytes` from `from` to before `to`, in their order. Throws for what is none. */
export function otlpFields(bytes: Uint8Array, from: number, to: number): OtlpField[] {
  const fields: OtlpField[] = [];
  let at = from;
  while (at < to) {
    const start = at;
    const tag = readVarint(bytes, at);
    const length = contentLength(bytes, tag.value & 7, tag.end);
    const content = length.from;
    at = length.to;
    if (at > to) throw new RangeError(`a field of ${at - content} bytes ends behind its message`);
    fields.push({ number: tag.value >>> 3, start, content, end: at });
  }
  return fields;
}

/** The only field of that number; throws when there is none or more than one. */
export function onlyField(fields: readonly OtlpField[], number: number): OtlpField {
  const [field, ...more] = fields.filter((one) => one.number === number);
  if (field === undefined || more.length > 0)
    throw new RangeError(`field ${number} is there ${more.length} times more`);
  return field;
}

function contentLength(bytes: Uint8Array, wireType: number, at: number): { from: number; to: number } {
  // Protocol Buffers, "Encoding": 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.
  if (wireType === 0) return { from: at, to: readVarint(bytes, at).end };
  if (wireType === 1) return { from: at, to: at + 8 };
  if (wireType === 5) return { from: at, to: at + 4 };
  if (wireType !== 2) throw new RangeError(`wire type ${wireType} is not used by OTLP`);
  const length = readVarint(bytes, at);
  return { from: length.end, to: length.end + length.value };
}

function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    // Above 2^53 it is a count or a value that nobody asks for here.
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  throw new RangeError("a number does not end");
}
