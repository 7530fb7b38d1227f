// A body that came as gzip, unpacked: at once where it is small, else in another thread, and never further than the limit.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, gunzipSync } from "node:zlib";
import { BodyBytes, freeBytes } from "./body-bytes.ts";

/** What is unpacked here and now: it takes less than a millisecond, and less than the way through another thread. */
const SMALL_PACKED = 32_768;
const SMALL_UNPACKED = 262_144;
/** Larger than what Node.js takes from a pool: a chunk has memory of its own. */
const CHUNK_BYTES = 65_536;

/** Unpacks a small body; undefined for one that is not. Throws what zlib throws for one that is no gzip. */
export function unpackSmall(packed: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (packed.byteLength > SMALL_PACKED) return undefined;
  try {
    // Into memory of its own: what zlib returns may be part of something larger.
    return new Uint8Array(gunzipSync(packed, { maxOutputLength: SMALL_UNPACKED }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

/**
 * Unpacks a body of at most `most` bytes. Rejects with what `tooLarge` makes for one of more, whatever is left of it; with what zlib throws for
 * one that is no gzip; and with an AbortError.
 */
export async function unpack(
  packed: Uint8Array,
  most: number,
  tooLarge: () => Error,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new BodyBytes(most, true);
  let last: Uint8Array | undefined;
  const collect = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      if (bytes.length + chunk.byteLength > most) throw tooLarge();
      bytes.add(chunk);
      // The one before is written by nobody any more; into this one zlib may still be writing.
      if (last !== undefined && last.buffer !== chunk.buffer) freeBytes(last);
      last = chunk;
    }
  };
  try {
    await pipeline(Readable.from([packed]), createGunzip({ chunkSize: CHUNK_BYTES }), collect, { signal });
    return bytes.takeWhole();
  } finally {
    bytes.release();
  }
}
