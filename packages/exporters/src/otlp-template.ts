// A message that the stock serializer made once, with the places where ids and times are to be put in.

/** Words that stand for the ids in a specimen: no two alike, so that they are found again. */
export const SPECIMEN_WORDS: readonly number[] = Object.freeze([
  0x7b1d2c3e, 0x4f506172, 0x0394a5b6, 0x17d8e9fa, 0x2b3c4d5e, 0x6f718293, 0x34a6b7c8, 0x59eafb0d,
]);

/** The place of `words` (big-endian) in a message. Throws unless they are there exactly once. */
export function placeOfWords(message: Uint8Array, words: readonly number[]): number {
  const pattern = Buffer.alloc(words.length * 4);
  for (const [i, word] of words.entries()) pattern.writeInt32BE(word | 0, i * 4);
  return onlyPlace(message, pattern);
}

/** The place of a time, in microseconds since 1970, as OTLP writes it: 64-bit nanoseconds, least significant byte first. */
export function placeOfTime(message: Uint8Array, epochMicros: number): number {
  const pattern = Buffer.alloc(8);
  pattern.writeBigUInt64LE(BigInt(epochMicros) * 1_000n);
  return onlyPlace(message, pattern);
}

function onlyPlace(message: Uint8Array, pattern: Buffer): number {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  const at = bytes.indexOf(pattern);
  if (at < 0 || bytes.indexOf(pattern, at + 1) >= 0)
    throw new RangeError("a specimen is not in its message exactly once");
  return at;
}
