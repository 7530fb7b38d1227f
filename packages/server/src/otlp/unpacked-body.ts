// A body that came as gzip, unpacked: at once where it is small, else in another thread, and never further than the limit.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, gunzipSync } from "node:zlib";
import { freeBytes } from "./body-bytes.ts";

/** What is unpacked here and now: it takes less than a millisecond, and less than the way through another thread. */
const SMALL_PACKED = 32_768;
const SMALL_UNPACKED = 262_144;
/** The least that zlib takes for its output. */
const LEAST_CHUNK = 64;
/** Larger than what Node.js takes from a pool: a chunk has memory of its own. */
const CHUNK_BYTES = 65_536;

/** Unpacks a small body; undefined for one that is not, or does not say so. Throws what zlib throws for one that is no gzip. */
export function unpackSmall(packed: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const said = saidLength(packed);
  if (packed.byteLength > SMALL_PACKED || said > SMALL_UNPACKED) return undefined;
  try {
    // One more: full memory makes zlib look for what comes next in more of it.
    const room = Math.max(LEAST_CHUNK, said + 1);
    const unpacked = gunzipSync(packed, { chunkSize: room, maxOutputLength: Math.max(1, said) });
    return unpacked.buffer.byteLength === room ? unpacked : new Uint8Array(unpacked);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

/** What a gzip says that it unpacks to, in bytes: its last four (RFC 1952). One that is made of several says it of the last. */
function saidLength(packed: Uint8Array): number {
  if (packed.byteLength < 4) return 0;
  return new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(packed.byteLength - 4, true);
}

/**
 * Unpacks a body of at most `most` bytes, in two runs: the first says how many they are, so that the second has memory for exactly as many, once.
 * Rejects with what `tooLarge` makes for one of more, whatever is left of it; with what zlib throws for one that is no gzip; and with an AbortError.
 */
export async function unpack(
  packed: Uint8Array,
  most: number,
  tooLarge: () => Error,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  let length = 0;
  await forEachChunk(packed, signal, (chunk) => {
    length += chunk.byteLength;
    if (length > most) throw tooLarge();
  });
  const whole = new Uint8Array(length);
  let at = 0;
  await forEachChunk(packed, signal, (chunk) => {
    whole.set(chunk, at);
    at += chunk.byteLength;
  });
  return whole;
}

async function forEachChunk(
  packed: Uint8Array,
  signal: AbortSignal,
  visit: (chunk: Uint8Array) => void,
): Promise<void> {
  let last: Uint8Array | undefined;
  let refusal: { readonly error: unknown } | undefined;
  const visitAll = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      try {
        visit(chunk);
      } catch (error) {
        refusal = { error };
        throw error;
      }
      // The one before is written by nobody any more; into this one zlib may still be writing.
      if (last !== undefined && last.buffer !== chunk.buffer) freeBytes(last);
      last = chunk;
    }
  };
  try {
    await pipeline(Readable.from(copiedSlices(packed)), createGunzip({ chunkSize: CHUNK_BYTES }), visitAll, { signal });
  } catch (error) {
    // Node.js 22 tells of the streams that ended for it, and not of what ended them.
    throw refusal === undefined ? error : refusal.error;
  }
  // After an error zlib may go on for a while, with the last one.
  if (last !== undefined) freeBytes(last);
}

/** Slices that zlib may be reading for a while after all this has ended in an error: the body itself must not be held for that. */
function* copiedSlices(packed: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < packed.byteLength; at += CHUNK_BYTES)
    yield new Uint8Array(packed.subarray(at, at + CHUNK_BYTES));
}
