// Fields in the wire format of Protocol Buffers, written by hand.

/** A number from 0 to 2^53 as a varint. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** The beginning of a field. */
export function tag(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType);
}

/** A field with a length. */
export function delimited(number: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  return Buffer.concat([tag(number, 2), varint(bytes.length), bytes]);
}

/** The same field around the same field, `depth` times; the lengths are right. */
export function nested(numbers: readonly number[], depth: number, innermost: Uint8Array): Buffer {
  // From the inside out, without copying what is inside already: lengths first, then the heads in their order.
  const heads: Buffer[] = [];
  let size = innermost.length;
  for (let i = 0; i < depth * numbers.length; i++) {
    const head = Buffer.concat([tag(numbers[numbers.length - 1 - (i % numbers.length)]!, 2), varint(size)]);
    heads.push(head);
    size += head.length;
  }
  return Buffer.concat([...heads.reverse(), innermost]);
}
